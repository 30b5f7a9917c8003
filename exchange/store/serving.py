"""How a dataset is served: an English table with typed columns, and a Chinese view over it."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from exchange.model.dataset import Dataset, Field
from exchange.model.record_sql import ident, literal
from exchange.model.served import GOLDEN, LINEAGE, SHARED, Added, shared_names
from exchange.store.masks import masked_sql
from exchange.store.sql import outgoing, shared

_TYPES = {"integer": "BIGINT", "number": "DECIMAL(18, 2)", "boolean": "BOOLEAN"}


def extra_columns(dataset: Dataset) -> tuple[Added, ...]:
    """The columns that the hub adds."""
    return GOLDEN if dataset.identity else LINEAGE


def sql_type(field: Field) -> str:
    """The type in which a column is served. Times are Beijing time (UTC+8), which China has used since 1991."""
    if field.type == "string":
        return {"date": "DATE", "date-time": "TIMESTAMP"}.get(field.format or "", "VARCHAR")
    return _TYPES[field.type]


class Served(NamedTuple):
    """One table of a snapshot with records of a dataset: where they come from, its names, and the added columns."""

    dataset: Dataset
    relation: str
    name: str
    title: str
    added: tuple[Added, ...]


def served_tables(dataset: Dataset) -> list[Served]:
    """The dataset's own table and, where its records have an identity, that of what the parent shares."""
    tables = [Served(dataset, outgoing(dataset), dataset.name, dataset.title, extra_columns(dataset))]
    if dataset.identity:
        tables.append(Served(dataset, shared(dataset), *shared_names(dataset), SHARED))
    return tables


def write_dataset(connection: duckdb.DuckDBPyConnection, dataset: Dataset, *, masked: bool) -> None:
    """Write a dataset's live records, and those that the parent shares of it, into the attached database `snapshot`.

    Each with its view and comments on both.
    """
    for served in served_tables(dataset):
        _write_table(connection, served, masked=masked)


def _write_table(connection: duckdb.DuckDBPyConnection, served: Served, *, masked: bool) -> None:
    dataset = served.dataset
    table, view = f"snapshot.{ident(served.name)}", f"snapshot.{ident(served.title)}"
    own = [f"{_served(field, masked=masked)} AS {ident(field.name)}" for field in dataset.fields]
    added = [f"{each.sql} AS {ident(each.name)}" for each in served.added]
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {', '.join(own + added)} FROM {served.relation} WHERE NOT _deleted "
        f"ORDER BY _origin, _source, _key"
    )
    titles = [(field.name, field.title) for field in dataset.fields]
    titles += [(each.name, each.title) for each in served.added]
    shown = ", ".join(f"{ident(name)} AS {ident(title)}" for name, title in titles)
    connection.execute(f"CREATE VIEW {view} AS SELECT {shown} FROM {table}")
    connection.execute(_comments(served, table, view))


def _served(field: Field, *, masked: bool) -> str:
    column = ident(field.name)
    if field.pii and masked:
        return masked_sql(field.pii, column)
    if sql_type(field) == "TIMESTAMP":
        # canonical times end in +08:00: the wall clock is what stands before it
        return f"try_cast(left({column}, length({column}) - 6) AS TIMESTAMP)"
    return column if sql_type(field) == "VARCHAR" else f"try_cast({column} AS {sql_type(field)})"


def _comments(served: Served, table: str, view: str) -> str:
    """Every comment as one script: statement by statement they cost more than the records."""
    comments = [(field.name, field.title, field.description) for field in served.dataset.fields]
    comments += [(each.name, each.title, each.meaning) for each in served.added]
    script = [
        f"COMMENT ON TABLE {table} IS {literal(served.title)}",
        f"COMMENT ON VIEW {view} IS {literal(served.name)}",
    ]
    for name, title, meaning in comments:
        script.append(f"COMMENT ON COLUMN {table}.{ident(name)} IS {literal(title)}")
        script.append(f"COMMENT ON COLUMN {view}.{ident(title)} IS {literal(f'{name}: {meaning}')}")
    return ";\n".join(script)
