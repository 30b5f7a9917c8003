"""What a round came to at one node, told from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyarrow import parquet

from exchange.flows.publish import latest_balances
from exchange.flows.workplace import Workplace
from exchange.model.batch import Counts
from exchange.model.findings import Severity, kind

TOP = 8
"""Kinds of finding that are shown: what rejects rows first, then what was repaired."""


@dataclass(frozen=True, slots=True)
class FindingCount:
    """One kind of finding of a round, with the place and text of one example."""

    code: str
    count: int
    file: str
    row: int | None
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class NodeReport:
    """One node's round: its rows, its refused files, its licences, its balance, its snapshot."""

    node: str
    name: str
    counts: Counts
    refused: tuple[Mapping[str, Any], ...]
    left: tuple[Mapping[str, Any], ...]
    claimed: int
    golden: int
    findings: tuple[FindingCount, ...]
    balances: tuple[Mapping[str, Any], ...]
    snapshot: str | None

    @property
    def sound(self) -> bool:
        """Whether every row has one outcome and every child balances."""
        return self.counts.adds_up and all(each["equal"] for each in self.balances)


def report(work: Workplace, since: int) -> NodeReport:
    """What was done after a number of the node's ledger. The rows of a batch that was sent again are duplicates."""
    claimed, golden = _licences(work)
    snapshots = [str(each["subject"]) for each in work.ledger.entries("snapshot.published")]
    return NodeReport(
        node=work.node.code,
        name=work.node.name,
        counts=_counts(work, since),
        refused=_refused(work, since),
        left=tuple(each for kind in ("file.withheld", "file.unrecognised") for each in _since(work, kind, since)),
        claimed=claimed,
        golden=golden,
        findings=_findings(work, since),
        balances=tuple(latest_balances(work)),
        snapshot=str(work.folder.snapshots / snapshots[-1]) if snapshots else None,
    )


def _since(work: Workplace, kind: str, since: int) -> list[Mapping[str, Any]]:
    return list(work.ledger.entries(kind, after=since))


def _again(work: Workplace, since: int) -> list[str]:
    """The batches that were delivered since then and had been delivered before, once for each delivery."""
    seen: set[str] = set()
    again = []
    for entry in work.ledger.entries("delivery"):
        if entry["number"] > since and entry["subject"] in seen:
            again.append(entry["subject"])
        seen.add(entry["subject"])
    return again


def _counts(work: Workplace, since: int) -> Counts:
    final = {entry["subject"]: Counts.of(entry) for kind in _OUTCOMES for entry in work.ledger.entries(kind)}
    total = Counts()
    for entry in _since(work, "batch.merged", since):
        total = total.plus(final[entry["subject"]])
    for batch in _again(work, since):
        read = final[batch].read if batch in final else 0
        total = total.plus(Counts(read=read, duplicate=read))
    return total


_OUTCOMES = ("batch.merged", "batch.released")


def _refused(work: Workplace, since: int) -> tuple[Mapping[str, Any], ...]:
    """The files that could not be read since then, those that were sent again among them."""
    reasons = {entry["subject"]: entry for entry in work.ledger.entries("batch.refused")}
    new = {entry["subject"] for entry in _since(work, "batch.refused", since)}
    batches = [*sorted(new), *(batch for batch in _again(work, since) if batch in reasons and batch not in new)]
    recorded = {entry["subject"]: entry for entry in work.ledger.entries("batch.recorded")}
    return tuple({**reasons[batch], "file": recorded[batch]["file"]} for batch in batches)


def _licences(work: Workplace) -> tuple[int, int]:
    """Claims of things with an identity, and the golden records that they came to."""
    named = {dataset.name for dataset in work.ordered_datasets() if dataset.identity}
    with work.open_store(work.node.code, read_only=True) as store:
        claimed = sum(total.records for total in store.totals(sent=False) if total.dataset in named)
        golden = sum(total.records for total in store.totals(sent=True) if total.dataset in named)
    return claimed, golden


def _findings(work: Workplace, since: int) -> tuple[FindingCount, ...]:
    counts: Counter[str] = Counter()
    example: dict[str, str] = {}
    for entry in _since(work, "batch.checked", since):
        for code, count in entry["by_code"].items():
            counts[code] += count
            example.setdefault(code, entry["subject"])
    foremost = sorted(counts.items(), key=lambda item: (kind(item[0]).severity is Severity.REPAIRED, -item[1]))
    return tuple(_example(work, code, count, example[code]) for code, count in foremost[:TOP])


def _example(work: Workplace, code: str, count: int, batch: str) -> FindingCount:
    findings = work.folder.batch(batch).checked / "findings.parquet"
    first = parquet.read_table(findings, filters=[("code", "=", code)]).slice(0, 1).to_pylist()[0]
    file = next(work.ledger.entries("batch.recorded", batch))["file"]
    return FindingCount(code, count, file, first["row"], first["message_zh"], first["message_en"])
