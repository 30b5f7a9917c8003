"""Compaction: what was appended to large tables since is put where it belongs, so that a batch finds it together.

Records are appended as they come, and deleted where they lay. Once a fair part of a table lies in its tail, the table
is written anew in its order: by kind and issuer what is compared as licences are, by origin and key anything else. It
is done on a copy of the store, which takes its place (`store.file`).
"""

from __future__ import annotations

import duckdb

from exchange.model.record_sql import ident
from exchange.store.sql import first_row

SHARE = 4
"""A table is written anew when more than one row in so many lies in its tail."""
LEAST = 500_000
"""Smaller tails are left alone: a scan passes over them quickly."""
_ORDERS = {
    "held": "_cluster NULLS FIRST, _origin, _source, _key",
    "golden": "_cluster NULLS FIRST, _key",
    "keyed": "cluster, _origin, _source, _key",
    "events": "_cluster, _origin, _source, _key",
}


def compact(connection: duckdb.DuckDBPyConnection, least: int = LEAST) -> list[str]:
    """Write anew, in a copy of the store, the tables whose tail has grown past a share; their names."""
    done = []
    for schema, table, rows in _tables(connection):
        name = f"{schema}.{table}"
        ordered = first_row(connection.execute("SELECT rows FROM hub.compacted WHERE relation = ?", [name]))
        tail = _end(connection, schema, table) - (ordered[0] if ordered else 0)
        if tail > max(least, rows // SHARE):
            _write_anew(connection, schema, table)
            done.append(name)
    return done


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    rows = connection.execute(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE schema_name IN "
        "(SELECT unnest($schemas)) ORDER BY ALL",
        {"schemas": list(_ORDERS)},
    ).fetchall()
    return [(schema, table, int(size)) for schema, table, size in rows]


def _end(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    """How many rows the table has ever been given since it was last written, those deleted since among them."""
    row = first_row(connection.execute(f"SELECT max(rowid) FROM {schema}.{ident(table)}"))
    return int(row[0]) + 1 if row and row[0] is not None else 0


def _write_anew(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """Make the table anew beside the old one, in its order, and give it its name."""
    found = first_row(
        connection.execute("SELECT sql FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [schema, table])
    )
    columns = str(found[0])[str(found[0]).index("(") :] if found else ""
    old, new = f"{schema}.{ident(table)}", f"{schema}.{ident(f'{table} anew')}"
    connection.execute(f"CREATE TABLE {new} {columns}")
    connection.execute(f"INSERT INTO {new} FROM {old} ORDER BY {_ORDERS[schema]}")
    connection.execute(f"DROP TABLE {old}")
    connection.execute(f"ALTER TABLE {new} RENAME TO {ident(table)}")
    connection.execute("DELETE FROM hub.compacted WHERE relation = ?", [f"{schema}.{table}"])
    connection.execute(
        "INSERT INTO hub.compacted VALUES (?, ?)", [f"{schema}.{table}", _end(connection, schema, table)]
    )
    connection.execute("CHECKPOINT")
