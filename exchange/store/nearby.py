"""Where in a large table the records of a few may lie, so that whole row groups need not be read.

A table is clustered: by origin and source, or, if its records are compared as licences are, by kind and issuer. DuckDB
knows the least and the greatest value of each column in a row group, and passes over those that a constant excludes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import duckdb

from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.model.record_sql import literal
from exchange.store.sql import keyed

FEW = 200
"""Up to so many values are listed; with more of them nothing much would be passed over."""
SAME = "_origin, _source, _key"


def nearby(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: str) -> str:
    """A predicate that holds for every held record that has the origin, source and key of a row of this table."""
    if not compares(dataset):
        return _among(connection, "_origin", rows)
    kinds = spans(connection, "_cluster", rows)
    return clusters_of(
        connection,
        f"SELECT _cluster FROM {rows} UNION SELECT cluster FROM (FROM {keyed(dataset)} WHERE {kinds}) "
        f"SEMI JOIN {rows} USING ({SAME})",
        "_cluster",
    )


def clusters_of(connection: duckdb.DuckDBPyConnection, query: str, column: str) -> str:
    """A predicate on a column of clusters: it is one of those that a query gives, or lies between two of one kind."""
    found = [row[0] for row in connection.execute(f"SELECT DISTINCT * FROM ({query}) ORDER BY ALL").fetchall()]
    if len(found) <= FEW:
        return one_of(column, (str(value) for value in found))
    kinds = [list(group) for _, group in groupby(found, key=lambda cluster: cluster >> 16)]
    return f"({' OR '.join(f'{column} BETWEEN {each[0]:d} AND {each[-1]:d}' for each in kinds)})"


def spans(connection: duckdb.DuckDBPyConnection, column: str, rows: str) -> str:
    """A predicate on `cluster`: it belongs to a kind that the clusters in a column of a table belong to."""
    kinds = [
        int(row[0]) for row in connection.execute(f"SELECT DISTINCT {column} >> 16 FROM {rows} ORDER BY ALL").fetchall()
    ]
    if len(kinds) > FEW:
        return "true"
    each = (f"cluster BETWEEN {kind << 16:d} AND {kind << 16 | 0xFFFF:d}" for kind in kinds)
    return f"({' OR '.join(each) or 'false'})"


def _among(connection: duckdb.DuckDBPyConnection, column: str, rows: str) -> str:
    found = [row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM {rows} ORDER BY ALL").fetchall()]
    return one_of(column, (literal(value) for value in found)) if len(found) <= FEW else "true"


def one_of(column: str, values: Iterable[str]) -> str:
    """A predicate: the column has one of these values, which are SQL literals."""
    listed = ", ".join(values)
    return f"{column} IN ({listed})" if listed else "false"
