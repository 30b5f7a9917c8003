"""A large table is written anew in its order once its tail has grown; nothing else changes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from exchange.store.compaction import compact
from exchange.store.connection import writing
from exchange.store.tables import ensure_tables

from support.licence_worlds import LICENCE  # isort: skip

ROWS = 3000


def filled(store: Path) -> None:
    with writing(store, store.with_name("lock")) as connection:
        ensure_tables(connection, [LICENCE])
        add(connection, 0, ROWS)


def add(connection: duckdb.DuckDBPyConnection, first: int, rows: int) -> None:
    connection.execute(
        "INSERT INTO held.licence BY NAME SELECT 'o' || range % 3 AS _origin, 's' AS _source, range::UBIGINT AS _key, "
        "'v' AS _version, 1::UBIGINT AS _digest, false AS _deleted, 1 AS _seq, "
        "(hash(range) >> 40)::UINTEGER AS _cluster "
        f"FROM range({first}, {first + rows})"
    )


def in_order(connection: duckdb.DuckDBPyConnection) -> bool:
    rows = connection.execute("SELECT _cluster FROM held.licence ORDER BY rowid").fetchall()
    return rows == sorted(rows)


def everything(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT * FROM held.licence ORDER BY ALL").fetchall()


def definition(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = 'licence' "
        "AND schema_name = 'held' ORDER BY column_index"
    ).fetchall()


def test_a_table_is_put_in_order_and_then_left_until_its_tail_has_grown(tmp_path: Path) -> None:
    store = tmp_path / "store.duckdb"
    filled(store)
    with duckdb.connect(str(store)) as connection:
        before, shape = everything(connection), definition(connection)
        assert not in_order(connection)
        assert compact(connection, 100) == ["held.licence"]
        assert in_order(connection)
        assert (everything(connection), definition(connection)) == (before, shape)
        assert compact(connection, 100) == []
        add(connection, ROWS, ROWS // 5)
        assert compact(connection, 100) == []
        add(connection, 2 * ROWS, ROWS)
        assert compact(connection, 100) == ["held.licence"]
        assert in_order(connection)


def test_small_tables_are_left_as_they_are(tmp_path: Path) -> None:
    store = tmp_path / "store.duckdb"
    filled(store)
    with duckdb.connect(str(store)) as connection:
        assert compact(connection) == []
