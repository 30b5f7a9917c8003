"""The decisions about licences, as the ledger has them: `licence.decided`, and `licence.undone` for one taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exchange.flows.composed import Composed
from exchange.flows.workplace import Workplace
from exchange.model.licence import Action, Decided, Decision, RecordKey


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Who took a decision back, when, and why."""

    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One decision: what it says, of which licences and question, who made it, when, and why."""

    decision: Decision
    action: Action
    licences: tuple[str, ...]
    question: str | None
    by: str
    at: str
    reason: str
    undone: TakenBack | None = None

    @property
    def forms(self) -> frozenset[str]:
        """The exact identities that it speaks of."""
        paired = {form for pair in self.decision.pairs for form in pair.forms}
        return frozenset(f"{form:016x}" for form in {*paired, *self.decision.rest})

    @property
    def records(self) -> frozenset[tuple[str, str, str]]:
        """Origin, source and key of the records that it took out of a licence."""
        return frozenset((each.origin, each.source, f"{each.key:016x}") for each in self.decision.records)

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "number": self.decision.number,
            "dataset": self.decision.dataset,
            "action": self.action,
            "licences": list(self.licences),
            "question": self.question,
            "records": ["/".join(each) for each in sorted(self.records)],
            "by": self.by,
            "at": self.at,
            "reason": self.reason,
            "undone": {"by": self.undone.by, "at": self.undone.at, "reason": self.undone.reason}
            if self.undone
            else None,
        }


def decisions(work: Workplace) -> list[Kept]:
    """Every decision of the node, the oldest first, those that were taken back among them."""
    undone = {
        entry["subject"]: TakenBack(entry["by"], entry["at"], entry["reason"])
        for entry in work.ledger.entries("licence.undone")
    }
    return [_kept(entry, undone.get(entry["subject"])) for entry in work.ledger.entries("licence.decided")]


def note_decision(work: Workplace, composed: Composed, by: str, reason: str) -> Kept:
    """Write a decision into the ledger under the next number; nobody else may decide meanwhile."""
    known = decisions(work)
    number = max((each.decision.number for each in known), default=0) + 1
    body = {
        "dataset": composed.dataset,
        "action": composed.action,
        "pairs": [list(pair) for pair in composed.pairs],
        "records": [[each.origin, each.source, each.key] for each in composed.records],
        "rest": list(composed.rest),
        "question": composed.question,
        "licences": list(composed.licences),
        "by": by,
        "reason": reason,
    }
    work.ledger.append("licence.decided", str(number), body)
    return _kept(next(work.ledger.entries("licence.decided", str(number))), None)


def _kept(entry: Mapping[str, Any], undone: TakenBack | None) -> Kept:
    same = entry["action"] == "same"
    decision = Decision(
        int(entry["subject"]),
        entry["dataset"],
        tuple(Decided((int(a, 16), int(b, 16)), same) for a, b in entry["pairs"]),
        tuple(RecordKey(origin, source, int(key, 16)) for origin, source, key in entry["records"]),
        tuple(int(form, 16) for form in entry["rest"]),
    )
    return Kept(
        decision,
        entry["action"],
        tuple(entry["licences"]),
        entry["question"],
        entry["by"],
        entry["at"],
        entry["reason"],
        undone,
    )
