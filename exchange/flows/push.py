"""Push: what changed since the last package, described, signed and sent to the parent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from exchange.files import move
from exchange.flows.sending import send_open
from exchange.flows.workplace import Workplace
from exchange.model.merged import Sealed
from exchange.model.package import Channel, Manifest, Resource
from exchange.packages import package_name, seal_package, sha256_of
from exchange.ports import Store


def push(work: Workplace) -> list[str]:
    """Seal what is new, and send every package that the parent has not acknowledged; the names of those sent.

    A node without a parent sends nothing. A package that was sent and not answered is sent again as it was.
    """
    channel = work.channel_up()
    if channel is None:
        return []
    with work.open_store(work.node.code) as store:
        _seal(work, store, channel)
        packages = store.sealed()
    return send_open(work, channel, packages)


def _seal(work: Workplace, store: Store, channel: Channel) -> None:
    packages = store.sealed()
    after = packages[-1].to_seq if packages else 0
    upto = store.last_seq()
    work.folder.outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=work.folder.outbox) as folder:
        resources, files = _changes(work, store, after, upto, Path(folder))
        if not resources:
            return
        number = len(packages) + 1
        manifest = Manifest(channel, number, after, upto, resources, tuple(store.totals(sent=True)))
        store.note_sealed(seal(work, manifest, files, Path(folder)))


def seal(work: Workplace, manifest: Manifest, files: Mapping[str, Path], folder: Path) -> Sealed:
    """Seal a package and keep it among those that the node has sealed; `folder` is for the draft."""
    draft = folder / "package"
    seal_package(manifest, files, work.keys.private(work.node.code), draft)
    sha256 = sha256_of(draft)
    move(draft, work.folder.outbox / package_name(manifest.channel, manifest.number))
    return Sealed(manifest.number, manifest.from_seq, manifest.to_seq, sha256, acknowledged=False)


def _changes(
    work: Workplace, store: Store, after: int, upto: int, folder: Path
) -> tuple[tuple[Resource, ...], Mapping[str, Path]]:
    resources, files = [], {}
    for dataset in work.ordered_datasets():
        path = folder / f"{dataset.name}.parquet"
        records = store.write_changes(dataset, after, upto, path)
        if records:
            resources.append(Resource(dataset.name, dataset.revision, records, sha256_of(path)))
            files[dataset.name] = path
    return tuple(resources), files
