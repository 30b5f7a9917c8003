"""Recheck: what was rejected is checked again after a rule, code map, mapping or catalogue was mended on our side."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.files import move
from exchange.flows.brought_again import RECHECKED, keep_rows
from exchange.flows.check import check, outcome, restore_outcomes
from exchange.flows.collect import source_busy
from exchange.flows.corrections import Kept, accepted_rows, open_rows
from exchange.flows.merge import merge
from exchange.flows.recorded import batch_of, unfinished
from exchange.flows.workplace import Workplace
from exchange.locks import exclusive
from exchange.model.batch import Batch, batch_id
from exchange.model.row import Row
from exchange.packages import sha256_of


@dataclass(frozen=True, slots=True)
class Rechecked:
    """One earlier batch: its open rows before, how many were let in now, and the batch that brought them, if any.

    `refused` means that the whole file had been refused: then `let_in` are the rows that the file has been found to
    have now and that were accepted, and `open_rows` is 0.
    """

    node: str
    source: str
    file: str
    batch: str
    refused: bool
    open_rows: int
    let_in: int
    by: str


def recheck(work: Workplace, batch: str = "", source: str = "") -> list[Rechecked]:
    """Check the open rejected rows and refused files of a node again; one batch (an id, or how it begins), or a source.

    Rows that pass now become a batch of their own that descends from the earlier one; it is checked and merged as any
    other, and the earlier batch gets its closing receipt. Where nothing passes nothing happens.
    """
    done: list[Rechecked] = []
    wanted = list(_wanted(work, batch, source))
    for contract in work.node.sources:
        mine = [each for each in wanted if each.source == contract.id]
        if not mine:
            continue
        with exclusive(work.folder.incoming / f"{contract.id}.lock", source_busy(contract.id)):
            done += [found for each in mine if (found := _recheck(work, each)) is not None]
        check(work, contract.id)
    if any(unfinished(work, "batch.merged", "batch.refused")):
        merge(work)
    return done


def _wanted(work: Workplace, batch: str, source: str) -> Iterator[Batch]:
    """The batches that may have open rows, or were refused, and that the contracts of today still describe."""
    feeds = {(contract.id, feed.dataset) for contract in work.node.sources for feed in contract.feeds}
    recorded = [batch_of(work, entry) for entry in work.ledger.entries("batch.recorded")]
    originals = {each.corrects or each.id for each in recorded if each.id.startswith(batch)}
    for each in recorded:
        chosen = each.id in originals and source in {"", each.source}
        if chosen and not each.corrects and (each.source, each.dataset) in feeds:
            yield each


def _recheck(work: Workplace, batch: Batch) -> Rechecked | None:
    """One batch; None when it has nothing to check again."""
    scratch = work.folder.root / "rechecking" / batch.source
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, mode=0o700)
    try:
        if next(work.ledger.entries("batch.refused", batch.id), None) is not None:
            return _recheck_file(work, batch, scratch)
        if next(work.ledger.entries("batch.checked", batch.id), None) is not None:
            return _recheck_rows(work, batch, scratch)
        return None
    finally:
        shutil.rmtree(scratch)


def _recheck_rows(work: Workplace, batch: Batch, scratch: Path) -> Rechecked | None:
    """Try all open rows; those that pass are kept as a batch of their own."""
    restore_outcomes(work, batch.id)
    trial, kept = scratch / RECHECKED, scratch / "passing" / RECHECKED
    rows = keep_rows(_readable(work, batch), trial)
    if not rows:
        return None
    outcome(work, replace(batch, corrects=batch.id), trial, scratch / "checked")
    passing = accepted_rows(scratch / "checked")
    by = ""
    if passing:
        kept.parent.mkdir()
        keep_rows((row for row in _readable(work, batch) if row.number in passing), kept)
        sha256 = sha256_of(kept)
        by = batch_id(batch.source, batch.dataset, sha256)
        _record(work, replace(batch, id=by, size=kept.stat().st_size, sha256=sha256), kept, {"corrects": batch.id})
    return Rechecked(work.node.code, batch.source, batch.file, batch.id, False, rows, len(passing), by)


def _recheck_file(work: Workplace, batch: Batch, scratch: Path) -> Rechecked | None:
    """Try a refused file; one that can be read now is taken in as a batch of its own, of the same bytes."""
    if any(entry.get("rereads") == batch.id for entry in work.ledger.entries("batch.recorded")):
        return None
    raw = work.folder.batch(batch.id).raw_file()
    summary = outcome(work, batch, raw, scratch / "checked")
    by = ""
    if summary.refused is None:
        by = batch_id(batch.source, batch.dataset, f"{batch.sha256} rechecked")
        (scratch / raw.name).hardlink_to(raw)
        _record(work, replace(batch, id=by), scratch / raw.name, {"rereads": batch.id})
    return Rechecked(work.node.code, batch.source, batch.file, batch.id, True, 0, summary.accepted, by)


def _readable(work: Workplace, batch: Batch) -> Iterator[Kept]:
    """The open rows; one that could not be read is read from the kept file again, if it can be read by now.

    Where the format of the contract was changed, so that rows are counted otherwise, such a row is not found again and
    stays as it is.
    """
    unread = {(row.number, row.line) for row in open_rows(work, batch.id) if row.cells == _NOTHING}
    found: dict[int, str] = {}
    if unread:
        spec = work.feed(batch.source, batch.dataset).format.spec()
        for each in work.reader.rows(work.folder.batch(batch.id).raw_file(), spec, frozenset()):
            if isinstance(each, Row) and (each.number, each.line) in unread:
                found[each.number] = json.dumps(each.cells)
    for row in open_rows(work, batch.id):
        yield Kept(row.number, row.line, found.get(row.number, row.cells))


def _record(work: Workplace, batch: Batch, file: Path, link: Mapping[str, str]) -> None:
    """Keep a file as a batch's own and write the batch down, once."""
    raw = work.folder.batch(batch.id).raw
    raw.mkdir(parents=True, exist_ok=True, mode=0o700)
    move(file, raw / file.name)
    if next(work.ledger.entries("batch.recorded", batch.id), None) is None:
        body = {
            "source": batch.source,
            "dataset": batch.dataset,
            "file": batch.file,
            "size": batch.size,
            "sha256": batch.sha256,
            **link,
        }
        work.ledger.append("batch.recorded", batch.id, body)


_NOTHING = "{}"
