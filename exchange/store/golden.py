"""Golden records: a pure function of the live claims that speak of one thing."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.record_sql import content_digest, ident
from exchange.store.merge import replace
from exchange.store.sql import golden, held

_OWN_CLAIM = "to_json([{'node': _origin, 'source': _source, 'batch': _batch, 'file': _file, 'row': _row}])::VARCHAR"
_CLUSTER = "coalesce(any_value(_cluster) FILTER (_form = _thing), any_value(_cluster))"
"""A licence bears the name of one of its forms, and lies where that form does, whatever else joins it."""
_RANK = "(_version, _digest, _origin, _source)"


def remake(connection: duckdb.DuckDBPyConnection, dataset: Dataset, node: str, seq: int) -> None:
    """Make the golden records anew whose claims are in tables `changed` or `replaced`, by exact identity.

    Each field comes from the newest claim that fills it (by version, then digest, origin and source, so that the order
    of arrival does not matter).
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT _identity AS _thing FROM ("
        "SELECT _identity FROM changed UNION ALL SELECT _identity FROM replaced)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE members AS SELECT *, _identity AS _form, _identity AS _thing "
        f"FROM {held(dataset)} WHERE NOT _deleted AND _identity IN (SELECT _thing FROM touched)"
    )
    fields = (f"arg_max({ident(name)}, {_RANK}) AS {ident(name)}" for name in dataset.field_names)
    put(connection, dataset, node, seq, fields)


def put(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    node: str,
    seq: int,
    fields: Iterable[str],
    near: str = "true",
) -> None:
    """Make one record of each `_thing` of table `members`, and put it in the place of what is there.

    `fields` are the expressions that give the fields over the claims of one thing. A thing in `touched` without a live
    claim becomes a tombstone. Records that come out as they were keep their change number. `near` holds for every
    golden record of a thing in `touched`.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE remade AS {_from_members(dataset, fields)}", {"node": node})
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS "
        f"SELECT r.* FROM remade r LEFT JOIN (FROM {golden(dataset)} WHERE {near}) g USING (_key) WHERE g._key IS NULL "
        f"OR (g._digest, g._deleted, g._claims, g._history) "
        f"IS DISTINCT FROM (r._digest, r._deleted, r._claims, r._history) "
        f"UNION ALL BY NAME "
        f"SELECT g.* REPLACE (true AS _deleted) FROM (FROM {golden(dataset)} WHERE {near}) g "
        f"SEMI JOIN touched ON g._key = touched._thing "
        f"ANTI JOIN remade USING (_key) WHERE NOT g._deleted"
    )
    replace(connection, golden(dataset), dataset, "golden", seq, near)


def _from_members(dataset: Dataset, fields: Iterable[str]) -> str:
    claims = f"flatten(list(from_json(coalesce(_claims, {_OWN_CLAIM}), '[\"JSON\"]')))"
    return (
        f"SELECT *, {content_digest(dataset)} AS _digest FROM ("
        f"  SELECT $node AS _origin, $node AS _source, _thing AS _key, max(_version) AS _version, false AS _deleted,"
        f"    0::BIGINT AS _seq, NULL::VARCHAR AS _batch, NULL::VARCHAR AS _file, NULL::BIGINT AS _row,"
        f"    to_json(list_sort(list_distinct({claims})))::VARCHAR AS _claims, any_value(_history) AS _history,"
        f"    _thing AS _identity, {_CLUSTER} AS _cluster, {', '.join(fields)} FROM members GROUP BY _thing)"
    )
