"""What people are asked about a node's licences, with the licences themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from exchange.flows.workplace import Workplace
from exchange.model.licence import Explained, Question
from exchange.ports import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question of a node, and its licences by id."""

    node: str
    question: Question
    licences: Mapping[str, Explained]

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        licences = [
            {"licence": each.licence, "claims": len(each.claims), "record": dict(each.record)}
            for each in self.licences.values()
        ]
        return {"node": self.node, **asdict(self.question), "licences": licences}


def open_questions(work: Workplace, limit: int) -> tuple[list[Asked], int]:
    """The surest open questions, up to so many, and how many there are."""
    with work.open_store(work.node.code, read_only=True) as store:
        found = store.licences.questions()
        return asked(work, store, found[:limit]), len(found)


def asked(work: Workplace, store: Store, questions: Sequence[Question]) -> list[Asked]:
    """These questions with their licences."""
    wanted = sorted({licence for each in questions for licence in each.licences})
    explained = {each.licence: each for each in store.explain(wanted)} if wanted else {}
    return [
        Asked(work.node.code, each, {licence: explained[licence] for licence in each.licences if licence in explained})
        for each in questions
    ]
