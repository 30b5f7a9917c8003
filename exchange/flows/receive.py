"""Receive: the children's packages, verified, each applied once and in the order of its channel, and answered."""

from __future__ import annotations

from functools import partial

from pyarrow import parquet

from exchange.flows.decide import follow_decisions
from exchange.flows.intake import Intake, take_in
from exchange.flows.licence_counts import note_licence_counts
from exchange.flows.shapes import has_shape, unknown_shape
from exchange.flows.workplace import Workplace
from exchange.model.merged import Received
from exchange.model.package import Channel
from exchange.packages import Opened, Refused
from exchange.ports import Store
from exchange.text import Text


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
        follow_decisions(work, store)
        for child in children:
            channel = work.channel_to(child.code)
            applied += take_in(work, channel, _intake(work, store, channel))
        note_licence_counts(work, store)
    return applied


def _intake(work: Workplace, store: Store, channel: Channel) -> Intake:
    return Intake(
        last=partial(store.last_received, channel.child),
        done=partial(store.received, channel.child),
        check=partial(_check, work, channel),
        apply=lambda opened, sha256: store.receive(opened.manifest, sha256, opened.files),
    )


def _check(work: Workplace, channel: Channel, opened: Opened) -> Opened | Refused:
    """What a child has signed may still be made by a faulty program: it must not stop the other children."""
    strange = [name for name, path in opened.files.items() if not has_shape(work, name, path)]
    return unknown_shape(strange) if strange else _of_own_subtree(work, channel, opened)


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
