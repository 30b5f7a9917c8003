"""`hub balance`: proof that neighbouring levels hold the same records, or the list of those that differ."""

from dataclasses import asdict
from pathlib import Path

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.flows.balance import LISTED, Balance, balance_live
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import Hub, open_hub

SHOWN = 50


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    home_at, format_at = home_option(speech), format_option(speech)

    @app.command(
        "balance",
        cls=command,
        help=speech.word(
            "逐级比较记录数和内容摘要，列出有差异的记录。全部一致时返回 0。",
            "Compare the levels by count and digest, and list the records that differ; exit 0 only when equal.",
        ),
    )
    def balance(home: Path | None = home_at, output: OutputFormat = format_at) -> int:
        with open_hub(read_settings(home)) as hub:
            found = _balances(hub)
        if output is OutputFormat.JSON:
            for each in found:
                speech.json({**asdict(each), "equal": each.equal})
        else:
            _show(speech, found)
        return 0 if all(each.equal for each in found) else 1


def _balances(hub: Hub) -> list[Balance]:
    return [each for node in hub.site.nodes for each in balance_live(hub.workplace(node.code))]


def _show(speech: Speech, found: list[Balance]) -> None:
    word = speech.word
    rows = [
        [each.child, each.parent, each.records, word("一致", "equal") if each.equal else word("不一致", "differs")]
        for each in found
    ]
    columns = [word("下级", "child"), word("上级", "parent"), word("记录", "records"), word("结果", "outcome")]
    speech.table(word("对账", "Balance"), columns, rows)
    for each in found:
        if not each.equal:
            _show_differences(speech, each)


def _show_differences(speech: Speech, found: Balance) -> None:
    word = speech.word
    speech.table(
        word(f"{found.child} → {found.parent} 的差异", f"Differences {found.child} → {found.parent}"),
        [word("来源节点", "origin"), word("数据集", "dataset"), word("上级条数", "parent"), word("下级条数", "child")],
        [[each.origin, each.dataset, each.parent_records, each.child_records] for each in found.unequal],
    )
    speech.table(
        "",
        [
            word("来源节点", "origin"),
            word("数据集", "dataset"),
            word("来源", "source"),
            word("文件", "file"),
            word("行", "row"),
            word("上级", "parent"),
            word("下级", "child"),
        ],
        [
            [each.origin, each.dataset, each.source, each.file, each.row, each.here or "-", each.there or "-"]
            for each in found.differences[:SHOWN]
        ],
    )
    if len(found.differences) > SHOWN:
        speech.note(
            f"只显示前 {SHOWN} 条；--format json 列出前 {LISTED} 条。",
            f"The first {SHOWN} are shown; --format json lists the first {LISTED}.",
        )
