"""`hub licences undo`: a decision is taken back."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.licences.decide import who
from exchange.cli.options import Command, home_option, node_option
from exchange.flows.decide import undo as flow
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, node_at = home_option(speech), node_option(speech)
    number_help = word("判断的编号（hub licences decisions）", "The decision's number (hub licences decisions)")
    reason_help = word("理由，记入台账；不要写个人信息", "Why, for the ledger; no personal data please")
    by_help = word("谁撤销；默认当前系统用户", "Who takes it back; the user of this system unless told")

    @app.command(
        "undo",
        cls=command,
        help=word(
            "撤销一个判断：所涉及的证照重新归并，如同从未判断过。判断和撤销都留在台账中。",
            "Take a decision back: what it concerns is told apart as if it had never been made. The ledger keeps both.",
        ),
    )
    def undo(
        number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help=number_help)],
        reason: Annotated[str, typer.Option(help=reason_help, show_default=False)] = "",
        by: Annotated[str, typer.Option(help=by_help, show_default=False)] = "",
        home: Path | None = home_at,
        node: str = node_at,
    ) -> None:
        with open_hub(read_settings(home)) as hub:
            flow(hub.workplace(node or hub.site.top.code), number, by=who(by), reason=reason)
        speech.tell(f"第 {number} 号判断已撤销。", f"Decision {number} is taken back.")
