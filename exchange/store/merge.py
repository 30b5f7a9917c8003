"""Applying records to a store: newest wins, once, and with the change number and the digests kept in step.

Every function here runs inside the caller's transaction and works on temporary tables of one shape: the lineage
columns, then the dataset's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from exchange.errors import FatalError
from exchange.model.dataset import Dataset
from exchange.model.record_sql import ident, idents
from exchange.store.nearby import nearby
from exchange.store.sql import BUCKET, first_row, held, parked
from exchange.text import Text

Connection = duckdb.DuckDBPyConnection
SAME = "_origin, _source, _key"


def settle(connection: Connection, dataset: Dataset, seq: int) -> tuple[dict[str, int], dict[str, int]]:
    """Let the rows of table `incoming` in: per batch how many were accepted, and how many were parked.

    The newest row of each key stays (by version, then by digest, so that the order of arrival does not matter); what is
    not newer than the record that is held or parked is a duplicate. What is let in is left in table `changed`.
    """
    near = nearby(connection, dataset, "incoming")
    _refuse_collisions(connection, dataset, near)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE newest AS SELECT * FROM incoming "
        f"QUALIFY row_number() OVER (PARTITION BY {SAME} ORDER BY _version DESC, _digest DESC, _batch, _row) = 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT n.* FROM newest n WHERE NOT EXISTS ("
        f"  SELECT 1 FROM (SELECT {SAME}, _version, _digest FROM {held(dataset)} WHERE {near}"
        f"    UNION ALL SELECT {SAME}, _version, _digest FROM {parked(dataset)}) h"
        f"  WHERE h._origin = n._origin AND h._source = n._source AND h._key = n._key"
        f"  AND (h._version, h._digest) >= (n._version, n._digest))"
    )
    ready = " AND ".join(_satisfied(dataset, at) for at in range(len(dataset.references))) or "true"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS SELECT *, ({ready}) AS _ready FROM fresh f")
    connection.execute("CREATE OR REPLACE TEMP TABLE changed AS SELECT * EXCLUDE (_ready) FROM sorted WHERE _ready")
    connection.execute(f"INSERT INTO {parked(dataset)} BY NAME SELECT * EXCLUDE (_ready) FROM sorted WHERE NOT _ready")
    replace(connection, held(dataset), dataset, "held", seq, near)
    return _by_batch(connection, "WHERE _ready"), _by_batch(connection, "WHERE NOT _ready")


def superseded(connection: Connection, dataset: Dataset) -> dict[str, int]:
    """Take out of the parked rows those that a row of table `fresh` replaces: per batch how many."""
    rows = connection.execute(
        f"DELETE FROM {parked(dataset)} p USING fresh f WHERE p._origin = f._origin AND p._source = f._source "
        f"AND p._key = f._key AND (p._version, p._digest) < (f._version, f._digest) RETURNING p._batch"
    ).fetchall()
    counts: dict[str, int] = {}
    for (batch,) in rows:
        counts[batch] = counts.get(batch, 0) + 1
    return counts


def take_parked(connection: Connection, dataset: Dataset) -> Mapping[str, int]:
    """Move the parked rows whose references are there now into table `incoming`: per batch how many."""
    ready = " AND ".join(_satisfied(dataset, at) for at in range(len(dataset.references))) or "true"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT * FROM {parked(dataset)} f WHERE {ready}")
    connection.execute(
        f"DELETE FROM {parked(dataset)} p USING incoming i WHERE p._origin = i._origin AND p._source = i._source "
        f"AND p._key = i._key AND p._version = i._version AND p._digest = i._digest"
    )
    rows = connection.execute("SELECT _batch, count(*) FROM incoming GROUP BY _batch ORDER BY _batch").fetchall()
    return dict(rows)


def replace(connection: Connection, table: str, dataset: Dataset, relation: str, seq: int, near: str = "true") -> None:
    """Put the rows of table `changed` in place of those with the same origin, source and key; keep the digests.

    `near` holds for all of those (`nearby`). What was there before is left in table `replaced`.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE replaced AS SELECT t.* FROM {table} t "
        f"SEMI JOIN changed USING ({SAME}) WHERE {near}"
    )
    connection.execute(f"DELETE FROM {table} WHERE {near} AND ({SAME}) IN (SELECT ({SAME}) FROM replaced)")
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * REPLACE ({seq:d}::BIGINT AS _seq) FROM changed")
    connection.execute(
        f"MERGE INTO hub.digests d USING ("
        f"  SELECT _origin AS origin, {BUCKET} AS bucket, sum(n)::BIGINT AS n, sum(g)::HUGEINT AS g FROM ("
        f"    SELECT _origin, _key, -1 AS n, -(_digest::HUGEINT) AS g FROM replaced WHERE NOT _deleted UNION ALL"
        f"    SELECT _origin, _key, 1, _digest::HUGEINT FROM changed WHERE NOT _deleted) GROUP BY ALL) s "
        f"ON d.relation = $relation AND d.dataset = $dataset AND d.origin = s.origin AND d.bucket = s.bucket "
        f"WHEN MATCHED THEN UPDATE SET records = d.records + s.n, digest = d.digest + s.g "
        f"WHEN NOT MATCHED THEN INSERT VALUES ($relation, s.origin, $dataset, s.bucket, s.n, s.g)",
        {"relation": relation, "dataset": dataset.name},
    )


def _satisfied(dataset: Dataset, at: int) -> str:
    """Whether the record that row `f` refers to is held by the same origin.

    A deleted record counts: whether the deletion or the reference came first must not matter.
    """
    reference = dataset.references[at]
    same = " AND ".join(
        f"r.{ident(to)} = f.{ident(field)}" for field, to in zip(reference.fields, reference.to, strict=True)
    )
    nothing = " OR ".join(f"f.{ident(field)} IS NULL" for field in reference.fields)
    there = f"SELECT 1 FROM held.{ident(reference.dataset)} r WHERE r._origin = f._origin AND {same}"
    return f"({nothing} OR EXISTS ({there}))"


def _by_batch(connection: Connection, where: str) -> dict[str, int]:
    return dict(connection.execute(f"SELECT _batch, count(*) FROM sorted {where} GROUP BY _batch").fetchall())


def _refuse_collisions(connection: Connection, dataset: Dataset, near: str) -> None:
    """Two different keys with one 64-bit hash would make two records one: stop instead (chance about 1e-8)."""
    differs = " OR ".join(f"h.{ident(name)} IS DISTINCT FROM i.{ident(name)}" for name in dataset.key)
    found = first_row(
        connection.execute(
            f"SELECT count(*) FROM incoming i JOIN (FROM {held(dataset)} WHERE {near}) h USING ({SAME}) WHERE {differs}"
        )
    )
    keys = f"count(DISTINCT ({idents(dataset.key)}))"
    within = first_row(
        connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM incoming GROUP BY {SAME} HAVING {keys} > 1)")
    )
    if (found and found[0]) or (within and within[0]):
        raise FatalError(
            Text(
                f"数据集“{dataset.title}”中两个不同的业务主键散列值相同，已停止合并，数据未改动。请联系开发人员。",
                f"Two different keys of {dataset.name} share one hash; the merge was stopped and nothing was changed. "
                "Please contact the developers.",
            )
        )
