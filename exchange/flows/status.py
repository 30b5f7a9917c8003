"""Where a node stands, told from its ledger alone: no store is opened, so no writer is in the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from exchange.flows.channels import DOWN, UP, Kinds
from exchange.flows.cross_check import latest_counts
from exchange.flows.licence_counts import last_licence_counts
from exchange.flows.publish import latest_balances
from exchange.flows.recorded import unfinished
from exchange.flows.workplace import Workplace
from exchange.model.batch import Counts
from exchange.model.crosscheck import CrossCount
from exchange.model.licence import LicenceCounts


@dataclass(frozen=True, slots=True)
class OpenRows:
    """The rejected rows of one source that nobody has settled yet, and since when the oldest of them waits."""

    source: str
    title: str
    batches: int
    rows: int
    since: str
    days: int


@dataclass(frozen=True, slots=True)
class SharedDown:
    """What is shared with one child: packages made for it, those that it has not answered, and those it returned."""

    child: str
    name: str
    packages: int
    unanswered: int
    returned: int


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """A node's standing. `balanced` is None for a node without children, or before the first balance.

    `down` has an entry for each child that was shared anything, `corrections` counts what sources were told of.
    `licences` is None while nothing was ever open about the node's licences.
    """

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
    open: tuple[OpenRows, ...]
    down: tuple[SharedDown, ...]
    corrections: int
    cross_findings: tuple[CrossCount, ...]
    licences: LicenceCounts | None

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
    up = _standing(work, UP)
    balances = latest_balances(work)
    published = [str(entry["at"]) for entry in ledger.entries("snapshot.published")]
    return NodeStatus(
        node=work.node.code,
        name=work.node.name,
        batches=sum(1 for _ in ledger.entries("batch.recorded")),
        unfinished=sum(1 for _ in unfinished(work, "batch.merged", "batch.refused")),
        refused=len(_refused(work)),
        counts=total,
        unanswered=len(up.unanswered),
        returned=len(up.returned),
        balanced=all(each["equal"] for each in balances) if balances else None,
        published_at=published[-1] if published else None,
        open=_open(work),
        down=_down(work),
        corrections=sum(len(entry["corrections"]) for entry in ledger.entries("correction.told")),
        cross_findings=tuple(latest_counts(work)),
        licences=last_licence_counts(work),
    )


class _Standing(NamedTuple):
    """The packages of one way, by name: all that were made, and those that were not settled."""

    sealed: set[str]
    unanswered: set[str]
    returned: set[str]


def _standing(work: Workplace, kinds: Kinds) -> _Standing:
    sealed, answered, returned = (
        {str(entry["subject"]) for entry in work.ledger.entries(kind)}
        for kind in (kinds.sealed, kinds.acknowledged, kinds.returned)
    )
    return _Standing(sealed, sealed - answered, returned - answered)


def _down(work: Workplace) -> tuple[SharedDown, ...]:
    standing = _standing(work, DOWN)
    found = []
    for child in work.site.children(work.node.code):
        channel = work.channel_down(child.code).name
        counts = [sum(name.startswith(f"{channel}-") for name in names) for names in standing]
        if counts[0]:
            found.append(SharedDown(child.code, child.name, *counts))
    return tuple(found)


def _refused(work: Workplace) -> set[str]:
    """The batches that could not be read, without those that a recheck could."""
    reread = {entry.get("rereads") for entry in work.ledger.entries("batch.recorded")}
    return {entry["subject"] for entry in work.ledger.entries("batch.refused")} - reread


def _open(work: Workplace) -> tuple[OpenRows, ...]:
    """Each source with open rows; a row that a slip brought in vain is open in the batch that the slip corrects."""
    ledger = work.ledger
    left = {entry["subject"]: entry["open"] for entry in ledger.entries("batch.settled")}
    first = {entry["subject"]: entry for entry in reversed(list(ledger.entries("batch.checked")))}
    waiting: dict[str, list[tuple[str, int]]] = {}
    for entry in ledger.entries("batch.recorded"):
        checked = first.get(entry["subject"])
        if checked is not None and not entry.get("corrects"):
            rows = left.get(entry["subject"], checked["rejected"])
            if rows:
                waiting.setdefault(entry["source"], []).append((checked["at"], rows))
    return tuple(_open_rows(work, source, found) for source, found in sorted(waiting.items()))


def _open_rows(work: Workplace, source: str, found: list[tuple[str, int]]) -> OpenRows:
    since = min(at for at, _ in found)
    days = (work.clock.now() - datetime.fromisoformat(since)).days
    return OpenRows(source, work.source_title(source), len(found), sum(rows for _, rows in found), since, days)


_OUTCOMES = ("batch.merged", "batch.released")
