"""`hub recheck`: what was rejected is checked again, after a mistake on our own side was mended."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.errors import ConfigError
from exchange.flows.recheck import Rechecked, recheck
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.text import Text
from exchange.wiring import Hub, open_hub


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, format_at = home_option(speech), format_option(speech)

    @app.command(
        "recheck",
        cls=command,
        help=word(
            "修正规则、代码对照、列映射或目录后，把以前退回的行和拒收的文件按现在的约定重新检查；通过的入库并发整改回执。",
            "Check rejected rows and refused files again, after a rule, code map, mapping or catalogue was mended; "
            "what passes is taken in and answered with closing receipts.",
        ),
    )
    def check_again(
        batch: Annotated[
            str,
            typer.Option(help=word("只查这个批次（编号或其开头）", "Only this batch (its id or its beginning)")),
        ] = "",
        source: Annotated[str, typer.Option(help=word("只查这个来源", "Only this source"))] = "",
        node: Annotated[str, typer.Option(help=word("只查这个节点", "Only this node"))] = "",
        home: Path | None = home_at,
        output: OutputFormat = format_at,
    ) -> None:
        with open_hub(read_settings(home)) as hub, speech.aside.status(word("正在重新检查…", "Checking again …")):
            found = _recheck(hub, batch, source, node)
        if output is OutputFormat.JSON:
            for each in found:
                speech.json(asdict(each))
        else:
            _show(speech, found)


def _recheck(hub: Hub, batch: str, source: str, node: str) -> list[Rechecked]:
    """At one node or all; a batch and a source are looked for at all of them."""
    works = [hub.workplace(each) for each in ([node] if node else [each.code for each in hub.site.nodes])]
    if source and not any(source == each.id for work in works for each in work.node.sources):
        raise ConfigError(Text(f"没有来源 {source}。", f"There is no source {source}."))
    ids = (str(entry["subject"]) for work in works for entry in work.ledger.entries("batch.recorded"))
    if batch and not any(each.startswith(batch) for each in ids):
        raise ConfigError(
            Text(
                f"台账中没有批次 {batch}。批次编号见回执。",
                f"The ledger has no batch {batch}. Receipts name the batch.",
            )
        )
    return [each for work in works for each in recheck(work, batch, source)]


def _show(speech: Speech, found: list[Rechecked]) -> None:
    word = speech.word
    if not found:
        speech.tell("没有待整改的行，也没有拒收的文件。", "There are no open rejected rows and no refused files.")
        return
    columns = [
        word("节点", "node"),
        word("来源", "source"),
        word("文件", "file"),
        word("批次", "batch"),
        word("待整改行", "open rows"),
        word("本次通过", "let in now"),
        word("仍待整改", "still open"),
    ]
    rows = [
        [each.node, each.source, each.file, each.batch[:8], _before(speech, each), each.let_in, _after(speech, each)]
        for each in found
    ]
    speech.table(word("重新检查", "Checked again"), columns, rows)


def _before(speech: Speech, each: Rechecked) -> str:
    return speech.word("整批拒收", "file refused") if each.refused else str(each.open_rows)


def _after(speech: Speech, each: Rechecked) -> str:
    if each.refused:
        return speech.word("已读取", "read") if each.by else speech.word("仍拒收", "still refused")
    return str(each.open_rows - each.let_in)
