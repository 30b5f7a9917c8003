"""Closing: rows that were rejected and are settled now are told to whoever sent them, in a signed closing receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pyarrow import parquet

from exchange.flows import receipts
from exchange.flows.check import restore_outcomes
from exchange.flows.corrections import accepted_rows, rejected_rows
from exchange.flows.recorded import batch_of, recorded_batch
from exchange.flows.resent import resent
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.findings import Severity
from exchange.validation.outcome_files import FINDINGS


def close_settled(work: Workplace) -> None:
    """Answer for every merged correction, once: which rows of the earlier batch it settled, and which are still open.

    The `batch.settled` entry of the earlier batch says that it was done. A correction that settled nothing has its own
    receipt, and no closing receipt.
    """
    done = {(entry["subject"], entry["by"]) for entry in work.ledger.entries("batch.settled")}
    merged = {entry["subject"] for entry in work.ledger.entries("batch.merged")}
    for entry in work.ledger.entries("batch.recorded"):
        by, reread = batch_of(work, entry), entry.get("rereads", "")
        if by.id in merged and (by.corrects or reread, by.id) not in done:
            if by.corrects:
                _close_rows(work, by.corrects, by, accepted_rows(work.folder.batch(by.id).checked))
            elif reread:
                _close(work, reread, "reread", _settlement(by, 0, 0, 0), {})


def close_resent(work: Workplace, batch: str) -> None:
    """The same for the rows of a batch that other files brought again."""
    done = {entry["by"] for entry in work.ledger.entries("batch.settled", batch)}
    for step in resent(work, batch):
        if step.by not in done:
            _close_rows(work, batch, recorded_batch(work, step.by), set(step.rows))


def _close_rows(work: Workplace, batch: str, by: Batch, brought: set[int]) -> None:
    restore_outcomes(work, batch)
    rejected = {row.number for row in rejected_rows(work, batch)}
    before = _told_rows(work, batch) & rejected
    now = brought & rejected - before
    settlement = _settlement(by, len(rejected), len(before) + len(now), len(now))
    if now:
        state = "settling" if settlement["open"] else "closed"
        _close(work, batch, state, settlement, _closed_findings(work, batch, now))
    else:
        work.ledger.append("batch.settled", batch, settlement)


def _told_rows(work: Workplace, batch: str) -> set[int]:
    """The rows of which the ledger says already that they are settled."""
    usual = {step.by: set(step.rows) for step in resent(work, batch)}
    by = [entry["by"] for entry in work.ledger.entries("batch.settled", batch)]
    return {row for each in by for row in usual.get(each) or accepted_rows(work.folder.batch(each).checked)}


def _settlement(by: Batch, rejected: int, settled: int, now: int) -> dict[str, Any]:
    return {
        "rejected": rejected,
        "settled": settled,
        "settled_now": now,
        "open": rejected - settled,
        "by": by.id,
        "by_file": by.file,
    }


def _close(work: Workplace, batch: str, state: str, settlement: Mapping[str, Any], findings: Mapping[str, int]) -> None:
    """Issue the next closing receipt of a batch, and note it."""
    number = 1 + sum(1 for entry in work.ledger.entries("batch.settled", batch) if _was_told(entry))
    original = recorded_batch(work, batch)
    counts = _counts(work, batch)
    receipts.issue_closing(work, original, state, counts, number=number, findings=findings, settlement=settlement)
    work.ledger.append("batch.settled", batch, settlement)


def _was_told(settled: Mapping[str, Any]) -> bool:
    """Whether a closing receipt was issued for an entry."""
    return bool(settled["settled_now"]) or not settled["rejected"]


def _counts(work: Workplace, batch: str) -> Counts:
    """What the batch has come to by now."""
    newest = Counts()
    for kind in ("batch.merged", "batch.released"):
        for entry in work.ledger.entries(kind, batch):
            newest = Counts.of(entry)
    return newest


def _closed_findings(work: Workplace, batch: str, rows: set[int]) -> Counter[str]:
    """How many findings of each code are closed with these rows."""
    counts: Counter[str] = Counter()
    file = parquet.ParquetFile(work.folder.batch(batch).checked / FINDINGS)
    for part in file.iter_batches(columns=["row", "code", "severity"]):
        for each in part.to_pylist():
            if each["row"] in rows and each["severity"] == Severity.REJECT:
                counts[each["code"]] += 1
    return counts
