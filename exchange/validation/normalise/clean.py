"""Clean cells in SQL: a condition that is true only of cells to which `normaliser` does nothing that is to be told.

Nearly every cell is clean, and the row that it stands in takes the fast path; any other row goes through `normaliser`.
So the condition may be too strict, and must never be too lenient. It stands beside the schema's own conditions: what
they prove is not proven again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from exchange.model.dataset import Field
from exchange.validation.formats import FORMATS
from exchange.validation.formats.arrays import OnArray
from exchange.validation.normalise.arrays import CleanCells, clean_ascii, clean_texts, plain_bodies, plain_digits
from exchange.validation.normalise.fields import normaliser
from exchange.validation.normalise.moments import regular_moments
from exchange.validation.normalise.placeholders import placeholders
from exchange.validation.sql.facts import Facts
from exchange.validation.sql.formats import DATE
from exchange.validation.sql.logic import FALSE, TRUE, Sql, all_of, any_of, is_one_of, text


class CleanCell(NamedTuple):
    """When a cell that is there is clean: `condition` in SQL, and `judge` as a fact of arrays.

    `value` is what then stands in the record, NULL for nothing; `proven` is a format that it then has.
    """

    condition: Sql
    value: Sql
    judge: OnArray | CleanCells | None = None
    proven: str | None = None


_NUMBER = r"-?[1-9][0-9]*(?:\.[0-9]+)?|0(?:\.[0-9]+)?"


def clean_cell(field: Field, cell: Sql, keywords: Mapping[str, Any], *, key: bool) -> CleanCell:
    """When one field's cell is clean."""
    if field.format == "date":
        return CleanCell(f"({DATE.format(cell)})", cell, proven="date")
    if field.format == "date-time":
        return CleanCell(TRUE, _in_beijing(cell), regular_moments, "date-time")
    if field.type != "string":
        return CleanCell(_standard(field, cell), cell)
    if _is_proven(field, keywords, key=key):
        return CleanCell(TRUE, cell)
    return CleanCell(TRUE, cell, _column(field, key=key))


def translated(found: CleanCell, cell: Sql, codes: Mapping[str, str], facts: Facts) -> CleanCell:
    """The same where the source's codes become ours: a code is clean as it stands, another value if it was before."""
    cases = " ".join(f"WHEN {text(theirs)} THEN {text(ours) if ours else 'NULL'}" for theirs, ours in codes.items())
    judge = found.judge.of_one if isinstance(found.judge, CleanCells) else found.judge
    told = TRUE if judge is None else facts.ask(cell, "clean", judge) or FALSE
    clean = any_of([is_one_of(cell, codes), all_of([found.condition, told])])
    return CleanCell(clean, f"(CASE {cell} {cases} ELSE {found.value} END)")


def _column(field: Field, *, key: bool) -> CleanCells:
    nothing = placeholders(field)
    if field.pii in {"phone", "identity"}:
        return plain_digits(nothing) if field.pii == "phone" else plain_bodies(nothing)
    return clean_ascii(nothing) if key or field.format or field.codes else clean_texts(nothing)


def _is_proven(field: Field, keywords: Mapping[str, Any], *, key: bool) -> bool:
    """Whether the schema lets nothing through that is not clean: values that are, or an identifier's format."""
    if "enum" in keywords:
        clean = normaliser(field, key=key)
        return all(isinstance(each, str) and clean(each) == (each, ()) for each in keywords["enum"])
    return field.format in FORMATS


def _in_beijing(cell: Sql) -> Sql:
    """A wall clock's time gets Beijing's zone, which is no repair; or it stands there already."""
    return (
        f"(CASE WHEN strlen({cell}) = 19 THEN left({cell}, 10) || 'T' || right({cell}, 8) || '+08:00' ELSE {cell} END)"
    )


def _standard(field: Field, cell: Sql) -> Sql:
    """A number or truth value as JSON writes it, without the forms that only people use."""
    if field.type == "integer":
        return f"(CAST(TRY_CAST({cell} AS BIGINT) AS VARCHAR) = {cell})"
    return (
        is_one_of(cell, ("true", "false")) if field.type == "boolean" else f"regexp_full_match({cell}, {text(_NUMBER)})"
    )
