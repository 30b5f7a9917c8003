"""Files become the temporary table `incoming`, in the shape that the merge works on."""

from __future__ import annotations

from pathlib import Path

import duckdb

from exchange.licences.keys import clustered_sql, compares
from exchange.model.batch import Batch
from exchange.model.dataset import Dataset
from exchange.model.record_sql import content_digest, ident, is_deletion, literal, version_text
from exchange.store.sql import columns, identity_hash, key_hash
from exchange.validation.accepted import accepted_rows


def read_accepted(connection: duckdb.DuckDBPyConnection, dataset: Dataset, batch: Batch, accepted: Path) -> None:
    """The accepted rows of a checked batch, as claims of its source."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT $node AS _origin, $source AS _source, "
        f"{key_hash(dataset)} AS _key, {version_text(dataset)} AS _version, "
        f"{content_digest(dataset)} AS _digest, {is_deletion(dataset)} AS _deleted, "
        f"0::BIGINT AS _seq, $batch AS _batch, $file AS _file, _row, NULL::VARCHAR AS _claims, "
        f"NULL::VARCHAR AS _history, {_identity(dataset)}, {columns(dataset)} "
        f"FROM {_placed(dataset, _widened(connection, dataset, accepted_rows(accepted)))}",
        {
            "node": batch.node,
            "source": batch.source,
            "batch": batch.id,
            "file": batch.file,
        },
    )


def read_changes(connection: duckdb.DuckDBPyConnection, dataset: Dataset, changes: Path) -> None:
    """One dataset of a child's package, into table `changed`; digests are reckoned anew, not believed."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT _origin, _source, _key, _version, "
        f"{content_digest(dataset)} AS _digest, _deleted, 0::BIGINT AS _seq, "
        f"_batch, _file, _row, _claims, _history, {_identity(dataset)}, {columns(dataset)} "
        f"FROM {_placed(dataset, _widened(connection, dataset, f'FROM read_parquet({literal(str(changes))})'))}",
    )


def _widened(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: str) -> str:
    """Rows with nothing in the columns that a later revision of the schema, or of the package, has added."""
    there = {name for name, *_ in connection.execute(f"DESCRIBE {rows}").fetchall()}
    names = (*dataset.field_names, "_history")
    added = "".join(f", NULL::VARCHAR AS {ident(name)}" for name in names if name not in there)
    return f"(SELECT *{added} FROM ({rows}))"


def _placed(dataset: Dataset, rows: str) -> str:
    """Rows with the place in the store at which claims of one kind and issuer lie together."""
    return f"({clustered_sql(rows)})" if compares(dataset) else f"(SELECT *, NULL::UINTEGER AS _cluster FROM {rows})"


def _identity(dataset: Dataset) -> str:
    return f"{identity_hash(dataset) if dataset.identity else 'NULL::UBIGINT'} AS _identity, _cluster"
