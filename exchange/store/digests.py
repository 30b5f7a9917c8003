"""Counts and order-independent digests: whether two levels hold the same records, and which ones differ."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.package import Total
from exchange.model.record_sql import content_digest
from exchange.store.sql import BUCKET, held, outgoing


def totals(connection: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset], *, sent: bool) -> list[Total]:
    """Live records and digest per origin and dataset, of what the node sends up or of what it holds."""
    out: list[Total] = []
    for dataset in datasets:
        relation = "golden" if sent and dataset.identity else "held"
        rows = connection.execute(
            "SELECT origin, dataset, sum(records)::BIGINT, sum(digest)::HUGEINT FROM hub.digests "
            "WHERE relation = ? AND dataset = ? GROUP BY ALL HAVING sum(records) <> 0 OR sum(digest) <> 0",
            [relation, dataset.name],
        ).fetchall()
        out += [Total(*row) for row in rows]
    return sorted(out)


def buckets(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, origin: str, *, sent: bool
) -> dict[int, tuple[int, int]]:
    """Count and digest of each bucket of one origin and dataset, reckoned from the content of the records."""
    rows = connection.execute(
        f"SELECT {BUCKET} AS bucket, count(*), sum({content_digest(dataset)}::HUGEINT)::HUGEINT "
        f"FROM {_table(dataset, sent=sent)} WHERE _origin = ? AND NOT _deleted GROUP BY bucket",
        [origin],
    ).fetchall()
    return {bucket: (records, digest) for bucket, records, digest in rows}


Place = tuple[str, int]
Found = tuple[int, str | None, int | None]


def bucket_records(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, origin: str, bucket: int, *, sent: bool
) -> dict[Place, Found]:
    """The live records of one bucket: (source, key hash) → (digest, file, row); the digest is that of the content."""
    rows = connection.execute(
        f"SELECT _source, _key, {content_digest(dataset)}, _file, _row FROM {_table(dataset, sent=sent)} "
        f"WHERE _origin = ? AND {BUCKET} = ? AND NOT _deleted",
        [origin, bucket],
    ).fetchall()
    return {(source, key): (digest, file, row) for source, key, digest, file, row in rows}


def recount(connection: duckdb.DuckDBPyConnection, dataset: Dataset, *, sent: bool) -> list[Total]:
    """The same as `totals`, reckoned from the content of the records: no kept digest is believed."""
    rows = connection.execute(
        f"SELECT _origin, count(*), sum({content_digest(dataset)}::HUGEINT)::HUGEINT "
        f"FROM {_table(dataset, sent=sent)} WHERE NOT _deleted GROUP BY _origin ORDER BY _origin"
    ).fetchall()
    return [Total(origin, dataset.name, records, digest) for origin, records, digest in rows]


def _table(dataset: Dataset, *, sent: bool) -> str:
    return outgoing(dataset) if sent else held(dataset)


def child_totals(connection: duckdb.DuckDBPyConnection, child: str) -> list[Total]:
    """What a child held when it sealed its last applied package, by its own word."""
    rows = connection.execute(
        "SELECT origin, dataset, records, digest FROM hub.child_totals WHERE child = ?", [child]
    ).fetchall()
    return sorted(Total(*row) for row in rows)
