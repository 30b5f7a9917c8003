"""What became of a batch's rejected rows: which were brought again, which are settled, which are still open.

A correction is a batch that brings rejected rows of an earlier one again: a corrected slip, or a recheck. Its rows
bear the numbers that they have in that earlier batch, so a row is settled when a correction's check accepts its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from pyarrow import parquet

from exchange.flows.recorded import batch_of
from exchange.flows.resent import resent
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch
from exchange.validation.outcome_files import ACCEPTED, REJECTED

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One rejected row as the outcome of its check keeps it; `cells` is the department's own row as JSON."""

    number: int
    line: int
    cells: str


def accepted_rows(checked: Path) -> set[int]:
    """The numbers of the rows of a correction that its check accepted; its rows are checked one by one."""
    parts = parquet.ParquetFile(checked / ACCEPTED).iter_batches(columns=["_row"])
    return {number for part in parts for number in part.column("_row").to_pylist()}


def rows_read(work: Workplace, batch: str) -> int:
    """How many rows a batch had when it was checked first."""
    return next((int(entry["read"]) for entry in work.ledger.entries("batch.checked", batch)), 0)


def rejected_rows(work: Workplace, batch: str) -> Iterator[Kept]:
    """The rows that a batch's check rejected, in the order of their numbers."""
    file = work.folder.batch(batch).checked / REJECTED
    for part in parquet.ParquetFile(file).iter_batches(_AT_ONCE, columns=["_row", "_line", "cells"]):
        for each in part.to_pylist():
            yield Kept(each["_row"], each["_line"], each["cells"])


def corrections(work: Workplace, batch: str, before: str = "") -> list[Batch]:
    """The checked corrections of a batch in the order in which they were recorded; those recorded before another."""
    checked = {entry["subject"] for entry in work.ledger.entries("batch.checked")}
    recorded = takewhile(lambda entry: entry["subject"] != before, work.ledger.entries("batch.recorded"))
    return [
        batch_of(work, entry) for entry in recorded if entry.get("corrects") == batch and entry["subject"] in checked
    ]


def settled_rows(work: Workplace, batch: str, before: str = "") -> set[int]:
    """The numbers of a batch's rejected rows that were settled; by what was recorded before another batch."""
    some = corrections(work, batch, before)
    brought = {row for each in some for row in accepted_rows(work.folder.batch(each.id).checked)}
    usual = resent(work, batch)
    if before and usual:
        recorded = takewhile(lambda entry: entry["subject"] != before, work.ledger.entries("batch.recorded"))
        earlier = {entry["subject"] for entry in recorded}
        usual = [each for each in usual if each.by in earlier]
    brought |= {row for each in usual for row in each.rows}
    return brought & {row.number for row in rejected_rows(work, batch)} if brought else brought


def newest_attempts(work: Workplace, some: list[Batch], numbers: set[int]) -> dict[int, list[str]]:
    """What these corrections held in rows that were rejected again, the newest first; of these row numbers only."""
    attempts: dict[int, list[str]] = {}
    for each in reversed(some):
        for row in rejected_rows(work, each.id):
            if row.number in numbers:
                attempts.setdefault(row.number, []).append(row.cells)
    return attempts


def open_rows(work: Workplace, batch: str) -> Iterator[Kept]:
    """The rejected rows that no correction has settled, each as it was brought last."""
    some, settled = corrections(work, batch), settled_rows(work, batch)
    numbers = {row.number for row in rejected_rows(work, batch)} - settled if some else set()
    attempts = newest_attempts(work, some, numbers)
    for row in rejected_rows(work, batch):
        if row.number not in settled:
            newest = attempts.get(row.number)
            yield Kept(row.number, row.line, newest[0]) if newest else row
