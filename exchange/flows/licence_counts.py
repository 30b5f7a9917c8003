"""What is open about a node's licences, noted in the ledger when it has changed: `hub status` reads nothing else."""

from __future__ import annotations

from exchange.flows.workplace import Workplace
from exchange.model.licence import LicenceCounts
from exchange.ports import Store


def note_licence_counts(work: Workplace, store: Store) -> None:
    """Note how many questions are open and how many findings there are; nothing while there has never been any."""
    counts = store.licence_counts()
    if counts.questions or counts.findings or last_licence_counts(work) is not None:
        body = {"questions": counts.questions, "findings": dict(counts.findings)}
        work.ledger.append("licences.standing", work.node.code, body)


def last_licence_counts(work: Workplace) -> LicenceCounts | None:
    """What was noted last; None before the first time."""
    noted = list(work.ledger.entries("licences.standing"))
    return LicenceCounts(noted[-1]["questions"], noted[-1]["findings"]) if noted else None
