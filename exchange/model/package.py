"""What travels between a child node and its parent, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

CORRECTIONS = "licence_correction"
"""The resource of a package on its way down that says where its records differ from the child's, and why."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The way from one child node up to its parent, or `down` from the parent to it (回流).

    Packages are numbered from 1 within it.
    """

    child: str
    parent: str
    down: bool = False

    @property
    def sender(self) -> str:
        """The node that seals the packages."""
        return self.parent if self.down else self.child

    @property
    def receiver(self) -> str:
        """The node that takes them in, and answers."""
        return self.child if self.down else self.parent

    @property
    def name(self) -> str:
        """The channel's name in folders and the ledger."""
        return f"{self.sender}-{self.receiver}"


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """How many live records of one origin and dataset a node holds, and their order-independent content digest."""

    origin: str
    dataset: str
    records: int
    digest: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package's description: changes after `from_seq` up to `to_seq`; on the way up the child's totals at `to_seq`.

    `resources` maps each dataset to its number of changes, the sha256 of its Parquet file and the schema's revision; on
    the way down `CORRECTIONS` may be among them.
    """

    channel: Channel
    number: int
    from_seq: int
    to_seq: int
    resources: tuple[Resource, ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One dataset's changes in a package."""

    dataset: str
    revision: int
    records: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Territory:
    """What concerns a child: claims of the `nodes` from it down, and divisions whose codes begin with `prefixes`."""

    child: str
    nodes: frozenset[str]
    prefixes: tuple[str, ...]
