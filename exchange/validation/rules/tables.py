"""The reference values as temporary tables, which the rules' SQL joins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from exchange.model.reference import ItemVersion, Reference
from exchange.validation.rules.provinces import ID_PROVINCES

ALWAYS, NEVER = "0000-00-00", "9999-99-99"
"""Before and after every day, as texts: days are compared as texts like 2024-05-01, which costs no conversion."""


def register_reference(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """Make the temporary tables that the rules join; those of an earlier call are replaced.

    They are `rule_divisions`, `rule_aliases`, `rule_province`, `rule_id_prefixes`, `rule_items` and `rule_days`.
    """
    divisions = [(each.code, each.name, _from(each.valid_from), _to(each.valid_to)) for each in reference.divisions]
    _make(connection, "rule_divisions", ("code", "name", "valid_from", "valid_to"), divisions)
    _make(connection, "rule_aliases", ("alias", "code"), reference.aliases)
    _make(connection, "rule_province", ("prefix",), [(reference.province,)], numbers="prefix")
    abroad = [each for each in ID_PROVINCES if each != reference.province]
    prefixes = [(each,) for each in (*reference.id_prefixes, *abroad)]
    _make(connection, "rule_id_prefixes", ("prefix",), prefixes, numbers="prefix")
    register_items(connection, reference.items, "rule_items")
    days = [(each.day.isoformat(), str(each.working)) for each in reference.days]
    _make(connection, "rule_days", ("day", "working"), days, numbers="working")


def register_items(connection: duckdb.DuckDBPyConnection, items: Sequence[ItemVersion], table: str) -> None:
    """Make a temporary table of item versions."""
    names = ("catalog_code", "version", "name", "type", "by_law", "promise_day", "local_only", "certificate")
    rows = [
        (*(str(each.version) if name == "version" else _text(getattr(each, name)) for name in names), *_span(each))
        for each in items
    ]
    _make(connection, table, (*names, "valid_from", "valid_to"), rows)


def _span(item: ItemVersion) -> tuple[str, str]:
    return _from(item.valid_from), _to(item.valid_to)


def _text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _from(day: date | None) -> str:
    return ALWAYS if day is None else day.isoformat()


def _to(day: date | None) -> str:
    return NEVER if day is None else day.isoformat()


def _make(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    numbers: str | None = None,
) -> None:
    """A temporary table of text columns; the one column `numbers` holds integers."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [pa.array(column, pa.string()) for column in columns]
    connection.register("rule_rows", pa.Table.from_arrays(arrays, names=list(names)))
    converted = f"* REPLACE ({numbers}::INTEGER AS {numbers})" if numbers else "*"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {converted} FROM rule_rows")
    connection.unregister("rule_rows")
