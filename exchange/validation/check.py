"""The check of one file: every row becomes accepted or rejected, in the file's order and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from exchange.model.findings import Finding, Severity
from exchange.model.row import Cell, Row
from exchange.validation.coerce import reader
from exchange.validation.mapping import Prepared, rejects


class Preparation(Protocol):
    """What is done to a row before it is held against the schema: `RowMapper` or `AsItIs`."""

    def prepare(self, row: Row) -> Prepared:
        """The row as a record."""


class Judge(Protocol):
    """Holds records of one dataset against its schema."""

    def findings(self, record: Mapping[str, Any], *, row: int, line: int) -> Sequence[Finding]:
        """What rejects the record; empty exactly when the `jsonschema` library accepts it."""

    def warnings(self, record: Mapping[str, Any], *, row: int, line: int) -> Sequence[Finding]:
        """What is only reported."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row that keeps to the schema: every field as text in standard form (None: empty), and what was repaired."""

    number: int
    line: int
    record: Mapping[str, str | None]
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that does not, with the department's own cells; they are empty when the row could not be read at all."""

    number: int
    line: int
    cells: Mapping[str, Cell]
    findings: Sequence[Finding]


Checked = Accepted | Rejected | Finding
"""An outcome of one row, or a finding about the whole file."""


class AsItIs:
    """Raw mode: a row's own columns are the fields, and nothing is mapped or repaired.

    `text_cells`: the file holds nothing but text (CSV, Excel), so cells are read by `docs/text-to-json.md`; otherwise
    they are JSON values already.
    """

    def __init__(self, schema: Mapping[str, Any], *, text_cells: bool) -> None:
        self._text_cells = text_cells
        self._readers = {name: reader(keywords) for name, keywords in schema.get("properties", {}).items()}
        self._otherwise = reader({})

    def prepare(self, row: Row) -> Prepared:
        """The row's cells as the record, and as texts where the file holds nothing else."""
        if not self._text_cells:
            return Prepared({}, dict(row.cells), [])
        texts = {column: cell for column, cell in row.cells.items() if isinstance(cell, str) and cell}
        record = {column: self._readers.get(column, self._otherwise)(cell) for column, cell in texts.items()}
        return Prepared(dict(texts), record, [])


def check_rows(rows: Iterable[Row | Finding], preparation: Preparation, judge: Judge) -> Iterator[Checked]:
    """The outcome of every row, in order. A finding with a row number and no row is a row that could not be read."""
    unread: list[Finding] = []
    for item in rows:
        if unread and (isinstance(item, Row) or item.row != unread[0].row):
            yield _unreadable(unread)
            unread = []
        if isinstance(item, Row):
            yield _check(item, preparation, judge)
        elif item.row is None:
            yield item
        else:
            unread.append(item)
    if unread:
        yield _unreadable(unread)


def check_prepared(row: Row, prepared: Prepared, wrong: Sequence[Finding], judge: Judge) -> Accepted | Rejected:
    """The outcome of a row whose record breaks the schema in what is `wrong`."""
    texts, record, findings = prepared
    if findings and (wrong or rejects(findings)):
        return Rejected(row.number, row.line, row.cells, _one_voice(findings, wrong))
    if wrong:
        return Rejected(row.number, row.line, row.cells, wrong)
    warnings = judge.warnings(record, row=row.number, line=row.line)
    return Accepted(row.number, row.line, texts, [*findings, *warnings] if warnings else findings)


def _check(row: Row, preparation: Preparation, judge: Judge) -> Accepted | Rejected:
    prepared = preparation.prepare(row)
    return check_prepared(row, prepared, judge.findings(prepared.record, row=row.number, line=row.line), judge)


def _one_voice(findings: list[Finding], wrong: Sequence[Finding]) -> list[Finding]:
    """Of one field, only the first reason for rejecting it: the schema's verdict on it would confuse beside ours.

    Nor does it help to hear that a wrong value was repaired.
    """
    at_fault = rejects(findings)
    still_wrong = [finding for finding in wrong if finding.field not in at_fault or finding.field is None]
    fields = at_fault | rejects(still_wrong)
    kept = [each for each in findings if each.severity is Severity.REJECT or each.field not in fields]
    return [*kept, *still_wrong]


def _unreadable(findings: list[Finding]) -> Rejected:
    first = findings[0]
    return Rejected(first.row or 0, first.line or 0, {}, findings)
