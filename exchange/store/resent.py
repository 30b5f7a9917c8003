"""Which rows of a batch have come again since: their keys are held or parked out of a batch applied later."""

from __future__ import annotations

from pathlib import Path

import duckdb

from exchange.model.batch import Batch
from exchange.model.dataset import Dataset
from exchange.model.record_sql import literal
from exchange.store.sql import held, key_hash, parked


def come_since(connection: duckdb.DuckDBPyConnection, dataset: Dataset, batch: Batch, rows: Path) -> dict[int, str]:
    """Of rows of a batch (Parquet: the business key as text, and `_row`), those that came since, and in which batch.

    Every row has its whole business key. Nothing is found for a batch that was not applied.
    """
    found = connection.execute(
        f"SELECT i._row, min(r._batch) FROM ("
        f"  SELECT _row, {key_hash(dataset)} AS _key FROM read_parquet({literal(str(rows))})) i "
        f"JOIN (SELECT _origin, _source, _key, _batch FROM {held(dataset)} UNION ALL "
        f"  SELECT _origin, _source, _key, _batch FROM {parked(dataset)}) r USING (_key) "
        f"JOIN hub.batches later ON later.batch = r._batch "
        f"JOIN hub.batches this ON this.batch = $batch AND later.seq > this.seq "
        f"WHERE r._origin = $node AND r._source = $source GROUP BY i._row",
        {"batch": batch.id, "node": batch.node, "source": batch.source},
    ).fetchall()
    return dict(found)
