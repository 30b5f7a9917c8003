"""A node's store as the flows see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from exchange.model.batch import Batch, Counts
from exchange.model.crosscheck import CrossCount, CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.deviation import Deviation
from exchange.model.folders import NodeFolder
from exchange.model.licence import Explained, LicenceCounts
from exchange.model.merged import Difference, Merged, Received, Release, Sealed
from exchange.model.package import Manifest, Total
from exchange.model.reference import ItemVersion, Reference
from exchange.store import apply, clock, digests, feed
from exchange.store.case_findings import CaseFindings, findings_of
from exchange.store.compare import differences
from exchange.store.connection import reading, writing
from exchange.store.crosschecks import renew_cross_findings
from exchange.store.drift import find_drift, find_impact
from exchange.store.explain import explain
from exchange.store.licence_counts import licence_counts
from exchange.store.licences import rules as licence_rules
from exchange.store.licences.node import NodeLicences
from exchange.store.resent import come_since
from exchange.store.sharing import NodeSharing
from exchange.store.sql import first_row
from exchange.store.tables import ensure_tables


class NodeStore:
    """The open store of one node. Every change is one transaction that also notes that it happened."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        node: str,
        datasets: Sequence[Dataset],
        reference: Reference | None = None,
    ) -> None:
        self._connection = connection
        self._reference = reference
        self._cases = CaseFindings(connection, datasets, reference)
        self._node = node
        self._datasets = datasets

    @property
    def sharing(self) -> NodeSharing:
        """What the node shares with its children, and what its parent shares with it."""
        return NodeSharing(self._connection, self._datasets, self._transaction)

    @property
    def licences(self) -> NodeLicences:
        """The licences that the claims speak of."""
        return NodeLicences(self._connection, self._datasets, self._node, self._transaction)

    def explain(self, licences: Sequence[str]) -> list[Explained]:
        """What is known of these licences (16 hexadecimal digits each); one that there is not is left out."""
        return explain(self._connection, self._datasets, licences)

    def licence_counts(self) -> LicenceCounts:
        """How many questions about licences are open, and how many findings of each code their claims have."""
        return licence_counts(self._connection)

    def merge(self, batch: Batch, accepted: Path, counts: Counts) -> Merged:
        """Apply a checked batch, once; a second time returns what it has come to."""
        with self._transaction():
            known = self.batch(batch.id)
            return known or apply.apply_batch(self._connection, self._datasets, batch, accepted, counts, self._cases)

    def receive(self, manifest: Manifest, sha256: str, files: Mapping[str, Path]) -> Received:
        """Apply a child's package, once; a second time returns what it did."""
        with self._transaction():
            known = self.received(manifest.channel.child, manifest.number)
            return known or apply.apply_package(
                self._connection, self._datasets, self._node, manifest, sha256, files, self._cases
            )

    def batch(self, batch: str) -> Merged | None:
        """What a batch has come to by now; None when it was not merged."""
        row = first_row(
            self._connection.execute(
                "SELECT seq, read, accepted, rejected, duplicate, parked, repaired FROM hub.batches WHERE batch = ?",
                [batch],
            )
        )
        return Merged(batch, row[0], Counts(*row[1:]), again=True) if row else None

    def come_since(self, batch: Batch, rows: Path) -> dict[int, str]:
        """Of rows of a batch (Parquet: business key as text, `_row`), those that came since, and in which batch."""
        dataset = next(each for each in self._datasets if each.name == batch.dataset)
        return come_since(self._connection, dataset, batch, rows)

    def findings(self, batch: str, seq: int) -> Mapping[str, int]:
        """How many findings between records the rows of a batch had when a change let them in, by code."""
        return findings_of(self._connection, batch, seq)

    def releases(self, after: int) -> list[Release]:
        """The parked rows that were let in after a change number."""
        rows = self._connection.execute(
            "SELECT seq, batch, sum(accepted)::BIGINT, sum(duplicate)::BIGINT FROM hub.releases WHERE seq > ? "
            "GROUP BY seq, batch ORDER BY seq, batch",
            [after],
        ).fetchall()
        return [Release(*row) for row in rows]

    def received(self, child: str, number: int) -> Received | None:
        """What a child's package did; None when it was not applied."""
        row = first_row(
            self._connection.execute(
                "SELECT child, number, sha256, seq, records FROM hub.packages_in WHERE child = ? AND number = ?",
                [child, number],
            )
        )
        return Received(row[0], row[1], row[2], row[3], row[4], again=True) if row else None

    def last_received(self, child: str) -> int:
        """The number of the newest applied package of a child; 0 before the first."""
        row = first_row(self._connection.execute("SELECT max(number) FROM hub.packages_in WHERE child = ?", [child]))
        return int(row[0]) if row and row[0] else 0

    def last_seq(self) -> int:
        """The change number of the newest change."""
        return feed.last_seq(self._connection)

    def advance(self, seq: int) -> None:
        """Take the change numbers up to this one as given out: the next change gets a later one."""
        clock.advance(self._connection, seq)

    def write_changes(self, dataset: Dataset, after: int, upto: int, target: Path) -> int:
        """Write what changed between two change numbers as Parquet; returns how many records."""
        return feed.write_changes(self._connection, dataset, after, upto, target)

    def sealed(self) -> list[Sealed]:
        """Every package that the node has made, in order."""
        return feed.sealed(self._connection)

    def note_sealed(self, package: Sealed) -> None:
        """Note a package as made."""
        feed.note_sealed(self._connection, package)

    def note_acknowledged(self, number: int) -> None:
        """Note that the parent's receipt for a package has come."""
        feed.note_acknowledged(self._connection, number)

    def totals(self, *, sent: bool) -> list[Total]:
        """Live records and digest per origin and dataset, of what goes up or of what is held."""
        return digests.totals(self._connection, self._datasets, sent=sent)

    def recount(self, *, sent: bool) -> list[Total]:
        """The same, reckoned from the content of the records alone."""
        counted = (digests.recount(self._connection, dataset, sent=sent) for dataset in self._datasets)
        return sorted(total for totals in counted for total in totals)

    def child_totals(self, child: str) -> list[Total]:
        """What a child held when it sealed its last applied package, by its own word."""
        return digests.child_totals(self._connection, child)

    def differences(self, child: NodeStore, origins: frozenset[str]) -> Iterator[Difference]:
        """The records of these origins on which this store and the child's disagree."""
        return differences(self._connection, child._connection, self._datasets, origins)

    def parked(self) -> dict[str, int]:
        """How many records of each dataset wait for the record they refer to."""
        counts = {}
        for dataset in self._datasets:
            row = first_row(self._connection.execute(f"SELECT count(*) FROM parked.{dataset.name}"))
            counts[dataset.name] = int(row[0]) if row else 0
        return counts

    def checkpoint(self) -> None:
        """Write everything into the one file; only for a draft, as a kill meanwhile can spoil it (`store.file`)."""
        self._connection.execute("CHECKPOINT")

    def cross_check(self, terms: CrossTerms) -> list[CrossCount]:
        """Make the findings between cases, licences and holders anew; how many there are by origin, source and code."""
        with self._transaction():
            return renew_cross_findings(self._connection, self._datasets, self._reference, terms)

    def drift(self) -> list[Deviation]:
        """Where the live records deviate from the item catalogue, by node, item and field."""
        return [] if self._reference is None else find_drift(self._connection, self._datasets, self._reference)

    def impact(self, coming: Sequence[ItemVersion], days: int) -> list[Deviation]:
        """What a catalogue to come would make deviate of the records of the last days, and does not deviate now."""
        if self._reference is None:
            return []
        return find_impact(self._connection, self._datasets, self._reference, coming, days)

    def bring_up_to_date(self) -> None:
        """Tell the licences apart anew when that was done by other rules than the hub's: a new release, a new table."""
        with self._transaction():
            licence_rules.bring_up_to_date(self._connection, self._datasets, self._node, self._reference)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.begin()
        try:
            yield
        except BaseException:  # an interrupt, too, must leave nothing half done; it goes on after the rollback
            self._connection.rollback()
            raise
        self._connection.commit()


@contextmanager
def open_store(
    folder: NodeFolder,
    node: str,
    datasets: Sequence[Dataset],
    reference: Reference | None = None,
    *,
    read_only: bool = False,
) -> Iterator[NodeStore]:
    """A node's store; `datasets` stand after those that their references need.

    With `reference` values the findings between records are kept up (`hub.findings`), without them they are not.
    RetriableError when another process keeps the store for a minute.
    """
    with (reading if read_only else writing)(folder.store, folder.lock) as connection:
        if not read_only:
            ensure_tables(connection, datasets)
        licence_rules.prepare(connection, datasets, reference)
        store = NodeStore(connection, node, datasets, reference)
        if not read_only:
            store.bring_up_to_date()
        yield store
