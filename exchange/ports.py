"""What the flows need from the outside, and nothing of how it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self

from exchange.model.batch import Batch, Counts
from exchange.model.correction import Standing
from exchange.model.crosscheck import CrossCount, CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.deviation import Deviation
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.licence import Decision, Explained, LicenceCounts, Question
from exchange.model.merged import Difference, Merged, Received, Release, Sealed
from exchange.model.offer import Offer, Withheld
from exchange.model.package import Channel, Manifest, Territory, Total
from exchange.model.reference import ItemVersion
from exchange.model.row import Row
from exchange.model.straight import Straight


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """The present moment, with a zone."""


class Source(Protocol):
    """One source's side of the exchange, open. Every connector passes `tests/conformance/source_suite.py`."""

    def offers(self) -> Iterable[Offer | Withheld]:
        """Every file that the source shows, in name order. RetriableError when it cannot be reached."""

    def fetch(self, offer: Offer, target: Path) -> None:
        """Bring the whole file to `target`, going on at its end if a part is there already from the same offer.

        The file is as it was offered, or RetriableError is raised (a cut connection, a file that changed meanwhile).
        """

    def settle(self, offer: Offer) -> None:
        """The file is durable at the hub: remove it at the source if the contract says so, else do nothing."""


class Reader(Protocol):
    """Reads the files that departments send."""

    def rows(self, path: Path, spec: FormatSpec, expected: frozenset[str] = frozenset()) -> Iterator[Row | Finding]:
        """Every record in order, as a row or as the finding that stands for it; see `connectors.formats.read`."""

    def straight(
        self, path: Path, spec: FormatSpec, expected: frozenset[str], scratch: Path, *, not_utf8: bool = False
    ) -> Straight | None:
        """What an engine must know to read the file by itself; None when only the reader can read it.

        An engine that finds that the file is no UTF-8 asks again with `not_utf8`; copies are made in `scratch`.
        """

    def record_lines(self, file: Straight, rows: Sequence[int]) -> list[int]:
        """The physical line, from 1, on which each of these records starts; they are numbered from 1, and ascend."""


class Uplink(Protocol):
    """How packages and receipts travel between a child and its parent, both ways.

    Every uplink passes `tests/conformance/uplink_suite.py`.
    """

    def send(self, channel: Channel, name: str, content: Path) -> None:
        """Put a package at the receiver's door, whole or not at all; a second time does nothing."""

    def waiting(self, channel: Channel) -> Iterator[str]:
        """The names of the packages at the receiver's door, in order of name."""

    def fetch(self, channel: Channel, name: str, target: Path) -> None:
        """Bring one waiting package to `target`."""

    def done(self, channel: Channel, name: str) -> None:
        """The package was taken in: it need not wait any longer."""

    def answer(self, channel: Channel, name: str, receipt: bytes) -> None:
        """Leave the receipt of a package for its sender, whole or not at all."""

    def answers(self, channel: Channel) -> Iterator[tuple[str, bytes]]:
        """The receipts that the receiver has left, by package name."""

    def settled(self, channel: Channel, name: str) -> None:
        """The receipt was taken in: it need not wait any longer."""


class Sharing(Protocol):
    """The part of an open store that shares records back (回流): as a parent with children, as a child with a parent.

    Shared records are never claims: nothing that came down goes up again.
    """

    def write_shares(
        self, dataset: Dataset, to: Territory, window: tuple[int, int], target: Path, disputed: Path
    ) -> int:
        """Write what a child does not have yet as Parquet; returns how many records.

        `window` is change numbers: after the one, up to the other. What no longer concerns the child, and what is gone,
        are rows with `_deleted` and nothing else. `disputed` gets those records of which the child may have said
        otherwise: `_licence`, `_origin`, `_own` (ids of this node's own licences that it stands for), and the fields.
        """

    def sealed(self, child: str) -> list[Sealed]:
        """Every package that was made for a child, in order."""

    def note_sealed(self, child: str, package: Sealed, files: Mapping[str, Path]) -> None:
        """Note a package for a child as made, and its records as those that the child has."""

    def note_acknowledged(self, child: str, number: int) -> None:
        """Note that a child's receipt for a package has come."""

    def take(self, manifest: Manifest, sha256: str, files: Mapping[str, Path]) -> Received:
        """Apply a package of the parent, once; a second time returns what it did."""

    def taken(self, parent: str, number: int) -> Received | None:
        """What a package of the parent did (`Received.child` is the sender); None when it was not applied."""

    def last_taken(self, parent: str) -> int:
        """The number of the newest applied package of the parent; 0 before the first."""

    def corrections(
        self, dataset: str | None = None, *, licences: Sequence[str] | None = None, after: int = 0
    ) -> list[Standing]:
        """The parent's corrections as they stand: of a dataset, of these shared records, said after a package."""


