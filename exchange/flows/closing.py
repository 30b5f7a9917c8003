"""Closing: rows that were rejected and are settled now are told to whoever sent them, in a signed closing receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pyarrow import parquet

from exchange.flows import receipts
from exchange.flows.corrections import accepted_rows, corrections, rejected_rows, settled_by
from exchange.flows.recorded import batch_of, recorded_batch
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.findings import Severity
from exchange.validation.outcome_files import FINDINGS


def close_settled(work: Workplace) -> None:
    """Answer for every merged correction, once: which rows of the earlier batch it settled, and which are still open.

    The `batch.settled` entry of the earlier batch says that it was done. A correction that settled nothing has its own
    receipt, and no closing receipt.
    """
    done = {entry["by"] for entry in work.ledger.entries("batch.settled")}
    merged = {entry["subject"] for entry in work.ledger.entries("batch.merged")}
    for entry in work.ledger.entries("batch.recorded"):
        if entry["subject"] in merged - done:
            if entry.get("corrects"):
                _close(work, batch_of(work, entry))
            elif entry.get("rereads"):
                _close_reread(work, batch_of(work, entry), entry["rereads"])


def _close(work: Workplace, correction: Batch) -> None:
    original = recorded_batch(work, correction.corrects)
    rejected = {row.number for row in rejected_rows(work, original.id)}
    before = settled_by(work, corrections(work, original.id, before=correction.id)) & rejected
    now = accepted_rows(work.folder.batch(correction.id).checked) & rejected - before
    settlement = {
        "rejected": len(rejected),
        "settled": len(before) + len(now),
        "settled_now": len(now),
        "open": len(rejected) - len(before) - len(now),
        "by": correction.id,
        "by_file": correction.file,
    }
    if now:
        state = "settling" if settlement["open"] else "closed"
        _issue(work, original, state, settlement, _closed_findings(work, original.id, now))
    work.ledger.append("batch.settled", original.id, settlement)


def _close_reread(work: Workplace, reread: Batch, refused: str) -> None:
    settlement = {
        "rejected": 0,
        "settled": 0,
        "settled_now": 0,
        "open": 0,
        "by": reread.id,
        "by_file": reread.file,
    }
    _issue(work, recorded_batch(work, refused), "reread", settlement, {})
    work.ledger.append("batch.settled", refused, settlement)


def _issue(
    work: Workplace, original: Batch, state: str, settlement: Mapping[str, Any], findings: Mapping[str, int]
) -> None:
    number = 1 + sum(1 for entry in work.ledger.entries("batch.settled", original.id) if _was_told(entry))
    counts = _counts(work, original.id)
    receipts.issue_closing(work, original, state, counts, number=number, findings=findings, settlement=settlement)


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
