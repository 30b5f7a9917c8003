"""The part of a node's store that shares records back (回流), as the flows see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from exchange.model.correction import Standing
from exchange.model.dataset import Dataset
from exchange.model.merged import Received, Sealed
from exchange.model.package import Manifest, Territory
from exchange.store import share_feed, share_taken
from exchange.store.sql import first_row


class NodeSharing:
    """What a node shares with its children, and what its parent shares with it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        datasets: Sequence[Dataset],
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._datasets = datasets
        self._transaction = transaction

    def write_shares(
        self, dataset: Dataset, to: Territory, window: tuple[int, int], target: Path, disputed: Path
    ) -> int:
        """Write what a child does not have yet, and apart what it may have said otherwise; returns how many."""
        return share_feed.write_shares(self._connection, dataset, to, window, target, disputed)

    def sealed(self, child: str) -> list[Sealed]:
        """Every package that was made for a child, in order."""
        rows = self._connection.execute(
            "SELECT * EXCLUDE (child) FROM hub.shares_out WHERE child = ? ORDER BY number", [child]
        ).fetchall()
        return [Sealed(*row) for row in rows]

    def note_sealed(self, child: str, package: Sealed, files: Mapping[str, Path]) -> None:
        """Note a package for a child as made, and its records as those that the child has."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO hub.shares_out VALUES (?, ?, ?, ?, ?, ?)",
                [child, package.number, package.from_seq, package.to_seq, package.sha256, package.acknowledged],
            )
            for dataset in self._datasets:
                if dataset.name in files:
                    share_feed.note_files(self._connection, child, dataset.name, files[dataset.name])

    def note_acknowledged(self, child: str, number: int) -> None:
        """Note that a child's receipt for a package has come."""
        self._connection.execute(
            "UPDATE hub.shares_out SET acknowledged = true WHERE child = ? AND number = ?", [child, number]
        )

    def take(self, manifest: Manifest, sha256: str, files: Mapping[str, Path]) -> Received:
        """Apply a package of the parent, once; a second time returns what it did."""
        with self._transaction():
            known = self.taken(manifest.channel.parent, manifest.number)
            return known or share_taken.take_package(self._connection, self._datasets, manifest, sha256, files)

    def taken(self, parent: str, number: int) -> Received | None:
        """What a package of the parent did; None when it was not applied."""
        row = first_row(
            self._connection.execute(
                "SELECT sha256, seq, records FROM hub.shares_in WHERE parent = ? AND number = ?", [parent, number]
            )
        )
        return Received(parent, number, row[0], row[1], row[2], again=True) if row else None

    def last_taken(self, parent: str) -> int:
        """The number of the newest applied package of the parent; 0 before the first."""
        row = first_row(self._connection.execute("SELECT max(number) FROM hub.shares_in WHERE parent = ?", [parent]))
        return int(row[0]) if row and row[0] else 0

    def corrections(
        self, dataset: str | None = None, *, licences: Sequence[str] | None = None, after: int = 0
    ) -> list[Standing]:
        """The parent's corrections as they stand: of a dataset, of these shared records, said after a package."""
        return share_taken.standing(self._connection, dataset, licences, after)
