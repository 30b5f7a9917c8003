"""What travels from a child node to its parent, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """The way from one child node to its parent; packages are numbered from 1 within it."""

    child: str
    parent: str

    @property
    def name(self) -> str:
        """The channel's name in folders and the ledger."""
        return f"{self.child}-{self.parent}"


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """How many live records of one origin and dataset a node holds, and their order-independent content digest."""

    origin: str
    dataset: str
    records: int
    digest: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package's description: changes after `from_seq` up to `to_seq`, and the child's totals at `to_seq`.

    `resources` maps each dataset to its number of changes, the sha256 of its Parquet file and the schema's revision.
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
