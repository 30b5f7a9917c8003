"""Files become the temporary table `incoming`, in the shape that the merge works on."""

from __future__ import annotations

from pathlib import Path

import duckdb

from exchange.model.batch import Batch
from exchange.model.dataset import Dataset
from exchange.store.sql import columns, content_digest, identity_hash, is_deletion, key_hash, version_text


def read_accepted(connection: duckdb.DuckDBPyConnection, dataset: Dataset, batch: Batch, accepted: Path) -> None:
    """The accepted rows of a checked batch, as claims of its source."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT $node AS _origin, $source AS _source, "
        f"{key_hash(dataset)} AS _key, {version_text(dataset)} AS _version, "
        f"{content_digest(dataset)} AS _digest, {is_deletion(dataset)} AS _deleted, "
        f"0::BIGINT AS _seq, $batch AS _batch, $file AS _file, _row, NULL::VARCHAR AS _claims, {_identity(dataset)}, "
        f"{columns(dataset)} FROM read_parquet($accepted)",
        {
            "node": batch.node,
            "source": batch.source,
            "batch": batch.id,
            "file": batch.file,
            "accepted": str(accepted),
        },
    )


def read_changes(connection: duckdb.DuckDBPyConnection, dataset: Dataset, changes: Path) -> None:
    """One dataset of a child's package, into table `changed`; digests are reckoned anew, not believed."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT _origin, _source, _key, _version, "
        f"{content_digest(dataset)} AS _digest, _deleted, 0::BIGINT AS _seq, "
        f"_batch, _file, _row, _claims, {_identity(dataset)}, {columns(dataset)} "
        f"FROM read_parquet($changes)",
        {"changes": str(changes)},
    )


def _identity(dataset: Dataset) -> str:
    return f"{identity_hash(dataset) if dataset.identity else 'NULL::UBIGINT'} AS _identity"
