"""What applying a batch or a package did to a store."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.model.batch import Counts


@dataclass(frozen=True, slots=True)
class Merged:
    """One applied batch. `again` means that it had been applied before, and nothing was done now."""

    batch: str
    seq: int
    counts: Counts
    again: bool


@dataclass(frozen=True, slots=True)
class Release:
    """Parked rows of a batch that a later merge (change number `seq`) let in, or found to be superseded."""

    seq: int
    batch: str
    accepted: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class Received:
    """One applied package of a child, or of the parent (then `child` is the parent's code).

    `again` means that it had been applied before, and nothing was done now.
    """

    child: str
    number: int
    sha256: str
    seq: int
    records: int
    again: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """One package that the node has made, for its parent or a child: the changes after `from_seq` up to `to_seq`."""

    number: int
    from_seq: int
    to_seq: int
    sha256: str
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One record on which two levels disagree; `here` and `there` are content digests, None where there is no record.

    `source`, `file` and `row` lead to the department's row.
    """

    origin: str
    dataset: str
    key: str
    source: str
    file: str | None
    row: int | None
    here: str | None
    there: str | None
