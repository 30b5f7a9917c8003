"""Golden records: a pure function of the live claims that have one identity."""

from __future__ import annotations

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.record_sql import content_digest, ident
from exchange.store.merge import replace
from exchange.store.sql import golden, held

_OWN_CLAIM = "to_json([{'node': _origin, 'source': _source, 'batch': _batch, 'file': _file, 'row': _row}])::VARCHAR"
_RANK = "(_version, _digest, _origin, _source)"


def remake(connection: duckdb.DuckDBPyConnection, dataset: Dataset, node: str, seq: int) -> None:
    """Make the golden records anew whose claims are in tables `changed` or `replaced`.

    Each field comes from the newest claim that fills it (by version, then digest, origin and source, so that the order
    of arrival does not matter). A licence without a live claim becomes a tombstone. Records that come out as they were
    keep their change number.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT _identity FROM ("
        "SELECT _identity FROM changed UNION ALL SELECT _identity FROM replaced)"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE remade AS {_from_claims(dataset)}", {"node": node})
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS "
        f"SELECT r.* FROM remade r LEFT JOIN {golden(dataset)} g USING (_key) WHERE g._key IS NULL "
        f"OR (g._digest, g._deleted, g._claims) IS DISTINCT FROM (r._digest, r._deleted, r._claims) UNION ALL BY NAME "
        f"SELECT g.* REPLACE (true AS _deleted) FROM {golden(dataset)} g SEMI JOIN touched USING (_identity) "
        f"ANTI JOIN remade USING (_key) WHERE NOT g._deleted"
    )
    replace(connection, golden(dataset), dataset, "golden", seq)


def _from_claims(dataset: Dataset) -> str:
    fields = ", ".join(f"arg_max({ident(name)}, {_RANK}) AS {ident(name)}" for name in dataset.field_names)
    claims = f"flatten(list(from_json(coalesce(_claims, {_OWN_CLAIM}), '[\"JSON\"]')))"
    return (
        f"SELECT *, {content_digest(dataset)} AS _digest FROM ("
        f"  SELECT $node AS _origin, $node AS _source, _identity AS _key, max(_version) AS _version, false AS _deleted,"
        f"    0::BIGINT AS _seq, NULL::VARCHAR AS _batch, NULL::VARCHAR AS _file, NULL::BIGINT AS _row,"
        f"    to_json(list_sort(list_distinct({claims})))::VARCHAR AS _claims, _identity, {fields}"
        f"  FROM {held(dataset)} SEMI JOIN touched USING (_identity) WHERE NOT _deleted GROUP BY _identity)"
    )
