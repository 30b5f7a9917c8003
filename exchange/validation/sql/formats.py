"""Formats in SQL: a cheap test that is true only of what the reference accepts, and its own function for the rest."""

from __future__ import annotations

from exchange.validation.sql.asking import Functions
from exchange.validation.sql.logic import FALSE, Sql

# A round trip proves the calendar; the length keeps out `infinity` and `2024-01-01 (BC)`, the year 0 the comparison.
DATE = "strlen({0}) = 10 AND {0} >= '0001' AND CAST(TRY_CAST({0} AS DATE) AS VARCHAR) = {0}"
DATE_TIME = (
    "strlen({0}) = 25 AND {0} >= '0001' AND strftime(TRY_CAST({0} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S') || '+08:00' = {0}"
)
_QUICK = {
    "date": DATE,
    "date-time": DATE_TIME,
    "uuid": "regexp_full_match({0}, '[0-9a-fA-F]{{8}}-([0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}')",
}
_EXACT = {
    "email": "contains({0}, '@')",
    "idn-email": "contains({0}, '@')",
    "division-code": "regexp_full_match({0}, '[0-9]{{12}}')",
}


def conforms(name: str, cell: Sql, functions: Functions) -> Sql:
    """Whether a text that is there is of a format that the reference asserts."""
    if name in _EXACT:
        return f"({_EXACT[name].format(cell)})"
    asked = functions.format(name, cell)
    quick = _QUICK.get(name, FALSE).format(cell)
    return asked if quick == FALSE else f"(CASE WHEN {quick} THEN true ELSE {asked} END)"
