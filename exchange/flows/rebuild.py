"""Rebuild: a node's store made anew from the files that were kept, in the order in which they were applied."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.errors import FatalError
from exchange.flows.channels import DOWN, UP, Kinds
from exchange.flows.check import check_batch
from exchange.flows.decide import follow_decisions
from exchange.flows.recorded import recorded_batch
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.merged import Sealed
from exchange.model.package import Channel, Total
from exchange.packages import Opened, Refused, open_package, sha256_of
from exchange.ports import Store
from exchange.text import Text


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was replayed, and what the store holds now."""

    batches: int
    packages: int
    totals: tuple[Total, ...]


def rebuild(work: Workplace, store: Store) -> Rebuilt:
    """Replay everything that was applied into an empty store, each change under the number that it had.

    Numbers between them were those of decisions, and of licences told apart by new rules: they stay unused. A batch
    whose checked files are gone is checked anew from the department's own file. FatalError when something that was
    applied was not kept.
    """
    batches = packages = 0
    for entry in _applied(work):
        store.advance(int(entry["seq"]) - 1)
        if entry["kind"] == "batch.merged":
            _replay_batch(work, store, entry)
            batches += 1
        else:
            _replay_package(work, store, entry)
            packages += 1
    _follow_decisions(work, store)
    _replay_sent(work, store)
    _replay_shared(work, store)
    store.checkpoint()
    return Rebuilt(batches, packages, tuple(store.totals(sent=False)))


def _follow_decisions(work: Workplace, store: Store) -> None:
    """Follow what was decided; what that changes comes after all that was sent before, so that it is sent anew.

    A licence is a function of claims and decisions: when each decision was made does not matter.
    """
    sent = (package.to_seq for kinds in (UP, DOWN) for _, package in _sent(work, kinds))
    store.advance(max(sent, default=0))
    follow_decisions(work, store)


def _applied(work: Workplace) -> Iterator[Mapping[str, Any]]:
    """The entries of everything that was applied, by change number."""
    kinds = ("batch.merged", "package.received", "share.received")
    entries = [entry for kind in kinds for entry in work.ledger.entries(kind)]
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
    sender = entry["subject"].split("-", 1)[0]
    down = entry["kind"] == "share.received"
    channel = Channel(work.node.code, sender, down=True) if down else work.channel_to(sender)
    with _reopened(work, channel, work.folder.inbox(sender), entry) as opened:
        apply = store.sharing.take if down else store.receive
        apply(opened.manifest, entry["sha256"], opened.files)


@contextmanager
def _reopened(work: Workplace, channel: Channel, kept: Path, entry: Mapping[str, Any]) -> Iterator[Opened]:
    """A package that was kept, opened again; FatalError when it is gone or is not what it was."""
    package = kept / entry["subject"]
    if not package.exists() or sha256_of(package) != entry["sha256"]:
        raise FatalError(
            Text(
                f"已处理的数据包 {package.name} 没有保存或内容已变，无法重建。请从备份恢复 {kept.name} 目录。",
                f"The package {package.name} was not kept or has changed. Restore folder {kept.name} from a backup.",
            )
        )
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        opened = open_package(package, channel, work.keys.public(channel.sender), Path(folder))
        if isinstance(opened, Refused):
            raise FatalError(opened.reason)
        yield opened


def _replay_sent(work: Workplace, store: Store) -> None:
    """Note again which changes the parent was sent, so that the next package goes on where the last one ended."""
    for _, package in _sent(work, UP):
        store.note_sealed(package)


def _replay_shared(work: Workplace, store: Store) -> None:
    """Note again what each child was sent, so that it is told of what concerns it no longer."""
    for entry, package in _sent(work, DOWN):
        channel = work.channel_down(entry["subject"].split("-")[1])
        with _reopened(work, channel, work.folder.outbox, entry) as opened:
            store.sharing.note_sealed(channel.child, package, opened.files)


def _sent(work: Workplace, kinds: Kinds) -> Iterator[tuple[Mapping[str, Any], Sealed]]:
    acknowledged = {entry["subject"] for entry in work.ledger.entries(kinds.acknowledged)}
    for entry in work.ledger.entries(kinds.sealed):
        answered = entry["subject"] in acknowledged
        yield (
            entry,
            Sealed(int(entry["package"]), entry["from_seq"], entry["to_seq"], entry["sha256"], acknowledged=answered),
        )
