"""`hub licences explain`: all that is known of a licence, and why it is so."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.licences.account import Shown
from exchange.cli.options import Command, OutputFormat, format_option, home_option, node_option
from exchange.errors import ConfigError
from exchange.flows.explain import Account, explain_found, explain_licences
from exchange.flows.workplace import Workplace
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.text import Text
from exchange.wiring import open_hub

WHICH = Text(
    "请给出证照编号，或用 --number、--holder、--identifier 查找（可同时用，须都符合）。",
    "Name licences by id, or look for them with --number, --holder, --identifier (together: all must hold).",
)


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, format_at, node_at = home_option(speech), format_option(speech), node_option(speech)
    ids_help = word("证照编号（快照的“主记录编号”），可多个", "Ids of licences (licence_id of a snapshot)")
    number_help = word("按证照号码查找，与报送的写法一致", "By number, as it was reported")
    holder_help = word("按持证主体代码查找，与报送的写法一致", "By the holder's code, as it was reported")
    identifier_help = word("按电子证照标识查找，与报送的写法一致", "By identifier, as it was reported")

    @app.command(
        "explain",
        cls=command,
        help=word(
            "说明一个证照：有哪些申报、为什么算同一个、每个字段取自哪条申报、历程、前后关系、待判断的问题和已有的判断。"
            "含个人信息，只给本级数据管理员看。",
            "Explain a licence: its claims and what joined them, which claim gives each field and why, its history, "
            "the licences before and after it, open questions and decisions. It shows personal data, to this node's "
            "administrator only.",
        ),
    )
    def explain(
        ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help=ids_help)] = None,
        number: Annotated[str, typer.Option(help=number_help, show_default=False)] = "",
        holder: Annotated[str, typer.Option(help=holder_help, show_default=False)] = "",
        identifier: Annotated[str, typer.Option(help=identifier_help, show_default=False)] = "",
        home: Path | None = home_at,
        node: str = node_at,
        output: OutputFormat = format_at,
    ) -> None:
        wanted = {"number": number, "holder": holder, "identifier": identifier}
        wanted = {name: value for name, value in wanted.items() if value}
        with open_hub(read_settings(home)) as hub:
            accounts = _accounts(hub.workplace(node or hub.site.top.code), ids or [], wanted)
            if output is OutputFormat.JSON:
                for each in accounts:
                    speech.json(each.as_dict())
            else:
                for each in accounts:
                    Shown(speech, hub, each).show()


def _accounts(work: Workplace, ids: list[str], wanted: dict[str, str]) -> list[Account]:
    if bool(ids) == bool(wanted):
        raise ConfigError(WHICH)
    return explain_licences(work, ids) if ids else explain_found(work, wanted)
