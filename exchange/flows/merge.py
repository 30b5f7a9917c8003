"""Merge: the checked batches into the node's store, each once, and a receipt for each."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.flows import receipts
from exchange.flows.closing import close_settled
from exchange.flows.decide import follow_decisions
from exchange.flows.licence_counts import note_licence_counts
from exchange.flows.recorded import recorded_batch, unfinished
from exchange.flows.sent_again import note_resent
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.merged import Merged, Release
from exchange.ports import Store


def merge(work: Workplace) -> list[Merged]:
    """Apply every batch that is checked and not yet merged, in the order in which they were recorded."""
    merged = []
    with work.open_store(work.node.code) as store:
        follow_decisions(work, store)
        waiting = list(unfinished(work, "batch.merged", "batch.refused"))
        for batch in waiting:
            checked = next(work.ledger.entries("batch.checked", batch.id), None)
            if checked is not None:
                counts = Counts(checked["read"], 0, checked["rejected"], 0, 0, checked["repaired"])
                merged.append(_merge_one(work, store, batch, counts))
        _note_releases(work, store)
        close_settled(work)
        done = {each.batch for each in merged}
        note_resent(work, store, [batch for batch in waiting if batch.id in done])
        note_licence_counts(work, store)
    _answer_again(work)
    return merged


def _merge_one(work: Workplace, store: Store, batch: Batch, found: Counts) -> Merged:
    done = store.merge(batch, work.folder.batch(batch.id).checked / "accepted.parquet", found)
    original = _before_releases(store, done)
    _issue(work, batch, original, store.findings(batch.id, done.seq))
    work.ledger.append("batch.merged", batch.id, {**original.as_dict(), "seq": done.seq})
    return done


def _before_releases(store: Store, done: Merged) -> Counts:
    """The counts as they were when the batch was merged, also when a killed run left the ledger behind the store."""
    counts = done.counts
    for release in store.releases(0):
        if release.batch == done.batch:
            counts = counts.released(-release.accepted, -release.duplicate)
    return counts


def _issue(work: Workplace, batch: Batch, counts: Counts, between: Mapping[str, int]) -> None:
    """`between`: findings between these rows and other records, which come beside those of the check."""
    checked = next(work.ledger.entries("batch.checked", batch.id))
    receipts.issue(work, batch, "merged", counts, findings={**checked["by_code"], **between})


def _note_releases(work: Workplace, store: Store) -> None:
    """Sequels to the receipts of batches whose parked rows were let in since the last round."""
    noted = {(entry["subject"], entry["seq"]) for entry in work.ledger.entries("batch.released")}
    first = {entry["subject"]: entry for entry in work.ledger.entries("batch.merged")}
    sequels: dict[str, int] = {}
    so_far: dict[str, Counts] = {}
    for release in store.releases(0):
        sequels[release.batch] = sequels.get(release.batch, 0) + 1
        before = so_far.get(release.batch) or Counts.of(first[release.batch])
        so_far[release.batch] = before.released(release.accepted, release.duplicate)
        if (release.batch, release.seq) not in noted:
            between = store.findings(release.batch, release.seq)
            _note_release(work, release, so_far[release.batch], sequels[release.batch], between)


def _note_release(work: Workplace, release: Release, counts: Counts, sequel: int, between: Mapping[str, int]) -> None:
    batch = recorded_batch(work, release.batch)
    receipts.issue(work, batch, "released", counts, sequel=sequel, findings=between)
    work.ledger.append("batch.released", release.batch, {**counts.as_dict(), "seq": release.seq})


def _answer_again(work: Workplace) -> None:
    """A file that was sent again gets the original receipt, under its new name too."""
    for entry in work.ledger.entries("delivery"):
        receipts.issue_again(work, entry["subject"], entry["source"], entry["file"])
