"""Which claims must be looked at again when some have come, changed or gone: whole components, and no more.

Two claims bear on each other only by a chain of pairs that are one licence or might be. A component is such a chain;
so a change reaches the components of the forms that it touches, and those of the forms that a block now pairs with
these.
"""

from __future__ import annotations

import duckdb

from exchange.licences.blocks import HOLDER_LIMIT, IDENTIFIER_LIMIT, NUMBER_LIMIT
from exchange.licences.keys import cluster_sql, keys_sql, normal_sql
from exchange.model.dataset import Dataset
from exchange.store.licences.decided import decided_partners
from exchange.store.nearby import SAME, clusters_of, spans
from exchange.store.sql import keyed

Connection = duckdb.DuckDBPyConnection


def rekey(connection: Connection, dataset: Dataset) -> None:
    """Bring the keys in step with `changed`, the records that were let in. `touched_keys` has them before and after."""
    kinds = spans(connection, "_cluster", "changed")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE old_keys AS SELECT k.* FROM {keyed(dataset)} k "
        f"SEMI JOIN changed USING ({SAME}) WHERE {kinds}"
    )
    _delete(connection, dataset, "old_keys", kinds)
    reference = "concat_ws(chr(31), _origin, _source, _key)"
    normal = normal_sql("(FROM changed WHERE NOT _deleted)", SAME)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE new_keys AS SELECT {SAME}, cluster, {_parted('form')} AS form, core, "
        f"number_block, holder_block, identifier_block "
        f"FROM (SELECT {SAME}, core, {keys_sql(reference)}, {cluster_sql()} AS cluster FROM ({normal})) n "
        f"LEFT JOIN (SELECT origin, source, key, max(decision) AS mark FROM hub.parted WHERE dataset = $dataset "
        f"GROUP BY ALL) p ON p.origin = n._origin AND p.source = n._source AND p.key = n._key "
        f"UNION ALL BY NAME SELECT {SAME}, _cluster AS cluster FROM changed WHERE _deleted",
        {"dataset": dataset.name},
    )
    connection.execute(f"INSERT INTO {keyed(dataset)} BY NAME FROM new_keys")
    connection.execute("CREATE OR REPLACE TEMP TABLE touched_keys AS FROM old_keys UNION ALL BY NAME FROM new_keys")


def touch_too(connection: Connection, dataset: Dataset, rows: str, same: str, kinds: str) -> None:
    """Add to `touched_keys` those of the claims that share the columns `same` with a row of a table.

    DuckDB 2.0 loses rows that are inserted into a table that the same transaction has made, once they fill a row group:
    such tables are made by one statement.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE touched_before AS FROM touched_keys")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE touched_keys AS FROM touched_before UNION ALL BY NAME "
        f"SELECT k.* FROM {keyed(dataset)} k SEMI JOIN {rows} USING ({same}) "
        f"ANTI JOIN touched_before t USING ({SAME}) WHERE {kinds}"
    )


def _parted(form: str) -> str:
    """The form of a record that was taken out of its licence by decision: one of its own, and of the others of it."""
    return f"CASE WHEN mark IS NULL THEN {form} ELSE md5_number_lower(concat_ws(chr(31), {form}, 'parted', mark)) END"


def take_closure(connection: Connection, dataset: Dataset) -> None:
    """Move the keys of every claim that `touched_keys` bears on out of the store, into `affected`."""
    kinds = spans(connection, "cluster", "touched_keys")
    _reach(connection, dataset, kinds)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched_forms AS SELECT DISTINCT form FROM reached WHERE form IS NOT NULL"
    )
    _neighbours(connection, dataset, kinds)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE components AS SELECT DISTINCT component FROM touched_keys "
        "WHERE component IS NOT NULL UNION SELECT component FROM neighbours WHERE component IS NOT NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE affected AS SELECT k.* FROM {keyed(dataset)} k "
        f"WHERE ({kinds}) AND (component IN (FROM components) OR form IN (FROM touched_forms))"
    )
    _delete(connection, dataset, "affected", kinds)


def _reach(connection: Connection, dataset: Dataset, kinds: str) -> None:
    """`reached`: the touched keys, and those of all forms of their number and holder blocks.

    How many forms bear a number, and how many a holder has, weighs in every comparison of each of them. A block that
    was too large before and still is pairs nothing; of one that crosses its limit all forms are reached.
    """
    within = f"(FROM {keyed(dataset)} WHERE {kinds})"
    by_number = _in_blocks(within, "number_block", "touched_keys", NUMBER_LIMIT)
    by_holder = _in_blocks(within, "holder_block", "touched_keys", HOLDER_LIMIT)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE reached AS {by_number} UNION ALL BY NAME {by_holder} "
        f"UNION ALL BY NAME FROM touched_keys"
    )


def _in_blocks(within: str, block: str, touched: str, limit: int) -> str:
    """A SELECT of the keys in the blocks that a table touches, but for blocks that were and are beyond their limit."""
    blocks = (
        f"(SELECT {block}, count(DISTINCT form) AS touched FROM {touched} WHERE {block} IS NOT NULL GROUP BY {block})"
    )
    counted = (
        f"(SELECT {block}, count(DISTINCT form) AS forms FROM {within} SEMI JOIN {blocks} USING ({block}) "
        f"GROUP BY {block})"
    )
    wanted = f"(SELECT {block} FROM {counted} JOIN {blocks} USING ({block}) WHERE forms - touched <= {limit})"
    return f"SELECT * FROM {within} SEMI JOIN {wanted} USING ({block})"


def _delete(connection: Connection, dataset: Dataset, rows: str, kinds: str) -> None:
    connection.execute(f"DELETE FROM {keyed(dataset)} WHERE ({kinds}) AND ({SAME}) IN (SELECT ({SAME}) FROM {rows})")


def _neighbours(connection: Connection, dataset: Dataset, kinds: str) -> None:
    """`neighbours`: components of the forms that a block pairs with a reached one, or paired before."""
    within = f"(FROM {keyed(dataset)} WHERE {kinds})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE neighbours AS SELECT component FROM reached UNION ALL "
        f"SELECT component FROM {within} SEMI JOIN touched_forms USING (form) UNION ALL "
        f"SELECT component FROM ({_in_blocks(within, 'holder_block', 'reached', HOLDER_LIMIT)}) UNION ALL "
        f"SELECT component FROM ({_in_blocks(within, 'identifier_block', 'reached', IDENTIFIER_LIMIT)}) UNION ALL "
        f"SELECT component FROM {within} SEMI JOIN ({decided_partners('touched_forms')}) USING (form)",
        {"dataset": dataset.name},
    )


def clusters(connection: Connection, rows: str) -> str:
    """A predicate on `_cluster`, that it is one of the clusters in a table."""
    return clusters_of(connection, f"SELECT cluster FROM {rows}", "_cluster")
