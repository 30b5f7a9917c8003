"""`hub licences questions`: which licences may be one, and a person must say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option, node_option
from exchange.flows.asked import Asked, open_questions
from exchange.model.licence_words import rule_text
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub

LIMIT = 50


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at, format_at, node_at = home_option(speech), format_option(speech), node_option(speech)
    limit_help = word("最多列出多少个，把握大的在前", "How many to list at most, the surest first")

    @app.command(
        "questions",
        cls=command,
        help=word(
            "列出待判断的问题：哪些证照可能是同一个。含个人信息，只给本级数据管理员看。",
            "List what a person must say: which licences may be one. It shows personal data, to this node's "
            "administrator only.",
        ),
    )
    def questions(
        home: Path | None = home_at,
        node: str = node_at,
        limit: Annotated[int, typer.Option(min=1, help=limit_help)] = LIMIT,
        output: OutputFormat = format_at,
    ) -> None:
        with open_hub(read_settings(home)) as hub:
            found, total = open_questions(hub.workplace(node or hub.site.top.code), limit)
        if output is OutputFormat.JSON:
            for each in found:
                speech.json(each.as_dict())
        elif found:
            _show(speech, found, total)
        else:
            speech.tell("没有待判断的问题。", "No question is open.")


def _show(speech: Speech, found: Sequence[Asked], total: int) -> None:
    word = speech.word
    columns = [
        word("问题", "question"),
        word("把握", "score"),
        word("依据", "rule"),
        word("证照", "licence"),
        word("号码", "number"),
        word("持证主体", "holder"),
        word("颁证机关", "issuing body"),
        word("颁发日期", "issued"),
        word("申报", "claims"),
    ]
    speech.table(
        word("待判断的问题", "Open questions"), columns, (row for each in found for row in _rows(speech, each))
    )
    speech.note(
        f"共 {total} 个。用 hub licences explain 证照… 细看，用 hub licences decide 问题 --same 或 --different 判断。",
        f"{total} in all. Look closer with hub licences explain LICENCE..., and answer with "
        "hub licences decide QUESTION --same or --different.",
    )


def _rows(speech: Speech, asked: Asked) -> list[list[object]]:
    """Two rows a pair, one a licence."""
    rows: list[list[object]] = []
    for pair in asked.question.pairs:
        head = [asked.question.question, f"{pair.score:.3f}", rule_text(pair.rule).of(speech.language)]
        rows.append([*head, *_licence(asked, pair.licence_a)])
        rows.append(["", "", "", *_licence(asked, pair.licence_b)])
    return rows


def _licence(asked: Asked, licence: str) -> list[object]:
    known = asked.licences.get(licence)
    if known is None:
        return [licence, "", "", "", "", ""]
    shown = ("certificate_number", "certificate_holder", "issue_dept", "issue_date")
    return [licence, *(known.record[name] for name in shown), str(len(known.claims))]
