"""The SQL that follows from a dataset: quoted names and the expressions that every statement shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from exchange.licences import identity_sql
from exchange.model.dataset import Dataset

SEPARATOR = "chr(31)"
BUCKET_BITS = 6
BUCKET = f"(_key >> {64 - BUCKET_BITS})::UTINYINT"
"""The digest bucket of a record: the top bits of its key hash."""

LINEAGE = ("_origin", "_source", "_batch", "_file", "_row", "_claims")
"""Where a record came from; `_claims` is a JSON list of the claims that a golden record stands for."""


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The only row of a result. It is read to its end: an unfinished result blocks its connection."""
    rows = result.fetchall()
    return rows[0] if rows else None


def ident(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a quoted SQL literal, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


def idents(names: Iterable[str]) -> str:
    """Names as a list of quoted SQL identifiers."""
    return ", ".join(ident(name) for name in names)


def held(dataset: Dataset) -> str:
    """The table of the node's latest records of a dataset, one per origin, source and key."""
    return f"held.{ident(dataset.name)}"


def parked(dataset: Dataset) -> str:
    """The table of records that wait for the record they refer to."""
    return f"parked.{ident(dataset.name)}"


def golden(dataset: Dataset) -> str:
    """The table of golden records of a dataset whose records have an identity."""
    return f"golden.{ident(dataset.name)}"


def outgoing(dataset: Dataset) -> str:
    """The table whose changes go up to the parent."""
    return golden(dataset) if dataset.identity else held(dataset)


def key_hash(dataset: Dataset) -> str:
    """The 64-bit hash of the business key."""
    return f"md5_number_lower(concat_ws({SEPARATOR}, {idents(dataset.key)}))"


def identity_hash(dataset: Dataset) -> str:
    """The 64-bit hash of the normalised identity."""
    return f"md5_number_lower({identity_sql([ident(name) for name in dataset.identity])})"


def version_text(dataset: Dataset) -> str:
    """The version fields as one text that sorts as the versions do: integers padded, times as they are."""
    parts = [_sortable(dataset, name) for name in dataset.version]
    return f"concat_ws('|', {', '.join(parts)})" if parts else "''"


def _sortable(dataset: Dataset, name: str) -> str:
    value = f"coalesce({ident(name)}, '')"
    return f"lpad({value}, 12, '0')" if dataset.field(name).type == "integer" else value


def content_digest(dataset: Dataset) -> str:
    """The 64-bit digest of what a record says.

    Each filled field counts with its name, so a field that a later schema adds leaves the digests of older records
    as they are. Cells hold no control characters (the check refuses them), so the separators are unambiguous.
    """
    parts = [
        f"CASE WHEN {ident(name)} IS NULL THEN '' ELSE '{name}' || chr(31) || {ident(name)} || chr(30) END"
        for name in dataset.content
    ]
    return f"md5_number_lower(concat({', '.join(parts)}))"


def is_deletion(dataset: Dataset) -> str:
    """Whether a record takes back what was sent before."""
    return f"coalesce({ident(dataset.operation)} = 'D', false)" if dataset.operation else "false"


def columns(dataset: Dataset) -> str:
    """The dataset's own columns, quoted."""
    return idents(dataset.field_names)
