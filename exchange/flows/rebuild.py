"""Rebuild: a node's store made anew from the files that were kept, in the order in which they were applied."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.errors import FatalError
from exchange.flows.check import check_batch
from exchange.flows.recorded import recorded_batch
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.merged import Sealed
from exchange.model.package import Total
from exchange.packages import Refused, open_package, sha256_of
from exchange.ports import Store
from exchange.text import Text


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was replayed, and what the store holds now."""

    batches: int
    packages: int
    totals: tuple[Total, ...]


def rebuild(work: Workplace, store: Store) -> Rebuilt:
    """Replay everything that was applied into an empty store.

    A batch whose checked files are gone is checked anew from the department's own file. FatalError when something that
    was applied was not kept.
    """
    batches = packages = 0
    for entry in _applied(work):
        if entry["kind"] == "batch.merged":
            _replay_batch(work, store, entry)
            batches += 1
        else:
            _replay_package(work, store, entry)
            packages += 1
    _replay_sent(work, store)
    store.checkpoint()
    return Rebuilt(batches, packages, tuple(store.totals(sent=False)))


def _applied(work: Workplace) -> Iterator[Mapping[str, Any]]:
    """The entries of everything that was applied, by change number."""
    entries = [*work.ledger.entries("batch.merged"), *work.ledger.entries("package.received")]
    yield from sorted(entries, key=lambda entry: int(entry["seq"]))


def _replay_batch(work: Workplace, store: Store, entry: Mapping[str, Any]) -> None:
    batch = recorded_batch(work, entry["subject"])
    accepted = work.folder.batch(batch.id).checked / "accepted.parquet"
    found = Counts(entry["read"], 0, entry["rejected"], 0, 0, entry["repaired"])
    if not accepted.exists():
        found = _check_anew(work, batch)
    store.merge(batch, accepted, found)


def _check_anew(work: Workplace, batch: Batch) -> Counts:
    """What the check finds now; it is what it found then unless the contract or the catalogue was changed since."""
    if batch.source not in {contract.id for contract in work.node.sources}:
        raise FatalError(
            Text(
                f"批次 {batch.id} 的检查结果已丢失，而来源 {batch.source} 的约定也已删除，无法重新检查。"
                "请恢复该来源的约定后再重建。",
                f"The checked files of batch {batch.id} are gone, and so is the contract of its source {batch.source}. "
                "Restore the contract and rebuild again.",
            )
        )
    summary = check_batch(work, batch)
    return Counts(summary.read, 0, summary.rejected, 0, 0, summary.repaired)


def _replay_package(work: Workplace, store: Store, entry: Mapping[str, Any]) -> None:
    name = entry["subject"]
    child = name.split("-", 1)[0]
    package = work.folder.inbox(child) / name
    if not package.exists() or sha256_of(package) != entry["sha256"]:
        raise FatalError(
            Text(
                f"已入库的数据包 {name} 没有保存或内容已变，无法重建。请从备份恢复 {package.parent.name} 目录。",
                f"The applied package {name} was not kept or has changed. Restore the folder {package.parent.name} "
                "from a backup.",
            )
        )
    with tempfile.TemporaryDirectory(dir=package.parent) as folder:
        opened = open_package(package, work.channel_to(child), work.keys.public(child), Path(folder))
        if isinstance(opened, Refused):
            raise FatalError(opened.reason)
        store.receive(opened.manifest, sha256_of(package), opened.files)


def _replay_sent(work: Workplace, store: Store) -> None:
    """Note again which changes the parent was sent, so that the next package goes on where the last one ended."""
    acknowledged = {entry["subject"] for entry in work.ledger.entries("package.acknowledged")}
    for entry in work.ledger.entries("package.sealed"):
        store.note_sealed(
            Sealed(
                int(entry["package"]),
                entry["from_seq"],
                entry["to_seq"],
                entry["sha256"],
                acknowledged=entry["subject"] in acknowledged,
            )
        )
