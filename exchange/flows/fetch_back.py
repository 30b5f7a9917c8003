"""Fetch back (回流): what the parent shares, verified, applied once and in order, answered, and told to the sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from exchange.flows.intake import Intake, take_in
from exchange.flows.overruled import SCHEMA
from exchange.flows.shapes import has_shape, types_of, unknown_shape
from exchange.flows.told import tell_sources
from exchange.flows.workplace import Workplace
from exchange.model.merged import Received
from exchange.model.package import CORRECTIONS, Channel
from exchange.packages import Opened, Refused
from exchange.ports import Store
from exchange.text import Text


def fetch_back(work: Workplace) -> list[Received]:
    """Take in what the parent has shared, and tell each source what was corrected of what it had sent.

    Shared records lie beside the node's own and are never claims. A killed run is made up for: what was applied and not
    answered is answered, what was not told is told, before anything newer is taken in.
    """
    channel = work.channel_from_above()
    if channel is None:
        return []
    with work.open_store(work.node.code) as store:
        tell_sources(work, store, channel)
        taken = take_in(work, channel, _intake(work, store, channel))
        tell_sources(work, store, channel)
    return taken


def _intake(work: Workplace, store: Store, channel: Channel) -> Intake:
    return Intake(
        last=partial(store.sharing.last_taken, channel.parent),
        done=partial(store.sharing.taken, channel.parent),
        check=partial(_check, work, channel),
        apply=lambda opened, sha256: store.sharing.take(opened.manifest, sha256, opened.files),
    )


def _check(work: Workplace, channel: Channel, opened: Opened) -> Opened | Refused:
    strange = [name for name, path in opened.files.items() if not _has_shape(work, name, path)]
    return unknown_shape(strange) if strange else _of_those_above(work, channel, opened)


def _has_shape(work: Workplace, name: str, path: Path) -> bool:
    if name == CORRECTIONS:
        types = types_of(path)
        return types is not None and all(types.get(column) == pa.string() for column in SCHEMA.names)
    return has_shape(work, name, path) and bool(work.datasets.get(name).identity)


def _of_those_above(work: Workplace, channel: Channel, opened: Opened) -> Opened | Refused:
    """A parent shares its own records, and those that it was given from above: nobody else's."""
    above = set(_above(work, channel.parent))
    origins: set[str] = set()
    for name, path in opened.files.items():
        column = "origin" if name == CORRECTIONS else "_origin"
        origins |= set(parquet.read_table(path, columns=[column]).column(0).unique().to_pylist())
    strangers = origins - above
    if strangers:
        listed = ", ".join(sorted(str(each) for each in strangers))
        return Refused(
            Text(
                f"回流数据包含有不属于上级节点的记录（{listed}）。",
                f"The shared package holds records of nodes that are not above this one ({listed}).",
            )
        )
    return opened


def _above(work: Workplace, node: str) -> Iterator[str]:
    current: str | None = node
    while current is not None:
        yield current
        current = work.site.node(current).parent
