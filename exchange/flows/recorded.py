"""What the ledger says of a node's batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch


def recorded_batch(work: Workplace, batch: str) -> Batch:
    """A batch as it was recorded; KeyError when there is none of this id."""
    for entry in work.ledger.entries("batch.recorded", batch):
        return batch_of(work, entry)
    raise KeyError(batch)


def batch_of(work: Workplace, entry: Mapping[str, Any]) -> Batch:
    """The batch that a `batch.recorded` entry records."""
    return Batch(
        id=entry["subject"],
        node=work.node.code,
        source=entry["source"],
        dataset=entry["dataset"],
        file=entry["file"],
        size=entry["size"],
        sha256=entry["sha256"],
        corrects=entry.get("corrects", ""),
    )


def unfinished(work: Workplace, *kinds: str) -> Iterator[Batch]:
    """The recorded batches for which none of these kinds of entry exist yet, in the order of recording."""
    done = {entry["subject"] for kind in kinds for entry in work.ledger.entries(kind)}
    for entry in work.ledger.entries("batch.recorded"):
        if entry["subject"] not in done:
            yield batch_of(work, entry)
