"""Corrected error slips: the hub's own workbooks, which come back saved anew by a spreadsheet program."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

from connectors.formats.excel import open_sheet, records, sheet_names
from connectors.formats.excel_errors import WORKBOOK, error_cells, sheets_of
from connectors.formats.limits import MIB
from connectors.formats.table import Fault, Record, Table
from connectors.formats.workbook_guard import guard
from exchange.model.findings import Finding, file_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row
from exchange.model.slip import LEADING, PROVENANCE, ROWS_SHEET, SlipMark

WORKBOOKS = (".xlsx", ".xls")
"""Endings under which a spreadsheet program may save a slip."""

_SPEC = FormatSpec("excel")
_LIST_LIMIT = 4 * MIB
"""A workbook whose list of sheets is longer is none of ours: it is not read before the guard has seen it."""
_ROWS_SHEETS = re.compile(rf"{ROWS_SHEET}( [0-9]+)?")


class SlipFiles:
    """Reads slips; `exchange.flows.workplace.SlipReader` says what for."""

    def may_be(self, name: str) -> bool:
        """Whether a file's name is one under which a slip may come; no slip comes under another."""
        return name.lower().endswith(WORKBOOKS)

    def look(self, path: Path) -> SlipMark | None:
        """Whose slip a file is; None when it is none, or cannot be opened at all."""
        if not any(_ROWS_SHEETS.fullmatch(name) for name in _names(path)) or guard(path):
            return None
        for row in self.rows(path, frozenset()):
            if isinstance(row, Row):
                source, batch = (str(row.cells[name]).strip() for name in PROVENANCE[:2])
                if source and batch:
                    return SlipMark(source, batch)
        return SlipMark("", "")

    def rows(self, path: Path, expected: frozenset[str]) -> Iterator[Row | Finding]:
        """The rows of all sheets of bad rows, numbered together: the department's own columns, then the hidden ones.

        `expected` are own columns that must be there. Findings are those of an Excel file. `line` is that of the sheet.
        """
        if fault := guard(path):
            yield fault
            return
        numbers = count(1)
        for name in _names(path):
            if _ROWS_SHEETS.fullmatch(name):
                for each in _rows(path, name, expected):
                    if isinstance(each, Finding) and each.row is None:
                        yield each
                        return
                    yield _numbered(each, next(numbers))


def _rows(path: Path, name: str, expected: frozenset[str]) -> Iterator[Row | Finding]:
    sheet = open_sheet(path, name)
    if isinstance(sheet, Finding):
        yield sheet
        return
    try:
        errors = error_cells(path, name)
    except ET.ParseError:
        yield file_kinds.DAMAGED_EXCEL.at()
        return
    table = Table(_leading_apart(records(sheet, errors)), _SPEC, pad=True)
    yield from table.rows(expected | frozenset(PROVENANCE))


def _leading_apart(lines: Iterator[Record]) -> Iterator[Record]:
    """The same lines, with our own leading columns renamed: a department may have a column of the same name."""
    for line in lines:
        if isinstance(line, Fault) or not any(line[1]):
            yield line
            continue
        yield line[0], _renamed(line[1])
        break
    yield from lines


def _renamed(names: Sequence[str]) -> list[str]:
    """The first column of each leading title stands before the own columns, so it is ours."""
    ours = {names.index(title) for title in LEADING if title in names}
    return [_OURS + name if at in ours else name for at, name in enumerate(names)]


_OURS = "\N{SYMBOL FOR UNIT SEPARATOR}"


def _numbered(each: Row | Finding, number: int) -> Row | Finding:
    if isinstance(each, Finding):
        return replace(each, row=number)
    return Row(number, each.line, {name: cell for name, cell in each.cells.items() if not name.startswith(_OURS)})


def _names(path: Path) -> list[str]:
    """The names of a workbook's sheets, told without reading a sheet; none when the file is no workbook."""
    if not zipfile.is_zipfile(path):
        return sheet_names(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return list(sheets_of(archive)) if _size(archive, WORKBOOK) < _LIST_LIMIT else []
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError, ET.ParseError):
        return []


def _size(archive: zipfile.ZipFile, member: str) -> int:
    return archive.getinfo(member).file_size if member in archive.namelist() else 0
