"""`hub licences decide`: a person says which licences are one, which are not, and which claims are none of theirs."""

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option, node_option
from exchange.errors import ConfigError
from exchange.flows.decide import decide_licences, decide_question, part_records
from exchange.flows.decisions import Kept
from exchange.flows.workplace import Workplace
from exchange.model.licence_words import ACTIONS
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.text import Text
from exchange.wiring import open_hub

HOW = Text(
    "请写成三种之一：decide 问题 --same|--different（可加 --between 证照 证照）；decide 证照 证照 --same|--different；"
    "decide --part 证照 --record 申报（可重复）。",
    "It is one of three: decide QUESTION --same|--different (and --between LICENCE LICENCE); decide LICENCE LICENCE "
    "--same|--different; decide --part LICENCE --record CLAIM (may be repeated).",
)


def who(by: str) -> str:
    """Who decides: as told, else the user of the operating system."""
    return by.strip() or getpass.getuser()


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, format_at, node_at = home_option(speech), format_option(speech), node_option(speech)
    ids_help = word("一个问题的编号，或两个证照的编号", "The id of a question, or of two licences")
    same_help = word("是同一个证照", "They are one licence")
    different_help = word("不是同一个证照", "They are not one licence")
    between_help = word("只判断问题中的这两个证照", "Only these two licences of the question")
    part_help = word("从这个证照中移出申报", "Take claims out of this licence")
    record_help = word(
        "要移出的申报：文件:行，或 节点/来源/键（见 hub licences explain）；可重复",
        "A claim that goes: FILE:ROW, or ORIGIN/SOURCE/KEY as hub licences explain shows it; may be repeated",
    )
    reason_help = word("理由，记入台账；不要写个人信息", "Why, for the ledger; no personal data please")
    by_help = word("谁作的判断；默认当前系统用户", "Who says so; the user of this system unless told")

    @app.command(
        "decide",
        cls=command,
        help=word(
            "判断哪些证照是同一个、哪些不是，或把申报移出证照。记入台账，此后一直照此归并，可用 undo 撤销。",
            "Say which licences are one, which are not, or take claims out of one. It is kept in the ledger and "
            "followed from then on; undo takes it back.",
        ),
    )
    def decide(  # noqa: PLR0913, PLR0917 - one parameter an option
        ids: Annotated[list[str] | None, typer.Argument(metavar="QUESTION | A B", help=ids_help)] = None,
        same: Annotated[bool, typer.Option("--same", help=same_help)] = False,
        different: Annotated[bool, typer.Option("--different", help=different_help)] = False,
        between: Annotated[tuple[str, str] | None, typer.Option(help=between_help)] = None,
        part: Annotated[str, typer.Option(help=part_help, show_default=False)] = "",
        record: Annotated[list[str] | None, typer.Option(help=record_help)] = None,
        reason: Annotated[str, typer.Option(help=reason_help, show_default=False)] = "",
        by: Annotated[str, typer.Option(help=by_help, show_default=False)] = "",
        home: Path | None = home_at,
        node: str = node_at,
        output: OutputFormat = format_at,
    ) -> None:
        _check_use(ids or [], record or [], part=part, answers=same + different, between=between)
        with open_hub(read_settings(home)) as hub:
            work = hub.workplace(node or hub.site.top.code)
            if part:
                kept = part_records(work, part, record or [], by=who(by), reason=reason)
            else:
                kept = _compared(work, ids or [], between, same=same, by=who(by), reason=reason)
        _tell(speech, kept, output)


def _compared(
    work: Workplace, ids: Sequence[str], between: tuple[str, str] | None, *, same: bool, by: str, reason: str
) -> Kept:
    if len(ids) == 1:
        return decide_question(work, ids[0], same=same, between=between, by=by, reason=reason)
    return decide_licences(work, ids[0], ids[1], same=same, by=by, reason=reason)


def _check_use(
    ids: Sequence[str], records: Sequence[str], *, part: str, answers: int, between: tuple[str, str] | None
) -> None:
    parting = bool(part and records) and not ids and not answers
    comparing = len(ids) in {1, 2} and answers == 1 and not part and not records
    if not (parting or comparing) or (between and len(ids) != 1):
        raise ConfigError(HOW)


def _tell(speech: Speech, kept: Kept, output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        speech.json(kept.as_dict())
        return
    number, said = kept.decision.number, ACTIONS[kept.action]
    listed = ", ".join(kept.licences)
    speech.tell(
        f"第 {number} 号判断已记入台账并生效：{listed} {said.zh}。撤销用 hub licences undo {number}。",
        f"Decision {number} is in the ledger and in force: {listed}: {said.en}. "
        f"`hub licences undo {number}` takes it back.",
    )
