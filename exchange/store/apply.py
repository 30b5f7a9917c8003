"""One batch, or one package, as one transaction: the effect and the note that it happened stand or fall together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from exchange.model.batch import Batch, Counts
from exchange.model.dataset import Dataset
from exchange.model.merged import Merged, Received
from exchange.model.package import Manifest, Total
from exchange.store import merge, things
from exchange.store.case_findings import CaseFindings
from exchange.store.clock import next_seq
from exchange.store.incoming import read_accepted, read_changes
from exchange.store.licence_counts import note_batch_findings
from exchange.store.nearby import nearby
from exchange.store.sql import held


def apply_batch(
    connection: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    batch: Batch,
    accepted: Path,
    counts: Counts,
    cases: CaseFindings,
) -> Merged:
    """Merge a checked batch; `counts` brings what the check found (read, rejected, repaired)."""
    cases.begin()
    dataset = next(each for each in datasets if each.name == batch.dataset)
    seq = next_seq(connection)
    read_accepted(connection, dataset, batch, accepted)
    things.note(connection, dataset)
    ready, waiting = merge.settle(connection, dataset, seq)
    cases.touch(dataset)
    let_in, parked = ready.get(batch.id, 0), waiting.get(batch.id, 0)
    counts = Counts(
        read=counts.read,
        accepted=let_in,
        rejected=counts.rejected,
        duplicate=counts.read - counts.rejected - let_in - parked,
        parked=parked,
        repaired=counts.repaired,
    )
    connection.execute(
        "INSERT INTO hub.batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [batch.id, batch.source, batch.dataset, batch.file, seq, *counts.values()],
    )
    _note_superseded(connection, dataset, seq)
    things.renew(connection, dataset, batch.node, seq)
    _release(connection, datasets, dataset, batch.node, seq, cases)
    cases.renew(seq)
    note_batch_findings(connection, batch.id, seq)
    return Merged(batch.id, seq, counts, again=False)


def apply_package(
    connection: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    node: str,
    manifest: Manifest,
    sha256: str,
    files: Mapping[str, Path],
    cases: CaseFindings,
) -> Received:
    """Take in a child's package: its records replace those that the child sent before.

    References were settled where the records entered the hub, so nothing is parked here.
    """
    child, seq = manifest.channel.child, next_seq(connection)
    cases.begin()
    for dataset in datasets:
        if dataset.name in files:
            read_changes(connection, dataset, files[dataset.name])
            near = nearby(connection, dataset, "changed")
            merge.replace(connection, held(dataset), dataset, "held", seq, near)
            cases.touch(dataset)
            things.renew(connection, dataset, node, seq)
    cases.renew()
    records = sum(resource.records for resource in manifest.resources)
    connection.execute(
        "INSERT INTO hub.packages_in VALUES (?, ?, ?, ?, ?)", [child, manifest.number, sha256, seq, records]
    )
    _note_totals(connection, child, manifest.totals)
    return Received(child, manifest.number, sha256, seq, records, again=False)


def _release(
    connection: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    arrived: Dataset,
    node: str,
    seq: int,
    cases: CaseFindings,
) -> None:
    """Let in what waited for records of `arrived`, then what waited for those, and so on."""
    for dataset in datasets:
        if not any(reference.dataset == arrived.name for reference in dataset.references):
            continue
        taken = merge.take_parked(connection, dataset)
        if not taken:
            continue
        ready, _ = merge.settle(connection, dataset, seq)
        cases.touch(dataset)
        things.renew(connection, dataset, node, seq)
        for batch, count in taken.items():
            _note_release(connection, seq, batch, ready.get(batch, 0), count - ready.get(batch, 0))
        _release(connection, datasets, dataset, node, seq, cases)


def _note_superseded(connection: duckdb.DuckDBPyConnection, dataset: Dataset, seq: int) -> None:
    for batch, count in merge.superseded(connection, dataset).items():
        _note_release(connection, seq, batch, 0, count)


def _note_release(connection: duckdb.DuckDBPyConnection, seq: int, batch: str, accepted: int, duplicate: int) -> None:
    connection.execute("INSERT INTO hub.releases VALUES (?, ?, ?, ?)", [seq, batch, accepted, duplicate])
    connection.execute(
        "UPDATE hub.batches SET accepted = accepted + $accepted, duplicate = duplicate + $duplicate, "
        "parked = parked - $accepted - $duplicate WHERE batch = $batch",
        {"accepted": accepted, "duplicate": duplicate, "batch": batch},
    )


def _note_totals(connection: duckdb.DuckDBPyConnection, child: str, totals: Sequence[Total]) -> None:
    connection.execute("DELETE FROM hub.child_totals WHERE child = ?", [child])
    for total in totals:
        connection.execute(
            "INSERT INTO hub.child_totals VALUES (?, ?, ?, ?, ?)",
            [child, total.origin, total.dataset, total.records, total.digest],
        )
