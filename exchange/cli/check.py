"""`hub check`: a file is checked and nothing is delivered; no site is needed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.models import Feed
from catalog.rule_tables import rule_reference
from connectors.formats import FileReader
from exchange.cli.check_report import show_json, show_text
from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.errors import ConfigError
from exchange.flows.check import origins
from exchange.flows.check_file import Delivery, FileCheck, check_as_it_is, check_delivery
from exchange.model.format import FormatSpec
from exchange.model.times import SHANGHAI
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.text import Text
from exchange.validation.reference import JsonschemaVerdicts
from exchange.wiring import catalog_of, load

KINDS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "excel", ".xls": "excel", ".xml": "xml"}
KINDS |= dict.fromkeys((".json", ".jsonl", ".ndjson"), "json")


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, format_at = home_option(speech), format_option(speech)

    @app.command(
        "check",
        cls=command,
        help=word(
            "检查一个文件，不报送。没有退回的行时返回 0，有时返回 1，文件或模式无法读取时返回 2。",
            "Check a file and deliver nothing; 0 when no row is rejected, 1 when some are, 2 when it cannot be read.",
        ),
    )
    def check(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=word("要检查的文件", "The file to check"))],
        dataset: Annotated[str, typer.Option(help=word("数据集，如 case_basic", "Dataset, as case_basic"))] = "",
        source: Annotated[str, typer.Option(help=word("按站点中此来源的约定检查", "By this source's contract"))] = "",
        schema: Annotated[
            Path | None,
            typer.Option(
                help=word("按此 JSON Schema 检查原样的列，不作修正", "Check the columns as they are by a schema")
            ),
        ] = None,
        output: OutputFormat = format_at,
        slip: Annotated[Path | None, typer.Option(help=word("把整改单写到此文件", "Write the error slip here"))] = None,
        home: Path | None = home_at,
    ) -> int:
        with ExitStack() as stack:
            with speech.aside.status(word("正在检查…", "Checking …")):
                done = stack.enter_context(_checked(file, dataset, source, schema, home))
            (show_json if output is OutputFormat.JSON else show_text)(speech, done)
            if slip is not None and done.summary.refused is None:
                _write_slip(done, file, slip)
        if done.summary.refused is not None:
            return 2
        return 1 if done.summary.rejected else 0


def _checked(
    file: Path, dataset: str, source: str, schema: Path | None, home: Path | None
) -> AbstractContextManager[FileCheck]:
    if not file.is_file():
        raise ConfigError(Text(f"没有文件 {file}。", f"There is no file {file}."))
    if schema is not None:
        return check_as_it_is(FileReader(), file, _spec(file), read_schema(schema))
    if not dataset:
        raise ConfigError(
            Text(
                "请用 --dataset 指明数据集，或用 --schema 指明模式文件。",
                "Name a dataset (--dataset) or a schema (--schema).",
            )
        )
    if source:
        return _by_contract(file, dataset, source, home)
    catalog = catalog_of(read_settings(home))
    wanted = catalog.datasets.get(dataset)
    judge = JsonschemaVerdicts(wanted.schema, {table.id: table.codes for table in catalog.code_tables.values()})
    return check_delivery(FileReader(), Delivery(file, _spec(file)), wanted, judge, rule_reference(catalog))


def _by_contract(file: Path, dataset: str, source: str, home: Path | None) -> AbstractContextManager[FileCheck]:
    catalog, site = load(read_settings(home))
    feeds: Iterator[Feed] = (
        feed
        for node in site.nodes
        for contract in node.sources
        if contract.id == source
        for feed in contract.feeds
        if feed.dataset == dataset
    )
    feed = next(feeds, None)
    if feed is None:
        raise ConfigError(
            Text(
                f"站点中没有报送 {dataset} 的来源 {source}。", f"The site has no source {source} that sends {dataset}."
            )
        )
    wanted = catalog.datasets.get(dataset, feed.revision)
    mapping = origins(feed.mapping)
    judge = JsonschemaVerdicts(wanted.schema, {table.id: table.codes for table in catalog.code_tables.values()})
    delivery = Delivery(file, feed.format.spec(), mapping, feed.codes)
    return check_delivery(FileReader(), delivery, wanted, judge, rule_reference(catalog))


def read_schema(path: Path) -> Mapping[str, Any]:
    """A JSON Schema file; ConfigError when it cannot be read or is no JSON object."""
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConfigError(
            Text(f"模式文件 {path} 无法读取：{error}", f"The schema {path} cannot be read: {error}")
        ) from error
    if not isinstance(schema, dict):
        raise ConfigError(Text(f"模式文件 {path} 不是 JSON 对象。", f"The schema {path} is no JSON object."))
    return schema


def _spec(file: Path) -> FormatSpec:
    """The format by the file's ending; ConfigError when it says nothing."""
    ending = file.suffix.lower()
    if ending not in KINDS:
        raise ConfigError(
            Text(
                f"无法从文件名“{file.name}”看出格式。支持：{' '.join(KINDS)}",
                f"The name {file.name} does not say which format it is. There are: {' '.join(KINDS)}",
            )
        )
    return FormatSpec(kind=KINDS[ending], delimiter="\t" if ending == ".tsv" else ",")  # type: ignore[arg-type]


def _write_slip(done: FileCheck, file: Path, target: Path) -> None:
    # the spreadsheet library takes long to load, and most checks need no slip
    from exchange.validation.slip import SlipMeta, write_slip  # noqa: PLC0415

    meta = SlipMeta(
        source="",
        batch="",
        file=file.name,
        dataset_title=done.title,
        checked_at=datetime.now(SHANGHAI),
        summary=done.summary,
        columns=done.columns,
    )
    write_slip(done.folder, target, meta)