class Licences(Protocol):
    """The licences of a node's store: which there are, what is asked of them, and what was decided."""

    def find(self, field: str, value: str) -> list[str]:
        """The ids of the licences of which a live claim has this value in this field; KeyError without such a field."""

    def questions(self) -> list[Question]:
        """What people are asked: which licences may be one. The surest first."""

    def decisions(self) -> frozenset[int]:
        """The numbers of the decisions that the store follows."""

    def decide(self, *decisions: Decision) -> None:
        """Follow decisions, each once."""

    def take_back(self, dataset: str, *numbers: int) -> None:
        """Follow decisions no longer."""


class Store(Protocol):
    """A node's store, open. Every change is one transaction that also notes that it happened."""

    @property
    def sharing(self) -> Sharing:
        """What the node shares with its children, and what its parent shares with it."""

    @property
    def licences(self) -> Licences:
        """The licences that the claims speak of."""

    def explain(self, licences: Sequence[str]) -> list[Explained]:
        """What is known of these licences (16 hexadecimal digits each); one that there is not is left out.

        An id that is none any more leads to the licence of the claims that had it.
        """

    def licence_counts(self) -> LicenceCounts:
        """How many questions about licences are open, and how many findings of each code their claims have."""

    def merge(self, batch: Batch, accepted: Path, counts: Counts) -> Merged:
        """Apply a checked batch, once; a second time returns what it has come to."""

    def receive(self, manifest: Manifest, sha256: str, files: Mapping[str, Path]) -> Received:
        """Apply a child's package, once; a second time returns what it did."""

    def batch(self, batch: str) -> Merged | None:
        """What a batch has come to by now; None when it was not merged."""

    def come_since(self, batch: Batch, rows: Path) -> dict[int, str]:
        """Of rows of a batch (Parquet: business key as text, `_row`), those that came since, and in which batch."""

    def findings(self, batch: str, seq: int) -> Mapping[str, int]:
        """How many findings between records the rows of a batch had when a change let them in, by code."""

    def releases(self, after: int) -> list[Release]:
        """The parked rows that were let in after a change number."""

    def received(self, child: str, number: int) -> Received | None:
        """What a child's package did; None when it was not applied."""

    def last_received(self, child: str) -> int:
        """The number of the newest applied package of a child; 0 before the first."""

    def last_seq(self) -> int:
        """The change number of the newest change."""

    def advance(self, seq: int) -> None:
        """Take the change numbers up to this one as given out: the next change gets a later one."""

    def write_changes(self, dataset: Dataset, after: int, upto: int, target: Path) -> int:
        """Write what changed between two change numbers as Parquet; returns how many records."""

    def sealed(self) -> list[Sealed]:
        """Every package that the node has made, in order."""

    def note_sealed(self, package: Sealed) -> None:
        """Note a package as made."""

    def note_acknowledged(self, number: int) -> None:
        """Note that the parent's receipt for a package has come."""

    def totals(self, *, sent: bool) -> list[Total]:
        """Live records and digest per origin and dataset, of what goes up or of what is held."""

    def recount(self, *, sent: bool) -> list[Total]:
        """The same, reckoned from the content of the records alone."""

    def child_totals(self, child: str) -> list[Total]:
        """What a child held when it sealed its last applied package, by its own word."""

    def differences(self, child: Self, origins: frozenset[str]) -> Iterator[Difference]:
        """The records of these origins on which this store and the child's disagree."""

    def parked(self) -> dict[str, int]:
        """How many records of each dataset wait for the record they refer to."""

    def drift(self) -> list[Deviation]:
        """Where the live records deviate from the item catalogue, by node, item and field."""

    def impact(self, coming: Sequence[ItemVersion], days: int) -> list[Deviation]:
        """What a catalogue to come would make deviate of the records of the last days, and does not deviate now."""

    def cross_check(self, terms: CrossTerms) -> list[CrossCount]:
        """Make the findings between cases, licences and holders anew; how many there are by origin, source and code."""

    def checkpoint(self) -> None:
        """Write everything into the one file; only for a draft that is not in use yet."""


class Ledger(Protocol):
    """The append-only, hash-chained record of a node's batches, packages, receipts and decisions."""

    def append(self, kind: str, subject: str, body: Mapping[str, Any]) -> None:
        """Add one entry; one that says what the newest of its kind and subject says is not added again."""

    def entries(
        self, kind: str | None = None, subject: str | None = None, after: int = 0
    ) -> Iterator[Mapping[str, Any]]:
        """The bodies of matching entries past a number, oldest first, each with its number, at, kind and subject."""

    def head(self) -> int:
        """The number of the newest entry; 0 when there is none."""

    def verify(self) -> Sequence[int]:
        """The numbers of the entries at which the chain does not hold."""


class Datasets(Protocol):
    """The datasets that the catalogue knows."""

    def get(self, name: str, revision: int | None = None) -> Dataset:
        """One dataset, the newest revision unless told; ConfigError when there is none."""

    def names(self) -> tuple[str, ...]:
        """All names, each after those that its references need."""
