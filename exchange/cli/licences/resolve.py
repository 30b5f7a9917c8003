"""`hub licences resolve`: which rows of any file of licences are one licence; no site is needed."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.lineage import load_lineage
from catalog.loader import JIANGSU
from exchange.cli.options import Command, OutputFormat, format_option
from exchange.speech import Speech

if TYPE_CHECKING:
    from exchange.store.licences.resolve_file import Resolved


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    format_at = format_option(speech)
    file_help = word("CSV（UTF-8）或 Parquet，列名同证照数据集，须有 row_guid", "CSV (UTF-8) or Parquet with row_guid")
    out_help = word("把每行的归并结果写到此 Parquet 文件", "Write what each row came to into this Parquet file")
    issuers_help = word("改用此机构沿革表，格式同 issuers.csv", "This table of issuing bodies, as issuers.csv")
    codes_help = word("改用此旧代码表，格式同 registrations.csv", "This table of old codes, as registrations.csv")

    @app.command(
        "resolve",
        cls=command,
        help=word(
            "归并任意证照文件：哪些行是同一个证照，依据什么规则，把握多大，哪些要由人判断。不需要站点。",
            "Resolve any file of licences: which rows are one licence, by which rule, how surely, and what a person "
            "must say. No site is needed.",
        ),
    )
    def resolve(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=file_help)],
        out: Annotated[Path, typer.Option(help=out_help)],
        issuers: Annotated[Path, typer.Option(help=issuers_help, show_default=False)] = JIANGSU / "issuers.csv",
        registrations: Annotated[Path, typer.Option(help=codes_help, show_default=False)] = JIANGSU
        / "registrations.csv",
        output: OutputFormat = format_at,
    ) -> None:
        # the libraries that compare take longer to load than most other commands to run
        from exchange.store.licences.resolve_file import resolve_file  # noqa: PLC0415

        reference = load_lineage(issuers, registrations)
        with speech.aside.status(word("正在归并…", "Resolving …")):
            found = resolve_file(file, out, reference)
        if output is OutputFormat.JSON:
            speech.json(asdict(found))
        else:
            _show(speech, found, out)


def _show(speech: Speech, found: "Resolved", out: Path) -> None:
    speech.tell(
        f"读取 {found.rows} 行，归并为 {found.licences} 个证照。",
        f"{found.rows} rows came to {found.licences} licences.",
    )
    if found.questions:
        speech.tell(
            f"有 {found.questions} 个问题要由人判断，涉及 {found.open_rows} 行（ask_group 列）；判断之前不合并。",
            f"{found.questions} questions about {found.open_rows} rows are for a person (column ask_group); till then "
            "these are not joined.",
        )
    speech.note(f"结果已写入 {out}。", f"The result is in {out}.")
