"""Explain: all that is known of some licences of a node, down to the rows of the node below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from exchange.errors import ConfigError
from exchange.flows.compared_as import ComparedAs, compared_as
from exchange.flows.composed import record_name
from exchange.flows.decisions import Kept, decisions
from exchange.flows.workplace import Workplace
from exchange.licences import normalise
from exchange.model.licence import Claimed, Explained, Question, is_licence_id
from exchange.ports import Store
from exchange.text import Text

FIELDS = {
    "number": "certificate_number",
    "holder": "certificate_holder_code",
    "identifier": "certificate_source_id",
}
"""What licences can be found by, and the fields in which that stands."""


@dataclass(frozen=True, slots=True)
class Account:
    """One licence of a node.

    `compared` has for each claim what it is compared by; None in a dataset whose records are told apart by their exact
    identity. `decisions` are those that concern it, also those taken back. `below` has, for the claims that are a child
    node's records, that child's own account of it: claims of its sources, or of the nodes below it.
    """

    node: str
    explained: Explained
    compared: tuple[ComparedAs | None, ...]
    decisions: tuple[Kept, ...]
    questions: tuple[Question, ...]
    below: Mapping[str, Account]

    def as_dict(self) -> dict[str, Any]:
        """For machines: the record, its claims with what they are compared by, and everything else by name."""
        told = asdict(self.explained)
        for claim, given, compared in zip(told["claims"], self.explained.claims, self.compared, strict=True):
            claim["name"] = record_name(given)
            claim["compared_as"] = asdict(compared) if compared else None
        return {
            "node": self.node,
            **told,
            "questions": [asdict(each) for each in self.questions],
            "decisions": [each.as_dict() for each in self.decisions],
            "below": {name: account.as_dict() for name, account in self.below.items()},
        }


def explain_found(work: Workplace, found: Mapping[str, str]) -> list[Account]:
    """The licences of which a claim has these values (`FIELDS`), as they are held, or as they are compared."""
    with work.open_store(work.node.code, read_only=True) as store:
        each = [
            {licence for way in {value, normalise(value)} for licence in store.licences.find(FIELDS[name], way)}
            for name, value in found.items()
        ]
    licences = sorted(set.intersection(*each)) if each else []
    if not licences:
        listed = ", ".join(found.values())
        raise ConfigError(
            Text(
                f"节点 {work.node.code} 没有这样的证照：{listed}。要与报送的写法完全一致；"
                "也可以在快照中按其他列查到主记录编号。",
                f"Node {work.node.code} has no such licence: {listed}. Write it exactly as it was reported; or find "
                "its licence_id in a snapshot by other columns.",
            )
        )
    return explain_licences(work, licences)


def explain_licences(work: Workplace, licences: Sequence[str]) -> list[Account]:
    """These licences, by id. An id that is none any more leads to the licence of the claims that had it."""
    known = decisions(work)
    with work.open_store(work.node.code, read_only=True) as store:
        found = {licence: _explained(store, licence) for licence in licences}
        _refuse_missing(work, [licence for licence, each in found.items() if each is None])
        explained = {each.licence: each for each in found.values() if each is not None}
        asked = store.licences.questions() if any(each.questions for each in explained.values()) else []
    below = _below(work, [claim for each in explained.values() for claim in each.claims])
    return [_account(work, each, known, asked, below) for each in explained.values()]


def _explained(store: Store, licence: str) -> Explained | None:
    return next(iter(store.explain([licence])), None) if is_licence_id(licence) else None


def _account(
    work: Workplace,
    explained: Explained,
    known: Sequence[Kept],
    asked: Sequence[Question],
    below: Mapping[str, Account],
) -> Account:
    names = [record_name(claim) for claim in explained.claims]
    return Account(
        work.node.code,
        explained,
        tuple(_compared(work, claim) for claim in explained.claims),
        tuple(each for each in known if _concerns(each, explained)),
        tuple(each for each in asked if each.question in explained.questions),
        {name: below[name] for name in names if name in below},
    )


def _compared(work: Workplace, claim: Claimed) -> ComparedAs | None:
    """What a claim is compared by; a claim without a form is of a dataset that is not compared so."""
    return compared_as(claim.record, work.reference) if claim.form else None


def _concerns(kept: Kept, explained: Explained) -> bool:
    forms = {claim.form for claim in explained.claims} | {explained.licence}
    records = {(claim.origin, claim.source, claim.key) for claim in explained.claims}
    return bool(kept.forms & forms or kept.records & records or explained.licence in kept.licences)


def _below(work: Workplace, claims: Sequence[Claimed]) -> dict[str, Account]:
    """What the children that this site hosts know of the licences that these claims are, one level down."""
    found: dict[str, Account] = {}
    for child in work.site.children(work.node.code):
        theirs = [claim for claim in claims if claim.source == claim.origin == child.code]
        if theirs:
            with work.open_store(child.code, read_only=True) as store:
                for claim in theirs:
                    explained = _explained(store, claim.key)
                    if explained is not None:
                        found[record_name(claim)] = _account_below(work, child.code, explained)
    return found


def _account_below(work: Workplace, child: str, explained: Explained) -> Account:
    return Account(child, explained, tuple(_compared(work, claim) for claim in explained.claims), (), (), {})


def _refuse_missing(work: Workplace, missing: Sequence[str]) -> None:
    if missing:
        listed = ", ".join(missing)
        raise ConfigError(
            Text(
                f"节点 {work.node.code} 没有证照 {listed}。编号见快照的“主记录编号”列，"
                "也可以用 --number、--holder、--identifier 查找。",
                f"Node {work.node.code} has no licence {listed}. Ids stand in column licence_id of a snapshot; or look "
                "for it with --number, --holder, --identifier.",
            )
        )
