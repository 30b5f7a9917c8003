"""Rejected rows that their department has corrected in its own system and sent again in another file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from exchange.flows.check import origins, restore_outcomes
from exchange.flows.closing import close_resent
from exchange.flows.corrections import open_rows
from exchange.flows.recorded import batch_of
from exchange.flows.resent import Resent, add_resent, resent
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch
from exchange.model.row import Row
from exchange.ports import Store
from exchange.validation.mapping import RowMapper

_AT_ONCE = 10_000


def note_resent(work: Workplace, store: Store, arrived: Sequence[Batch]) -> None:
    """After batches were merged, find the open rows of earlier ones that these, or others since, have brought again.

    A row has come again when a record of its business key was applied out of a later file of its source. The batch's
    own corrections are not looked at: they name the rows that they bring.
    """
    kinds = {(batch.source, batch.dataset) for batch in arrived}
    feeds = {(contract.id, feed.dataset) for contract in work.node.sources for feed in contract.feeds}
    for batch in _with_open_rows(work):
        if (batch.source, batch.dataset) in kinds & feeds:
            restore_outcomes(work, batch.id)
            _find(work, store, batch)
        if resent(work, batch.id):
            close_resent(work, batch.id)


def _with_open_rows(work: Workplace) -> Iterator[Batch]:
    """The batches that have rejected rows which the ledger does not call settled."""
    left = {entry["subject"]: entry["open"] for entry in work.ledger.entries("batch.settled")}
    rejected = {entry["subject"]: entry["rejected"] for entry in work.ledger.entries("batch.checked")}
    for entry in work.ledger.entries("batch.recorded"):
        batch = batch_of(work, entry)
        if not batch.corrects and left.get(batch.id, rejected.get(batch.id, 0)):
            yield batch


def _find(work: Workplace, store: Store, batch: Batch) -> None:
    file = work.folder.batch(batch.id).root / "open.parquet"
    _write_open(work, batch, file)
    own = {entry["subject"] for entry in work.ledger.entries("batch.recorded") if entry.get("corrects") == batch.id}
    found = {row: by for row, by in store.come_since(batch, file).items() if by not in own}
    file.unlink()
    known = {each.by for each in resent(work, batch.id)}
    steps = [
        Resent(by, tuple(sorted(row for row, brought_by in found.items() if brought_by == by)))
        for by in sorted(set(found.values()) - known)
    ]
    if steps:
        add_resent(work, batch.id, steps)


def _write_open(work: Workplace, batch: Batch, file: Path) -> None:
    """The business keys of the open rows, as the contract of today maps them, and the rows' numbers."""
    key = work.datasets.get(batch.dataset).key
    schema = pa.schema([*((name, pa.string()) for name in key), ("_row", pa.int64())])
    with parquet.ParquetWriter(file, schema) as writer:
        part: list[Mapping[str, object]] = []
        for row in _keys(work, batch, key):
            part.append(row)
            if len(part) == _AT_ONCE:
                writer.write_table(pa.Table.from_pylist(part, schema))
                part.clear()
        writer.write_table(pa.Table.from_pylist(part, schema))


def _keys(work: Workplace, batch: Batch, key: tuple[str, ...]) -> Iterator[dict[str, object]]:
    feed = work.feed(batch.source, batch.dataset)
    mapper = RowMapper(work.datasets.get(batch.dataset, feed.revision), origins(feed.mapping), feed.codes)
    for kept in open_rows(work, batch.id):
        texts = mapper.prepare(Row(kept.number, kept.line, json.loads(kept.cells))).texts
        values = {name: texts.get(name) for name in key}
        if all(value is not None and _is_text(value) for value in values.values()):
            yield {**values, "_row": kept.number}


def _is_text(value: str) -> bool:
    """Whether a key can be one of a record at all: half a surrogate pair cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
