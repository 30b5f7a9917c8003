"""A snapshot: an immutable DuckDB file that readers open while the store goes on being written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from exchange.files import move, sync_folder
from exchange.model.dataset import Dataset
from exchange.model.folders import NodeFolder
from exchange.model.record_sql import literal
from exchange.model.reference import Reference
from exchange.store.about import About, write_about
from exchange.store.connection import reading
from exchange.store.quality import write_quality
from exchange.store.served_corrections import write_corrections
from exchange.store.served_licences import write_licences
from exchange.store.serving import write_dataset

CURRENT = "current"


def publish_snapshot(
    folder: NodeFolder,
    datasets: Sequence[Dataset],
    about: About,
    reference: Reference | None = None,
    *,
    keep: int,
) -> Path:
    """Make a snapshot of a node's store, make it the current one, and remove those past the newest `keep`.

    A reader sees the old one or the new one, never a part; one who still has an old file open keeps it.
    """
    folder.snapshots.mkdir(parents=True, exist_ok=True, mode=0o750)
    _sweep(folder.snapshots)
    name = f"{about.node}-{about.at:%Y%m%dT%H%M%S%f}.duckdb"
    draft = folder.snapshots / f".{name}.tmp"
    with reading(folder.store, folder.lock) as store:
        _write(store, draft, datasets, about, reference)
    draft.chmod(0o440)
    target = folder.snapshots / name
    move(draft, target)
    _make_current(target)
    _drop_old(folder.snapshots, about.node, keep)
    return target


def current_snapshot(folder: NodeFolder) -> Path | None:
    """The newest published snapshot of a node; None before the first."""
    link = folder.snapshots / CURRENT
    return link.resolve() if link.exists() else None


def _write(
    store: duckdb.DuckDBPyConnection,
    draft: Path,
    datasets: Sequence[Dataset],
    about: About,
    reference: Reference | None,
) -> None:
    """Copy what is served out of the store, which is only read, into the draft."""
    store.execute(f"ATTACH {literal(str(draft))} AS snapshot (READ_WRITE)")
    store.begin()
    for dataset in datasets:
        write_dataset(store, dataset, masked=about.masked)
    write_about(store, datasets, about)
    write_quality(store, datasets, reference)
    write_corrections(store, datasets, masked=about.masked)
    write_licences(store, datasets)
    store.commit()
    store.execute("CHECKPOINT snapshot")
    store.execute("DETACH snapshot")


def _make_current(target: Path) -> None:
    link = target.with_name(f".{CURRENT}.{os.getpid()}.tmp")
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(target.with_name(CURRENT))
    sync_folder(target.parent)


def _drop_old(folder: Path, node: str, keep: int) -> None:
    published = sorted(folder.glob(f"{node}-*.duckdb"))
    for path in published[:-keep]:
        path.unlink()


def _sweep(folder: Path) -> None:
    """Remove what a killed run left unfinished; the store's lock is not needed, as one process publishes at a time."""
    for path in folder.glob(".*.tmp*"):
        path.unlink()
