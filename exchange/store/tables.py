"""The tables that a dataset needs in a store, made when the store first meets it."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from exchange.licences.chain import EVENT
from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.model.record_sql import ident
from exchange.store.sql import events, golden, held, keyed, parked, shared

_RECORD = (
    "_origin VARCHAR NOT NULL, _source VARCHAR NOT NULL, _key UBIGINT NOT NULL, _version VARCHAR NOT NULL, "
    "_digest UBIGINT NOT NULL, _deleted BOOLEAN NOT NULL, _seq BIGINT NOT NULL, "
    "_batch VARCHAR, _file VARCHAR, _row BIGINT, _claims VARCHAR, _identity UBIGINT"
)
_ADDED = ("_history VARCHAR", "_cluster UINTEGER")
"""Columns that stores made before do not have."""
_KEYED = (
    "_origin VARCHAR NOT NULL, _source VARCHAR NOT NULL, _key UBIGINT NOT NULL, cluster UINTEGER NOT NULL, "
    "form UBIGINT, core VARCHAR, number_block UBIGINT, holder_block UBIGINT, identifier_block UBIGINT, "
    "component UBIGINT, licence UBIGINT, rule VARCHAR, score DOUBLE"
)
"""A record's keys (`exchange.licences.keys`) and what it came to; a deleted record has its cluster alone."""
_EVENTS = (
    "_origin VARCHAR NOT NULL, _source VARCHAR NOT NULL, _key UBIGINT NOT NULL, _cluster UINTEGER NOT NULL, "
    "told VARCHAR NOT NULL, " + ", ".join(f"{name} {kind}" for name, kind in EVENT.items())
)


def ensure_tables(connection: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset]) -> None:
    """Make the datasets' tables, and the columns that a later revision of a schema has added."""
    listed = connection.execute("SELECT schema_name, table_name, column_name FROM duckdb_columns()").fetchall()
    there: dict[str, set[str]] = {}
    for schema, table, column in listed:
        there.setdefault(f"{schema}.{ident(table)}", set()).add(column)
    for dataset in datasets:
        with_identity = [golden(dataset), shared(dataset)] if dataset.identity else []
        for table in (held(dataset), parked(dataset), *with_identity):
            _ensure(connection, table, dataset, there.get(table))
        if compares(dataset):
            connection.execute(f"CREATE TABLE IF NOT EXISTS {keyed(dataset)} ({_KEYED})")
            connection.execute(f"CREATE TABLE IF NOT EXISTS {events(dataset)} ({_EVENTS})")


def _ensure(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, columns: set[str] | None) -> None:
    if columns is None:
        own = "".join(f", {ident(name)} VARCHAR" for name in dataset.field_names)
        connection.execute(f"CREATE TABLE {table} ({_RECORD}, {', '.join(_ADDED)}{own})")
        return
    for column in _ADDED:
        if column.split()[0] not in columns:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for name in dataset.field_names:
        if name not in columns:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {ident(name)} VARCHAR")
