"""Share back (回流): what concerns each child, described, signed and sent down, with what was corrected and why."""

from __future__ import annotations

import tempfile
from pathlib import Path

from exchange.flows.acknowledge import acknowledge_shares
from exchange.flows.overruled import write_corrections
from exchange.flows.push import seal
from exchange.flows.sending import send_open
from exchange.flows.workplace import Workplace
from exchange.model.merged import Sealed
from exchange.model.package import CORRECTIONS, Channel, Manifest, Resource
from exchange.packages import sha256_of
from exchange.ports import Store


def share_back(work: Workplace) -> list[str]:
    """Take in the children's receipts, seal what is new to each, and send what is not acknowledged; what was sent.

    A child is given the records of things with an identity (licences) that concern its divisions: those that this
    node's parent has shared, as they came, and of all others this node's own golden records.
    """
    children = work.site.children(work.node.code)
    if not children:
        return []
    acknowledge_shares(work)
    sealed: dict[Channel, list[Sealed]] = {}
    with work.open_store(work.node.code) as store:
        for child in children:
            channel = work.channel_down(child.code)
            _seal(work, store, channel)
            sealed[channel] = store.sharing.sealed(child.code)
    return [name for channel, packages in sealed.items() for name in send_open(work, channel, packages)]


def _seal(work: Workplace, store: Store, channel: Channel) -> None:
    packages = store.sharing.sealed(channel.child)
    window = (packages[-1].to_seq if packages else 0, store.last_seq())
    work.folder.outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=work.folder.outbox) as folder:
        resources, files = _changes(work, store, channel, window, Path(folder))
        if not resources:
            return
        manifest = Manifest(channel, len(packages) + 1, *window, tuple(resources), ())
        store.sharing.note_sealed(channel.child, seal(work, manifest, files, Path(folder)), files)


def _changes(
    work: Workplace, store: Store, channel: Channel, window: tuple[int, int], folder: Path
) -> tuple[list[Resource], dict[str, Path]]:
    territory = work.territory(channel.child)
    resources: list[Resource] = []
    files: dict[str, Path] = {}
    disputed: dict[str, Path] = {}
    for dataset in work.ordered_datasets():
        path, apart = folder / f"{dataset.name}.parquet", folder / f"{dataset.name}.disputed"
        records = store.sharing.write_shares(dataset, territory, window, path, apart) if dataset.identity else 0
        if records:
            resources.append(Resource(dataset.name, dataset.revision, records, sha256_of(path)))
            files[dataset.name], disputed[dataset.name] = path, apart
    path = folder / f"{CORRECTIONS}.parquet"
    corrections = write_corrections(work, store, channel.child, disputed, path)
    if corrections:
        resources.append(Resource(CORRECTIONS, 1, corrections, sha256_of(path)))
        files[CORRECTIONS] = path
    return resources, files
