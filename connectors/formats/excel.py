"""Excel workbooks (.xlsx, .xls) as text: what a clerk would read in the sheet, with the row numbers Excel shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from connectors.formats.excel_errors import error_cells
from connectors.formats.table import Fault, Record, Table, listed
from connectors.formats.workbook_guard import guard
from exchange.model.findings import Finding, file_kinds, record_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row

Value = int | float | str | bool | time | date | datetime | timedelta

EXACT = 1e15
"""Excel keeps fifteen significant digits: a greater number has lost its last ones, and is shown as Excel shows it."""


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every record of one sheet. A formula is its last computed value."""
    if fault := guard(path):
        yield fault
        return
    sheet = open_sheet(path, spec.sheet)
    if isinstance(sheet, Finding):
        yield sheet
        return
    try:
        errors = error_cells(path, sheet.name)
    except ET.ParseError:
        yield file_kinds.DAMAGED_EXCEL.at()
        return
    yield from Table(records(sheet, errors), spec, pad=True).rows(expected)


def open_sheet(path: Path, name: str | None) -> CalamineSheet | Finding:
    """One sheet of a workbook that the guard has let pass (None: the first), or why it cannot be opened."""
    try:
        with path.open("rb") as stream, _surviving():
            workbook = CalamineWorkbook.from_filelike(stream)  # told by content: the raw file may have any name
            names = workbook.sheet_names
            wanted = name if name is not None else next(iter(names), None)
            if wanted is None or wanted not in names:
                return file_kinds.NO_SHEET.at(sheet=name or "—", present=listed(names))
            return workbook.get_sheet_by_name(wanted)
    except PasswordError:
        return file_kinds.ENCRYPTED_EXCEL.at()
    except CalamineError:
        return file_kinds.DAMAGED_EXCEL.at()


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets; none when the file cannot be opened as one."""
    try:
        with path.open("rb") as stream, _surviving():
            return list(CalamineWorkbook.from_filelike(stream).sheet_names)
    except CalamineError:
        return []


@contextmanager
def _surviving() -> Iterator[None]:
    """Make a panic of the parser, which is written in Rust and meets hostile bytes, the error it should have been.

    The panic's class cannot be imported and is no Exception, so that all but Python's own must be one.
    """
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as panic:
        raise CalamineError("the parser panicked") from panic


def records(sheet: CalamineSheet, errors: Mapping[int, Sequence[str]]) -> Iterator[Record]:
    """The rows of a sheet as text, with Excel's row numbers; `errors` has the places of error cells by row."""
    if sheet.start is None:  # nothing in it
        return
    for line, values in enumerate(sheet.iter_rows(), 1):
        if line in errors:
            yield Fault(line, record_kinds.EXCEL_ERROR, {"cells": listed(errors[line])})
            continue
        cells = [_text(value) for value in values]
        yield line, cells if any(cells) else []


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, int):
        return _number(float(value)) if abs(value) >= EXACT else str(value)
    return value.isoformat()


def _number(value: float) -> str:
    """A number as Excel's General format shows it: whole without ".0", beyond fifteen digits with an exponent."""
    if not value.is_integer():
        return repr(value)
    if abs(value) < EXACT:
        return str(int(value))
    mantissa, exponent = f"{value:.5E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _duration(value: timedelta) -> str:
    """Hours, minutes, seconds, as the format [h]:mm:ss shows them."""
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}"
