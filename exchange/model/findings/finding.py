"""The value, and the kind it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from exchange.text import Text


class Severity(StrEnum):
    """What a finding does to its row."""

    REJECT = "reject"
    WARN = "warn"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place.

    `row` is the number of the record in its file, from 1; None when the finding is about the whole file,
    which then refuses the batch. `line` is the physical line on which the record starts, from 1. `field` is the
    dataset's field name. The message never holds personal data.
    """

    code: str
    severity: Severity
    message: Text
    hint: Text
    row: int | None = None
    line: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: its stable code, its severity, and its texts (templates)."""

    code: str
    severity: Severity
    message: Text
    hint: Text

    def at(
        self, *, row: int | None = None, line: int | None = None, field: str | None = None, **fields: object
    ) -> Finding:
        """The finding of this kind at a place; `fields` fill the message and hint templates."""
        named = {"field": field, **fields}
        return Finding(
            self.code,
            self.severity,
            self.message.fill(**named),
            self.hint.fill(**named),
            row=row,
            line=line,
            field=field,
        )
