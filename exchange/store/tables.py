"""The tables that a dataset needs in a store, made when the store first meets it."""

from __future__ import annotations

import duckdb

from exchange.model.dataset import Dataset
from exchange.store.sql import golden, held, ident, parked

_RECORD = (
    "_origin VARCHAR NOT NULL, _source VARCHAR NOT NULL, _key UBIGINT NOT NULL, _version VARCHAR NOT NULL, "
    "_digest UBIGINT NOT NULL, _deleted BOOLEAN NOT NULL, _seq BIGINT NOT NULL, "
    "_batch VARCHAR, _file VARCHAR, _row BIGINT, _claims VARCHAR, _identity UBIGINT"
)


def ensure_tables(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Make the dataset's tables, and the columns that a later revision of its schema has added."""
    tables = [held(dataset), parked(dataset), *([golden(dataset)] if dataset.identity else [])]
    for table in tables:
        own = "".join(f", {ident(name)} VARCHAR" for name in dataset.field_names)
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({_RECORD}{own})")
        for name in dataset.field_names:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {ident(name)} VARCHAR")
