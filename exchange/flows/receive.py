"""Receive: the children's packages, verified, each applied once and in the order of its channel, and answered."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from exchange.files import put
from exchange.flows.workplace import Workplace
from exchange.model.merged import Received
from exchange.model.package import Channel
from exchange.packages import Opened, Refused, open_package, package_name, sha256_of, signed
from exchange.ports import Store
from exchange.text import Text

LINEAGE = {
    "_origin": pa.string(),
    "_source": pa.string(),
    "_key": pa.uint64(),
    "_version": pa.string(),
    "_deleted": pa.bool_(),
    "_batch": pa.string(),
    "_file": pa.string(),
    "_row": pa.int64(),
    "_claims": pa.string(),
}
"""Where a travelling record comes from; its own fields stand beside these, as texts."""


def receive(work: Workplace) -> list[Received]:
    """Take in what the children have sent.

    A package that is not the next of its channel waits for those before it. One that is refused stops its channel, and
    no other, until the child sends it anew.
    """
    applied: list[Received] = []
    children = work.site.children(work.node.code)
    if not children:
        return applied
    with work.open_store(work.node.code) as store:
        for child in children:
            channel = work.channel_to(child.code)
            _fetch(work, channel)
            applied += _apply_in_order(work, store, channel)
    return applied


def _fetch(work: Workplace, channel: Channel) -> None:
    """Keep what waits at the door; what was answered before is answered again with the original receipt."""
    inbox = work.folder.inbox(channel.child)
    inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in list(work.uplink.waiting(channel)):
        answer = inbox / f"{name}.receipt.json"
        if answer.exists():
            work.uplink.answer(channel, name, answer.read_bytes())
        else:
            work.uplink.fetch(channel, name, inbox / name)
        work.uplink.done(channel, name)


def _apply_in_order(work: Workplace, store: Store, channel: Channel) -> list[Received]:
    applied = []
    while True:
        name = package_name(channel, store.last_received(channel.child) + 1)
        package = work.folder.inbox(channel.child) / name
        if not package.exists():
            break
        done = _apply(work, store, channel, package)
        if done is None:
            break
        applied.append(done)
    _answer_applied(work, store, channel)
    _note_waiting(work, store, channel)
    return applied


def _apply(work: Workplace, store: Store, channel: Channel, package: Path) -> Received | None:
    with tempfile.TemporaryDirectory(dir=package.parent) as folder:
        opened = open_package(package, channel, work.keys.public(channel.child), Path(folder))
        if isinstance(opened, Opened):
            opened = _of_known_shape(work, opened)
        if isinstance(opened, Opened):
            opened = _of_own_subtree(work, channel, opened)
        if isinstance(opened, Refused):
            _refuse(work, channel, package, opened)
            return None
        return store.receive(opened.manifest, sha256_of(package), opened.files)


def _of_known_shape(work: Workplace, opened: Opened) -> Opened | Refused:
    """What a child has signed may still be made by a faulty program: it must not stop the other children."""
    strange = [name for name, path in opened.files.items() if not _has_shape(work, name, path)]
    if strange:
        listed = ", ".join(sorted(strange))
        return Refused(
            Text(
                f"数据包中 {listed} 的格式无法识别，请下级核对程序版本。",
                f"The form of {listed} in the package is unknown here; the child should check its program's version.",
            )
        )
    return opened


def _has_shape(work: Workplace, name: str, path: Path) -> bool:
    """Whether a file holds the lineage columns and the key of a dataset that is known here, and texts beside them."""
    try:
        schema = parquet.read_schema(path)
    except (pa.ArrowException, OSError):
        return False
    if name not in work.datasets.names():
        return False
    types = {field.name: field.type for field in schema}
    lineage = all(types.get(column) == kind for column, kind in LINEAGE.items())
    key = all(column in types for column in work.datasets.get(name).key)
    return lineage and key and all(kind == pa.string() for column, kind in types.items() if column not in LINEAGE)


def _of_own_subtree(work: Workplace, channel: Channel, opened: Opened) -> Opened | Refused:
    """A child may only speak for itself and the nodes below it."""
    origins = {total.origin for total in opened.manifest.totals}
    for path in opened.files.values():
        origins |= set(parquet.read_table(path, columns=["_origin"]).column(0).unique().to_pylist())
    strangers = origins - work.site.below(channel.child)
    if strangers:
        listed = ", ".join(sorted(strangers))
        return Refused(
            Text(
                f"数据包含有不属于该节点及其下级的记录（{listed}）。",
                f"The package holds records of nodes that are not below its sender ({listed}).",
            )
        )
    return opened


def _answer_applied(work: Workplace, store: Store, channel: Channel) -> None:
    """Answer every applied package that has no receipt yet, also those that a killed run left without one."""
    for number in range(1, store.last_received(channel.child) + 1):
        name = package_name(channel, number)
        answer = work.folder.inbox(channel.child) / f"{name}.receipt.json"
        done = store.received(channel.child, number)
        if answer.exists() or done is None:
            continue
        body = {
            "package": name,
            "child": channel.child,
            "parent": channel.parent,
            "number": number,
            "sha256": done.sha256,
            "state": "applied",
            "state_zh": "已入库",
            "records": done.records,
            "seq": done.seq,
            "issued_at": work.clock.now().isoformat(timespec="seconds"),
        }
        work.ledger.append("package.received", name, {key: body[key] for key in ("sha256", "records", "seq")})
        receipt = signed(body, work.keys.private(work.node.code))
        put(answer, receipt)
        work.uplink.answer(channel, name, receipt)


def _refuse(work: Workplace, channel: Channel, package: Path, refused: Refused) -> None:
    sha256 = sha256_of(package)
    body = {"sha256": sha256, "reason_zh": refused.reason.zh, "reason_en": refused.reason.en}
    work.ledger.append("package.refused", package.name, body)
    receipt = signed(
        {**body, "package": package.name, "state": "refused", "state_zh": "拒收"}, work.keys.private(work.node.code)
    )
    work.uplink.answer(channel, package.name, receipt)
    package.replace(package.with_name(f"refused-{sha256[:12]}-{package.name}"))


def _note_waiting(work: Workplace, store: Store, channel: Channel) -> None:
    """Say in the ledger which package is missing when later ones are there."""
    number = store.last_received(channel.child) + 1
    missing = package_name(channel, number)
    kept = sorted(path.name for path in work.folder.inbox(channel.child).glob(f"{channel.name}-*.pkg"))
    later = [name for name in kept if name > missing]
    if later and missing not in kept:
        work.ledger.append("package.missing", missing, {"waiting": later})
