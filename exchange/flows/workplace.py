"""One node's workplace: what its flows work with, built once in `exchange.wiring`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalog.models import Feed, Node, Site, SourceContract
from exchange.model.dataset import Dataset
from exchange.model.division import prefixes_within
from exchange.model.findings import Finding
from exchange.model.folders import NodeFolder
from exchange.model.package import Channel, Territory
from exchange.model.reference import Reference
from exchange.model.row import Row
from exchange.model.slip import SlipMark
from exchange.packages import NodeKeys
from exchange.ports import Clock, Datasets, Ledger, Reader, Source, Store, Uplink
from exchange.validation.reference import JsonschemaVerdicts

OpenSource = Callable[[SourceContract], AbstractContextManager[Source]]


class OpenStore(Protocol):
    """Opens a node's store; a store that is opened read-only may be another node's of this site."""

    def __call__(self, node: str, *, read_only: bool = False) -> AbstractContextManager[Store]:
        """RetriableError when another process keeps the store for a minute."""


class SlipReader(Protocol):
    """Knows corrected error slips, and reads them; see `connectors.formats.slip`."""

    def may_be(self, name: str) -> bool:
        """Whether a slip may come under this file name."""

    def look(self, path: Path) -> SlipMark | None:
        """Whose slip a file is; None when it is none."""

    def rows(self, path: Path, expected: frozenset[str]) -> Iterator[Row | Finding]:
        """Its rows: the department's own columns and the hidden ones, all as text."""


class PublishSnapshot(Protocol):
    """Makes a snapshot of the node's store; see `exchange.store.snapshot`."""

    def __call__(self, node: Node, balances: Sequence[Mapping[str, object]]) -> Path:
        """The new snapshot's file, complete and current."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything that the flows of one node need."""

    site: Site
    node: Node
    folder: NodeFolder
    datasets: Datasets
    verdicts: Callable[[Dataset], JsonschemaVerdicts]
    reference: Reference
    ledger: Ledger
    clock: Clock
    keys: NodeKeys
    uplink: Uplink
    reader: Reader
    slips: SlipReader
    open_source: OpenSource
    open_store: OpenStore
    publish_snapshot: PublishSnapshot

    def source(self, source: str) -> SourceContract:
        """One of the node's sources; KeyError when it has none of this id."""
        for contract in self.node.sources:
            if contract.id == source:
                return contract
        raise KeyError(source)

    def source_title(self, source: str) -> str:
        """The name of a source as people know it; its id when the site has no contract of it any more."""
        return next((contract.title for contract in self.node.sources if contract.id == source), source)

    def node_name(self, code: str) -> str:
        """The name of a node of the site as people know it; its code when the site has none of this code."""
        return next((each.name for each in self.site.nodes if each.code == code), code)

    def feed(self, source: str, dataset: str) -> Feed:
        """The feed of a source that brings a dataset; KeyError when there is none."""
        for feed in self.source(source).feeds:
            if feed.dataset == dataset:
                return feed
        raise KeyError(dataset)

    def ordered_datasets(self) -> Sequence[Dataset]:
        """All datasets, each after those that its references need."""
        return [self.datasets.get(name) for name in self.datasets.names()]

    def channel_to(self, child: str) -> Channel:
        """The channel on which a child's packages come."""
        return Channel(child, self.node.code)

    def channel_up(self) -> Channel | None:
        """The channel on which this node's packages go up; None at the top."""
        return Channel(self.node.code, self.node.parent) if self.node.parent is not None else None

    def channel_down(self, child: str) -> Channel:
        """The channel on which a child is given what is shared with it."""
        return Channel(child, self.node.code, down=True)

    def channel_from_above(self) -> Channel | None:
        """The channel on which this node is given what its parent shares; None at the top."""
        return Channel(self.node.code, self.node.parent, down=True) if self.node.parent is not None else None

    def territory(self, child: str) -> Territory:
        """What concerns a child."""
        prefixes = prefixes_within(child, self.reference.aliases)
        return Territory(child, self.site.below(child), prefixes)
