"""Ask: the open questions about licences, put to people where they answer without the command line.

What is put here may be stored and logged by whatever shows it: numbers and names are masked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exchange.flows.asked import Asked, asked
from exchange.flows.composed import Two
from exchange.flows.workplace import Workplace
from exchange.model.licence import Explained, Open, Question
from exchange.model.licence_words import DIFFERENT, LATER, SAME, rule_text

_SHOWN_PAIRS = 20


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A question, and the name under which it is asked: once, until other pairs are asked about."""

    question: str
    name: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it is put to people, in Markdown without personal data; `pairs` are those that are shown."""

    subject: str
    body: str
    pairs: tuple[Two, ...]


def to_ask(work: Workplace) -> list[ToAsk]:
    """What is asked of people at this node, the surest first."""
    with work.open_store(work.node.code, read_only=True) as store:
        return [ToAsk(each.question, _name(each)) for each in store.licences.questions()]


def wording(work: Workplace, question: str) -> Wording | None:
    """A question in words; None when it is not open any more."""
    with work.open_store(work.node.code, read_only=True) as store:
        open_now = [each for each in store.licences.questions() if each.question == question]
        found = asked(work, store, open_now)
    return _worded(work, found[0]) if found else None


def _name(question: Question) -> str:
    """A question keeps its id when pairs come or go; what was shown of it is another thing to answer then."""
    pairs = "\n".join(sorted(f"{each.a} {each.b}" for each in question.pairs))
    return f"{question.question}-{hashlib.sha256(pairs.encode()).hexdigest()[:8]}"


def _worded(work: Workplace, found: Asked) -> Wording:
    pairs = found.question.pairs[:_SHOWN_PAIRS]
    kinds = {each.record.get("certificate_name") or "" for each in found.licences.values()}
    lines = [
        f"**{work.node.name}：下面的证照是同一个吗？ Are these one licence?**",
        "",
        *(line for pair in pairs for line in _pair(work, found, pair)),
        *_how(work, found),
    ]
    subject = f"{work.node.name}：{'、'.join(sorted(kinds))}，是同一个证照吗？（{found.question.question}）"
    return Wording(subject, "\n".join(lines), tuple((each.a, each.b) for each in pairs))


def _pair(work: Workplace, found: Asked, pair: Open) -> Iterator[str]:
    sides = [found.licences[each] for each in (pair.licence_a, pair.licence_b)]
    yield "| | 甲 A | 乙 B |"
    yield "|---|---|---|"
    for title, values in _compared(work, sides):
        yield f"| {title} | {' | '.join(values)} |"
    rule = rule_text(pair.rule)
    yield ""
    yield f"把握 score {pair.score:.3f}，依据 by：{rule.both()}"
    yield ""


def _compared(work: Workplace, sides: Sequence[Explained]) -> Iterator[tuple[str, list[str]]]:
    yield "证照 licence", [f"`{each.licence}`" for each in sides]
    for title, field in _OPEN_FIELDS.items():
        yield title, [_cell(each.record.get(field)) for each in sides]
    yield "号码 number", [_number(each.record.get("certificate_number")) for each in sides]
    yield "持证主体 holder", [_name_of(each.record.get("certificate_holder")) for each in sides]
    yield "申报 claims", [_told_by(work, each) for each in sides]


_OPEN_FIELDS = {
    "类型 kind": "certificate_type",
    "颁证机关 issuing body": "issue_dept",
    "颁发日期 issued": "issue_date",
    "有效期至 until": "valid_to",
}
"""What is shown as it is: it says nothing of a person."""


def _told_by(work: Workplace, licence: Explained) -> str:
    names = sorted({work.node_name(claim.origin) for claim in licence.claims})
    return f"{len(licence.claims)}（{'、'.join(names)}）"


def _how(work: Workplace, found: Asked) -> Iterator[str]:
    left = len(found.question.pairs) - _SHOWN_PAIRS
    if left > 0:
        yield f"另有 {left} 对，回答后再问。 {left} more pairs are asked about after these."
    yield "号码和姓名已隐去一部分。本级数据管理员可用命令查看全部：  "
    yield "Numbers and names are masked. The administrator of this node sees all of it by:"
    yield ""
    yield f"`hub licences explain {' '.join(found.question.licences)} --node {work.node.code}`"
    yield ""
    yield f"- **{SAME}**：合并。They become one; it can be taken back (`hub licences undo`)."
    yield f"- **{DIFFERENT}**：不合并，也不再问。They stay apart, and are not asked about again."
    yield f"- **{LATER}**：不改变。Nothing changes; `hub licences questions` goes on listing it."


def _number(value: str | None) -> str:
    return f"{value[:3]}***" if value else "—"


def _name_of(value: str | None) -> str:
    return f"{value[:1]}**" if value else "—"


def _cell(value: str | None) -> str:
    return (value or "—").replace("|", "／").replace("\n", " ")
