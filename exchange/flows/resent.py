"""Rejected rows that came again in another file, and so are settled: kept beside the batch that they were in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from exchange.files import put
from exchange.flows.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Resent:
    """Rows of a batch, by their numbers, that a later batch `by` brought again."""

    by: str
    rows: tuple[int, ...]


def resent(work: Workplace, batch: str) -> list[Resent]:
    """What came again of a batch's rejected rows, in the order in which it was found."""
    file = _file(work, batch)
    if not file.exists():
        return []
    return [Resent(each["by"], tuple(each["rows"])) for each in json.loads(file.read_bytes())]


def add_resent(work: Workplace, batch: str, more: Iterable[Resent]) -> None:
    """Keep what was found to have come again."""
    steps = [asdict(each) for each in (*resent(work, batch), *more)]
    put(_file(work, batch), json.dumps(steps).encode())


def _file(work: Workplace, batch: str) -> Path:
    return work.folder.batch(batch).root / "resent.json"
