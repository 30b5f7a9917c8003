"""`hub licences decisions`: what was decided about licences, by whom, when, and what was taken back."""

from collections.abc import Sequence
from pathlib import Path

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option, node_option
from exchange.flows.decisions import Kept
from exchange.flows.decisions import decisions as flow
from exchange.model.licence_words import ACTIONS
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    home_at, format_at, node_at = home_option(speech), format_option(speech), node_option(speech)

    @app.command(
        "decisions",
        cls=command,
        help=speech.word(
            "列出一个节点的全部判断，含已撤销的；取自台账。",
            "List all decisions of a node, those taken back among them, from the ledger.",
        ),
    )
    def decisions(home: Path | None = home_at, node: str = node_at, output: OutputFormat = format_at) -> None:
        with open_hub(read_settings(home)) as hub:
            found = flow(hub.workplace(node or hub.site.top.code))
        if output is OutputFormat.JSON:
            for each in found:
                speech.json(each.as_dict())
        elif found:
            show_decisions(speech, found)
        else:
            speech.tell("还没有判断。", "Nothing was decided yet.")


def show_decisions(speech: Speech, found: Sequence[Kept]) -> None:
    """A table, one decision a row."""
    word = speech.word
    columns = [
        word("编号", "number"),
        word("判断", "decision"),
        word("证照", "licences"),
        word("移出的申报", "claims taken out"),
        word("谁", "by"),
        word("何时", "when"),
        word("理由", "reason"),
        word("撤销", "taken back"),
    ]
    speech.table(word("判断", "Decisions"), columns, [_row(speech, each) for each in found])


def _row(speech: Speech, kept: Kept) -> list[object]:
    undone = f"{kept.undone.by} {_minute(kept.undone.at)} {kept.undone.reason}".strip() if kept.undone else "-"
    return [
        kept.decision.number,
        ACTIONS[kept.action].of(speech.language),
        "\n".join(kept.licences),
        "\n".join("/".join(each) for each in sorted(kept.records)) or "-",
        kept.by,
        _minute(kept.at),
        kept.reason,
        undone,
    ]


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
