"""What goes down to a child: its parent's shared records where there are any, else the node's own golden ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.package import Territory
from exchange.model.record_sql import ident, literal
from exchange.store.sql import columns, golden, shared

_CLAIM = '[{"node":"VARCHAR","source":"VARCHAR","batch":"VARCHAR","file":"VARCHAR","row":"BIGINT"}]'
_LINEAGE = "_origin, _source, _key, _version, _deleted, _batch, _file, _row, _claims"

Window = tuple[int, int]


def claims_of(relation: str) -> str:
    """Every claim of a relation's records as `_origin`, `_key`, `claim`: two records with one claim are one thing."""
    return f"SELECT _origin, _key, unnest(from_json(_claims, '{_CLAIM}')) AS claim FROM {relation}"


def write_shares(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, to: Territory, window: Window, target: Path, disputed: Path
) -> int:
    """Write the records that a child does not have yet, and apart those of which it may have said otherwise.

    A record concerns the child when a claim of its nodes speaks for it, or when its division lies within the child's.
    Own golden records that a shared one stands for stay here: the parent's word counts. Returns how many records.
    """
    _find_candidates(connection, dataset, window)
    _find_covered(connection, dataset)
    bound = {"child": to.child, "nodes": sorted(to.nodes), "dataset": dataset.name}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE leaving AS {_leaving(dataset, to)}", bound)
    ((count,),) = connection.execute("SELECT count(*) FROM leaving").fetchall()
    if count:
        names = f"{_LINEAGE}, {columns(dataset)}"
        _copy(connection, f"SELECT {names} FROM leaving ORDER BY _origin, _source, _key", target)
        _write_disputed(connection, dataset, disputed)
    return int(count)


def _find_candidates(connection: duckdb.DuckDBPyConnection, dataset: Dataset, window: Window) -> None:
    """Table `candidates`: what changed, and own records of which a change from above decides anew."""
    lineage = "_origin, _source, _key, _version, _deleted, _claims"
    own = (
        f"SELECT {lineage}, {columns(dataset)}, true AS _own FROM {golden(dataset)} "
        f"WHERE (_seq > $after AND _seq <= $upto) "
        f"OR _key IN (SELECT key FROM hub.stirred WHERE dataset = $dataset AND seq > $after AND seq <= $upto)"
    )
    above = f"SELECT {lineage}, {columns(dataset)}, false FROM {shared(dataset)} WHERE _seq > $after AND _seq <= $upto"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE candidates AS {own} UNION ALL {above}",
        {"after": window[0], "upto": window[1], "dataset": dataset.name},
    )


def _find_covered(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Table `covered`: the candidates among the node's own for which a record from above stands."""
    live = f"(SELECT * FROM {shared(dataset)} WHERE NOT _deleted)"
    mine = "(SELECT * FROM candidates WHERE _own AND NOT _deleted)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE covered AS SELECT DISTINCT own AS _key FROM ({linked(mine, live)})"
    )


def linked(mine: str, above: str) -> str:
    """Which own records (`own`) and shared ones (`_origin`, `_key`) speak of one thing: by id, or by a common claim."""
    return (
        f"SELECT m._key AS own, s._origin, s._key FROM {mine} m JOIN {above} s ON m._key = s._key UNION "
        f"SELECT m._key, s._origin, s._key FROM ({claims_of(mine)}) m JOIN ({claims_of(above)}) s USING (claim)"
    )


def _leaving(dataset: Dataset, to: Territory) -> str:
    fields = ", ".join(f"CASE WHEN _goes THEN c.{ident(name)} END AS {ident(name)}" for name in dataset.field_names)
    return (
        f"SELECT c._origin, c._source, c._key, c._version, NOT _goes AS _deleted, NULL::VARCHAR AS _batch, "
        f"NULL::VARCHAR AS _file, NULL::BIGINT AS _row, CASE WHEN _goes THEN c._claims END AS _claims, _own, {fields} "
        f"FROM (SELECT *, NOT _deleted AND ({_concerns(dataset, to)}) "
        f"  AND NOT (_own AND _key IN (SELECT _key FROM covered)) AS _goes FROM candidates) c "
        f"LEFT JOIN (SELECT origin, key FROM hub.shared_with WHERE child = $child AND dataset = $dataset) w "
        f"ON w.origin = c._origin AND w.key = c._key WHERE _goes OR w.key IS NOT NULL"
    )


def _concerns(dataset: Dataset, to: Territory) -> str:
    """Whether a record concerns the child."""
    areas = " OR ".join(
        f"coalesce(starts_with({ident(field)}, {literal(each)}), false)"
        for field in dataset.areas
        for each in to.prefixes
    )
    claimed = "coalesce(list_has_any(json_extract_string(_claims, '$[*].node'), $nodes), false)"
    return f"{claimed} OR {areas}" if areas else claimed


def _write_disputed(connection: duckdb.DuckDBPyConnection, dataset: Dataset, target: Path) -> None:
    """One claim alone cannot be corrected: those with several, and those that the parent has corrected here."""
    several = f"(SELECT _key FROM {golden(dataset)} WHERE json_array_length(_claims) > 1)"
    passed = "(SELECT * FROM leaving WHERE NOT _own AND NOT _deleted)"
    mine = f"(SELECT _key, _origin, _claims FROM {golden(dataset)} WHERE NOT _deleted)"
    corrected = f"(SELECT licence FROM hub.corrections WHERE dataset = {literal(dataset.name)})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stands_for AS SELECT _origin, _key, _key AS own FROM leaving "
        f"WHERE _own AND NOT _deleted AND _key IN {several} UNION ALL "
        f"SELECT _origin, _key, own FROM ({linked(mine, passed)}) "
        f"WHERE own IN {several} OR printf('%016x', _key) IN {corrected}"
    )
    _copy(
        connection,
        f"SELECT printf('%016x', l._key) AS _licence, l._origin, o._own, {columns(dataset)} FROM leaving l JOIN ("
        f"SELECT _origin, _key, list(printf('%016x', own) ORDER BY own) AS _own FROM stands_for GROUP BY ALL) o "
        f"USING (_origin, _key) ORDER BY ALL",
        target,
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")


def note_files(connection: duckdb.DuckDBPyConnection, child: str, dataset: str, file: Path) -> None:
    """Note a package's records of one dataset as those that a child has; its tombstones it has no longer."""
    bound: dict[str, Any] = {"child": child, "dataset": dataset}
    rows = f"read_parquet({literal(str(file))})"
    connection.execute(
        f"DELETE FROM hub.shared_with w USING (SELECT _origin, _key FROM {rows}) f WHERE w.child = $child "
        f"AND w.dataset = $dataset AND w.origin = f._origin AND w.key = f._key",
        bound,
    )
    connection.execute(
        f"INSERT INTO hub.shared_with SELECT $child, $dataset, _origin, _key FROM {rows} WHERE NOT _deleted", bound
    )
