"""The change feed: what the parent does not have yet, as Parquet files."""

from __future__ import annotations

from pathlib import Path

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.merged import Sealed
from exchange.model.record_sql import literal
from exchange.store.sql import columns, first_row, outgoing

_LINEAGE = "_origin, _source, _key, _version, _deleted, _batch, _file, _row, _claims, _history"


def last_seq(connection: duckdb.DuckDBPyConnection) -> int:
    """The change number of the newest change."""
    row = first_row(connection.execute("SELECT seq FROM hub.clock"))
    return int(row[0]) if row else 0


def write_changes(connection: duckdb.DuckDBPyConnection, dataset: Dataset, after: int, upto: int, target: Path) -> int:
    """Write the latest state of the records that changed after one change number up to another; returns how many.

    Deletions are rows with `_deleted`. Nothing is written when nothing changed.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE leaving AS SELECT {_LINEAGE}, {columns(dataset)} FROM {outgoing(dataset)} "
        f"WHERE _seq > ? AND _seq <= ? ORDER BY _origin, _source, _key",
        [after, upto],
    )
    ((count,),) = connection.execute("SELECT count(*) FROM leaving").fetchall()
    if count:
        connection.execute(f"COPY leaving TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")
    return int(count)


def sealed(connection: duckdb.DuckDBPyConnection) -> list[Sealed]:
    """Every package that the node has made, in order."""
    rows = connection.execute("SELECT * FROM hub.packages_out ORDER BY number").fetchall()
    return [Sealed(*row) for row in rows]


def note_sealed(connection: duckdb.DuckDBPyConnection, package: Sealed) -> None:
    """Note a package as made: its change numbers are not packed again."""
    connection.execute(
        "INSERT INTO hub.packages_out VALUES (?, ?, ?, ?, ?)",
        [package.number, package.from_seq, package.to_seq, package.sha256, package.acknowledged],
    )


def note_acknowledged(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Note that the parent's receipt for a package has come."""
    connection.execute("UPDATE hub.packages_out SET acknowledged = true WHERE number = ?", [number])
