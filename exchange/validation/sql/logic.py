"""SQL conditions as text, put together so that what is certain already costs nothing.

They are three-valued: true, false, and NULL for "not decided here, ask the reference". AND, OR and NOT of SQL carry
NULL through as they should; CASE does not, so that it is only made by `choice`.
"""

from __future__ import annotations

from collections.abc import Iterable

Sql = str
TRUE, FALSE, UNDECIDED = "true", "false", "NULL"


def text(value: str) -> Sql:
    """A text literal. ValueError for text that no cell can hold: NUL, or half a surrogate pair."""
    if "\0" in value or any("\ud800" <= each <= "\udfff" for each in value):
        raise ValueError("no cell can hold this text")
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> Sql:
    """A quoted name."""
    return '"' + value.replace('"', '""') + '"'


def all_of(conditions: Iterable[Sql]) -> Sql:
    """Whether all hold."""
    parts = [each for each in dict.fromkeys(conditions) if each != TRUE]
    if FALSE in parts:
        return FALSE
    return f"({' AND '.join(parts)})" if len(parts) > 1 else (parts or [TRUE])[0]


def any_of(conditions: Iterable[Sql]) -> Sql:
    """Whether one holds."""
    parts = [each for each in dict.fromkeys(conditions) if each != FALSE]
    if TRUE in parts:
        return TRUE
    return f"({' OR '.join(parts)})" if len(parts) > 1 else (parts or [FALSE])[0]


def negation(condition: Sql) -> Sql:
    """Whether it does not hold."""
    return {TRUE: FALSE, FALSE: TRUE, UNDECIDED: UNDECIDED}.get(condition, f"(NOT {condition})")


def choice(condition: Sql, then: Sql, otherwise: Sql) -> Sql:
    """`then` where the condition holds, `otherwise` where it does not; each is only looked at where it counts."""
    if condition in {TRUE, FALSE}:
        return then if condition == TRUE else otherwise
    if then == otherwise and then in {TRUE, FALSE}:
        return then
    return f"(CASE WHEN {condition} THEN {then} WHEN {negation(condition)} THEN {otherwise} END)"


def exactly_one(conditions: Iterable[Sql]) -> Sql:
    """Whether one holds and no more; undecided when one of them is."""
    return f"(({' + '.join(f'CAST({each} AS INTEGER)' for each in conditions)}) = 1)"


def is_one_of(column: Sql, values: Iterable[str]) -> Sql:
    """Whether a text that is there is one of the values.

    Four at a time: DuckDB makes a hash join of `IN` with five constants or more, and the order of the rows is lost.
    """
    literals = [text(each) for each in dict.fromkeys(values) if _can_be(each)]
    if not literals:
        return FALSE
    groups = [f"{column} IN ({', '.join(literals[at : at + 4])})" for at in range(0, len(literals), 4)]
    if len(groups) == 1:
        return f"({groups[0]})"
    return f"(CASE {' '.join(f'WHEN {each} THEN true' for each in groups)} ELSE false END)"


def _can_be(value: str) -> bool:
    try:
        text(value)
    except ValueError:
        return False
    return True
