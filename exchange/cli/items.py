"""`hub items …`: the item catalogue (三级四同), held against what the nodes have sent."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from catalog.loader import load_items
from catalog.rule_tables import item_versions
from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.model.deviation import Deviation
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import Hub, open_hub

SHOWN = 50
RECENT_DAYS = 90


def group(speech: Speech, group_class: type[TyperGroup], command: Command) -> typer.Typer:
    """The group of commands."""
    words = speech.word("事项目录（三级四同）。", "The item catalogue.")
    app = typer.Typer(cls=group_class, help=words, no_args_is_help=True)
    _drift(app, speech, command)
    _impact(app, speech, command)
    return app


def _drift(app: typer.Typer, speech: Speech, command: Command) -> None:
    word = speech.word
    home_at, format_at = home_option(speech), format_option(speech)
    node_help = word("查看哪个节点的库；默认最高一级", "Whose store to look at; the topmost node's unless told")

    @app.command(
        "drift",
        cls=command,
        help=word(
            "列出与办件当日生效的事项目录不一致之处：哪个节点、哪个事项的哪个字段、写成什么、多少条、从何时到何时。",
            "List where records deviate from the catalogue that was in force on their day: node, item, field, what "
            "stands there, how many, from when to when.",
        ),
    )
    def drift(
        home: Path | None = home_at,
        node: Annotated[str, typer.Option(help=node_help)] = "",
        output: OutputFormat = format_at,
    ) -> None:
        with open_hub(read_settings(home)) as hub:
            code = node or hub.site.top.code
            with hub.workplace(code).open_store(code, read_only=True) as store:
                found = store.drift()
            _show(speech, hub, found, output, word("三级四同偏差", "Deviations from the item catalogue"))


def _impact(app: typer.Typer, speech: Speech, command: Command) -> None:
    word = speech.word
    home_at, format_at = home_option(speech), format_option(speech)
    file_help = word("新目录，格式同 items.csv", "The catalogue to come, in the form of items.csv")
    days_help = word("看最近多少天的记录", "How many days of records to look at, up to the newest")
    node_help = word("查看哪个节点的库；默认最高一级", "Whose store to look at; the topmost node's unless told")

    @app.command(
        "impact",
        cls=command,
        help=word(
            "发布新的事项目录之前，看它会让哪些来源的多少条近期记录变得不一致（只列新增的）。",
            "Before a catalogue is published: which sources and how many recent records it would make deviate that do "
            "not deviate now.",
        ),
    )
    def impact(
        items: Annotated[Path, typer.Argument(metavar="FILE", help=file_help, exists=True, dir_okay=False)],
        home: Path | None = home_at,
        days: Annotated[int, typer.Option(min=1, help=days_help)] = RECENT_DAYS,
        node: Annotated[str, typer.Option(help=node_help)] = "",
        output: OutputFormat = format_at,
    ) -> None:
        coming = item_versions(load_items(items))
        with open_hub(read_settings(home)) as hub:
            code = node or hub.site.top.code
            with hub.workplace(code).open_store(code, read_only=True) as store:
                found = store.impact(coming, days)
            title = word(f"新目录对最近 {days} 天的影响", f"What it would change in the last {days} days")
            _show(speech, hub, found, output, title)


def _show(speech: Speech, hub: Hub, found: Sequence[Deviation], output: OutputFormat, title: str) -> None:
    if output is OutputFormat.JSON:
        for each in found:
            speech.json(asdict(each))
        return
    word = speech.word
    columns = [
        word("来源节点", "origin"),
        word("来源", "source"),
        word("事项", "item"),
        word("字段", "field"),
        word("填报", "found"),
        word("目录", "catalogue"),
        word("记录", "records"),
        word("最早", "first"),
        word("最近", "last"),
    ]
    speech.table(title, columns, [_row(speech, hub, each) for each in found[:SHOWN]])
    if len(found) > SHOWN:
        speech.note(
            f"共 {len(found)} 处，只显示前 {SHOWN} 处；--format json 列出全部。",
            f"The first {SHOWN} of {len(found)} are shown; --format json lists all.",
        )


def _row(speech: Speech, hub: Hub, each: Deviation) -> list[object]:
    dataset = hub.catalog.datasets.get(each.dataset)
    division = hub.catalog.division(each.origin)
    name = division.name if division else ""
    field = speech.word(dataset.field(each.field).title, each.field)
    wanted = each.wanted or speech.word(f"（{each.code}）", f"({each.code})")
    who = (f"{name} {each.origin}", each.source)
    return [*who, each.item, field, each.found, wanted, each.records, each.first, each.last]
