"""Analysts' SQL over a snapshot: read-only, and with no way to any other file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from exchange.errors import ConfigError
from exchange.store.connection import LIMITS
from exchange.text import Text

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    **LIMITS,
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows of a query; every value is text, None where there is none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


def query_snapshot(snapshot: Path, sql: str) -> Answer:
    """Run one statement; ConfigError with the engine's own words when it cannot be run or is not a query."""
    connection = duckdb.connect(str(snapshot), read_only=True, config=_CLOSED)
    try:
        relation = connection.sql(sql)
        if relation is None:
            return Answer((), ())
        shown = relation.project("CAST(COLUMNS(*) AS VARCHAR)")
        return Answer(tuple(relation.columns), tuple(tuple(row) for row in shown.fetchall()))
    except duckdb.Error as error:
        raise ConfigError(Text(f"查询无法执行：{error}", f"The query cannot be run: {error}")) from error
    finally:
        connection.close()
