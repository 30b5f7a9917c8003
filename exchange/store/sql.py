"""The SQL that follows from a dataset: quoted names and the expressions that every statement shares."""

from __future__ import annotations

from typing import Any

import duckdb

from exchange.licences import identity_sql
from exchange.model.dataset import Dataset
from exchange.model.record_sql import ident, idents

SEPARATOR = "chr(31)"
BUCKET_BITS = 6
BUCKET = f"(_key >> {64 - BUCKET_BITS})::UTINYINT"
"""The digest bucket of a record: the top bits of its key hash."""

LINEAGE = ("_origin", "_source", "_batch", "_file", "_row", "_claims", "_history")
"""Where a record came from; `_claims` is a JSON list of the claims that a golden record stands for."""


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The only row of a result. It is read to its end: an unfinished result blocks its connection."""
    rows = result.fetchall()
    return rows[0] if rows else None


def held(dataset: Dataset) -> str:
    """The table of the node's latest records of a dataset, one per origin, source and key."""
    return f"held.{ident(dataset.name)}"


def parked(dataset: Dataset) -> str:
    """The table of records that wait for the record they refer to."""
    return f"parked.{ident(dataset.name)}"


def golden(dataset: Dataset) -> str:
    """The table of golden records of a dataset whose records have an identity."""
    return f"golden.{ident(dataset.name)}"


def keyed(dataset: Dataset) -> str:
    """The table of the keys by which the claims of licences are told apart."""
    return f"keyed.{ident(dataset.name)}"


def events(dataset: Dataset) -> str:
    """The table of what the claims of licences have said of their lives."""
    return f"events.{ident(dataset.name)}"


def shared(dataset: Dataset) -> str:
    """The table of what the parent has shared of a dataset whose records have an identity; never a claim."""
    return f"shared.{ident(dataset.name)}"


def outgoing(dataset: Dataset) -> str:
    """The table whose changes go up to the parent."""
    return golden(dataset) if dataset.identity else held(dataset)


def key_hash(dataset: Dataset) -> str:
    """The 64-bit hash of the business key."""
    return f"md5_number_lower(concat_ws({SEPARATOR}, {idents(dataset.key)}))"


def identity_hash(dataset: Dataset) -> str:
    """The 64-bit hash of the normalised identity."""
    return f"md5_number_lower({identity_sql([ident(name) for name in dataset.identity])})"


def columns(dataset: Dataset) -> str:
    """The dataset's own columns, quoted."""
    return idents(dataset.field_names)
