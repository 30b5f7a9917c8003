"""Where a node stands, told from its ledger alone: no store is opened, so no writer is in the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from exchange.flows.publish import latest_balances
from exchange.flows.recorded import unfinished
from exchange.flows.workplace import Workplace
from exchange.model.batch import Counts


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """A node's standing. `balanced` is None for a node without children, or before the first balance."""

    node: str
    name: str
    batches: int
    unfinished: int
    refused: int
    counts: Counts
    unanswered: int
    returned: int
    balanced: bool | None
    published_at: str | None

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def node_status(work: Workplace) -> NodeStatus:
    """The standing of one node."""
    ledger = work.ledger
    final = {entry["subject"]: Counts.of(entry) for kind in _OUTCOMES for entry in ledger.entries(kind)}
    total = Counts()
    for counts in final.values():
        total = total.plus(counts)
    sealed = {entry["subject"] for entry in ledger.entries("package.sealed")}
    answered = {entry["subject"] for entry in ledger.entries("package.acknowledged")}
    balances = latest_balances(work)
    published = [str(entry["at"]) for entry in ledger.entries("snapshot.published")]
    return NodeStatus(
        node=work.node.code,
        name=work.node.name,
        batches=sum(1 for _ in ledger.entries("batch.recorded")),
        unfinished=sum(1 for _ in unfinished(work, "batch.merged", "batch.refused")),
        refused=sum(1 for _ in ledger.entries("batch.refused")),
        counts=total,
        unanswered=len(sealed - answered),
        returned=len({entry["subject"] for entry in ledger.entries("package.returned")} - answered),
        balanced=all(each["equal"] for each in balances) if balances else None,
        published_at=published[-1] if published else None,
    )


_OUTCOMES = ("batch.merged", "batch.released")
