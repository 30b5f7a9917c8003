"""三级四同 over everything that a node holds: who deviates from the catalogue, in which item and field, since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.deviation import Deviation
from exchange.model.record_sql import literal
from exchange.model.reference import ItemVersion, Reference
from exchange.store.sql import held
from exchange.validation.rules.catalogue_certificate import speaks_of_certificates, unknown_certificates
from exchange.validation.rules.catalogue_item import deviations, speaks_of_items
from exchange.validation.rules.rule import record_day
from exchange.validation.rules.tables import register_items, register_reference

Connection = duckdb.DuckDBPyConnection
COLUMNS = tuple(each.name for each in fields(Deviation))
_PLACE = ["_origin", "_source", "_key"]
_COMING = "rule_items_to_come"


def find_drift(connection: Connection, datasets: Iterable[Dataset], reference: Reference) -> list[Deviation]:
    """Every deviation of the live records, by node, item and field."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE drift AS {drift_sql(connection, datasets, reference)}")
    return _deviations(connection)


def drift_sql(connection: Connection, datasets: Iterable[Dataset], reference: Reference) -> str:
    """SQL of the same, with `COLUMNS`; the tables that it joins are made."""
    register_reference(connection, reference)
    parts = [_counted(dataset, _of(dataset, _live(dataset), "rule_items")) for dataset in _comparable(datasets)]
    return " UNION ALL ".join(parts) if parts else _nothing()


def find_impact(
    connection: Connection,
    datasets: Iterable[Dataset],
    reference: Reference,
    coming: Sequence[ItemVersion],
    days: int,
) -> list[Deviation]:
    """What would deviate if recent records came in under a catalogue to come, and does not deviate now.

    Recent are the records of the last `days` days up to the newest that is held. Each is held against the last version
    of its item in `coming`, whatever its day.
    """
    register_reference(connection, reference)
    register_items(connection, _last_versions(coming), _COMING)
    compared = list(_comparable(datasets))
    parts = [_counted(dataset, _new_only(dataset, _recent(dataset, compared, days))) for dataset in compared]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE drift AS {' UNION ALL '.join(parts) if parts else _nothing()}")
    return _deviations(connection)


def _comparable(datasets: Iterable[Dataset]) -> Iterable[Dataset]:
    return (each for each in datasets if speaks_of_items(each) or speaks_of_certificates(each))


def _of(dataset: Dataset, source: str, items: str) -> str:
    find = deviations if speaks_of_items(dataset) else unknown_certificates
    return find(dataset, source, _PLACE, items)


def _live(dataset: Dataset) -> str:
    """The live records. A golden record counts at each node that claims it: its own node has only brought it on."""
    if not dataset.identity:
        return f"(SELECT * FROM {held(dataset)} WHERE NOT _deleted)"
    nodes = "coalesce(list_distinct(json_extract_string(_claims, '$[*].node')), [_origin])"
    sources = "coalesce(json_extract_string(_claims, '$[0].source'), _source)"
    return (
        f"(SELECT * EXCLUDE (_origin, _source), unnest({nodes}) AS _origin, {sources} AS _source "
        f"FROM {held(dataset)} WHERE NOT _deleted)"
    )


def _recent(dataset: Dataset, compared: Sequence[Dataset], days: int) -> str:
    newest = " UNION ALL ".join(f"SELECT max({record_day(each)}) AS day FROM {_live(each)}" for each in compared)
    since = f"(SELECT strftime(max(try_cast(day AS DATE)) - {days:d}, '%Y-%m-%d') FROM ({newest}))"
    return f"(SELECT * FROM {_live(dataset)} WHERE {record_day(dataset)} > {since})"


def _new_only(dataset: Dataset, source: str) -> str:
    place = ", ".join([*_PLACE, "field"])
    return (
        f"SELECT * FROM ({_of(dataset, source, _COMING)}) ANTI JOIN ({_of(dataset, source, 'rule_items')}) "
        f"USING ({place})"
    )


def _counted(dataset: Dataset, found: str) -> str:
    return (
        f"SELECT _origin AS origin, _source AS source, {literal(dataset.name)} AS dataset, item, field, code, "
        f"found, wanted, count(*) AS records, min(day) AS first, max(day) AS last FROM ({found}) GROUP BY ALL"
    )


def _nothing() -> str:
    return "SELECT " + ", ".join(f"NULL AS {name}" for name in COLUMNS) + " WHERE false"


def _last_versions(items: Sequence[ItemVersion]) -> list[ItemVersion]:
    """The last version of each item, in force for ever; of one that has ended, in force never."""
    last: dict[str, ItemVersion] = {}
    for each in sorted(items, key=lambda item: item.valid_from):
        never = date.min if each.valid_to is not None else None
        last[each.catalog_code] = each._replace(valid_from=date.min, valid_to=never)
    return list(last.values())


def _deviations(connection: Connection) -> list[Deviation]:
    rows = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM drift ORDER BY origin, item, field, source, dataset, code, found, wanted"
    ).fetchall()
    return [Deviation(*row) for row in rows]
