"""The forms in which a cell's text can be a JSON value, by the one reading of `coerce` (docs/text-to-json.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from exchange.validation.sql.logic import FALSE, UNDECIDED, Sql

# RFC 8259, section 6. Within these bounds BIGINT and DOUBLE hold exactly what Python's int and float hold; a number
# beyond them is left to the reference.
_INTEGER = "-?(0|[1-9][0-9]{0,17})"
_DECIMAL = r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}"
_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"


class Form(Enum):
    """What a cell that is there turns out to be."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TRUE = "true"
    FALSE = "false"


def _not_told(_format: str) -> Sql | None:
    return None


@dataclass(frozen=True, slots=True)
class Column:
    """A property of the record: `sql` is its cell as text, NULL where it is absent; empty text never comes.

    `numeric` and `boolean` say whether such text is read as JSON's number and as true and false. `told` gives
    the condition by which a format is told already, if there is one.
    """

    name: str
    sql: Sql
    numeric: bool = False
    boolean: bool = False
    told: Callable[[str], Sql | None] = _not_told

    @property
    def present(self) -> Sql:
        """Whether the property is there."""
        return f"({self.sql} IS NOT NULL)"

    @property
    def absent(self) -> Sql:
        """Whether it is not."""
        return f"({self.sql} IS NULL)"

    @property
    def integer(self) -> Sql:
        """The number, where the form is INTEGER."""
        return f"TRY_CAST({self.sql} AS BIGINT)"

    @property
    def decimal(self) -> Sql:
        """The number, where the form is DECIMAL."""
        return f"TRY_CAST({self.sql} AS DOUBLE)"

    def by_form(self, conditions: Mapping[Form, Sql]) -> Sql:
        """The condition that holds of the cell in whichever form it is; a form that is not named fails."""
        cases = [(when, UNDECIDED if form is None else conditions.get(form, FALSE)) for when, form in self._forms()]
        otherwise = conditions.get(Form.TEXT, FALSE)
        if all(each == otherwise for _, each in cases):
            return otherwise
        return f"(CASE {' '.join(f'WHEN {when} THEN {then}' for when, then in cases)} ELSE {otherwise} END)"

    def _forms(self) -> list[tuple[Sql, Form | None]]:
        """Each form but text by how it is told; None: a number that only the reference can read."""
        forms: list[tuple[Sql, Form | None]] = []
        if self.boolean:
            forms += [(f"{self.sql} = 'true'", Form.TRUE), (f"{self.sql} = 'false'", Form.FALSE)]
        if self.numeric:
            forms += [
                (f"regexp_full_match({self.sql}, '{_INTEGER}')", Form.INTEGER),
                (f"regexp_full_match({self.sql}, '{_DECIMAL}')", Form.DECIMAL),
                (f"regexp_full_match({self.sql}, '{_NUMBER}')", None),
            ]
        return forms


def column(name: str, sql: Sql, keywords: Mapping[str, Any] | bool = True) -> Column:
    """The column of a property with these schema keywords, read by `type` alone as `coerce.reader` does."""
    declared = keywords.get("type", "string") if isinstance(keywords, Mapping) else "string"
    types = {declared} if isinstance(declared, str) else set(declared)
    if "string" in types:
        return Column(name, sql)
    return Column(name, sql, numeric=bool(types & {"integer", "number"}), boolean="boolean" in types)
