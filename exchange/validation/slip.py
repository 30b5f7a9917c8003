"""The error slip (整改单): a workbook that shows a department its bad rows, what is wrong with each, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from exchange.model.findings import Severity
from exchange.model.row import Cell
from exchange.model.slip import LEADING, PROVENANCE, ROWS_SHEET
from exchange.validation.outcome_files import FINDINGS, REJECTED, own_row
from exchange.validation.slip_cells import BAD, HEADING, REASON, text_cell, wrapped_cell
from exchange.validation.slip_summary import SUMMARY_SHEET, SlipMeta, write_summary
from exchange.validation.slip_text import own_columns, plain

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["SUMMARY_SHEET", "SlipMeta", "write_slip"]

_ROWS_A_SHEET = 500_000
_BATCH = 2_000
_LEADING_WIDTHS = (12, 48, 48)
_OWN_WIDTH = 18
_SUMMARY_WIDTHS = (30, 80, 14)


class _Reason(NamedTuple):
    """One reason for which a row was rejected."""

    row: int
    field: str | None
    message: str
    hint: str


class _BadRow(NamedTuple):
    """One rejected row with its reasons."""

    number: int
    line: int
    cells: dict[str, Cell]
    reasons: list[_Reason]


def write_slip(folder: Path, target: Path, meta: SlipMeta) -> None:
    """Write the slip of a checked batch from the outcome files in `folder`.

    The first sheet says what was checked and what to do, the next ones hold the bad rows alone, under the
    department's own column names, bad cells coloured. Values are text: no formula, no number cut short. The slip holds
    the rows as they came, personal data too: it is for the source that sent them and for nobody else.
    """
    book = Workbook(write_only=True)
    rows = (own_row(each["cells"]) for each in _records(folder / REJECTED, ["cells"]))
    columns, left_out = own_columns(rows, meta.columns.values())
    summary = book.create_sheet(SUMMARY_SHEET)
    _lay_out(summary, _SUMMARY_WIDTHS)
    told = _records(folder / FINDINGS, ["code", "severity", "message_zh", "message_en"])
    write_summary(summary, meta, told, left_out)
    for place, bad in groupby(enumerate(_bad_rows(folder)), lambda pair: pair[0] // _ROWS_A_SHEET):
        sheet = book.create_sheet(ROWS_SHEET if place == 0 else f"{ROWS_SHEET} {place + 1}")
        _write_rows(sheet, (row for _, row in bad), columns, meta)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    book.save(part)
    part.replace(target)


def _lay_out(sheet: WriteOnlyWorksheet, widths: Sequence[int]) -> None:
    """Widths, and a printed page that departments can use: all columns side by side, numbered pages."""
    for place, width in enumerate(widths, 1):
        _column(sheet, place).width = width
    whole = cast("Worksheet", sheet)  # the stubs give a write-only sheet less than it has
    whole.page_setup.orientation = "landscape"
    whole.page_setup.paperSize = "9"  # A4
    whole.page_setup.fitToHeight = 0
    whole.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    cast("Any", whole.oddFooter).center.text = "&P / &N"


def _write_rows(sheet: WriteOnlyWorksheet, rows: Iterator[_BadRow], columns: list[str], meta: SlipMeta) -> None:
    """One sheet of bad rows; its header stays in sight and on every printed page, and sorts whole rows."""
    _lay_out(sheet, [*_LEADING_WIDTHS, *(_OWN_WIDTH for _ in columns)])
    titles = [*LEADING, *columns, *PROVENANCE]
    for place in range(len(titles) - len(PROVENANCE) + 1, len(titles) + 1):
        _column(sheet, place).hidden = True
    sheet.freeze_panes = "D2"
    sheet.append([text_cell(sheet, title, fill=HEADING, bold=True) for title in titles])
    last = 1
    for last, row in enumerate(rows, 2):  # noqa: B007 - the number of the last line is needed
        _write_row(sheet, row, columns, meta)
    whole = cast("Worksheet", sheet)
    whole.print_title_rows = "1:1"
    whole.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{last}"


def _column(sheet: WriteOnlyWorksheet, place: int) -> ColumnDimension:
    dimension: ColumnDimension = sheet.column_dimensions[get_column_letter(place)]  # type: ignore[attr-defined] # stubs
    return dimension


def _write_row(sheet: WriteOnlyWorksheet, row: _BadRow, columns: list[str], meta: SlipMeta) -> None:
    bad = {meta.columns.get(reason.field, reason.field) for reason in row.reasons if reason.field is not None}
    sheet.append(
        [
            text_cell(sheet, row.line),
            wrapped_cell(sheet, "\n".join(reason.message for reason in row.reasons), fill=REASON),
            wrapped_cell(sheet, "\n".join(dict.fromkeys(reason.hint for reason in row.reasons)), fill=REASON),
            *(
                text_cell(sheet, plain(row.cells.get(column)), fill=BAD if column in bad else None)
                for column in columns
            ),
            *(text_cell(sheet, value) for value in _provenance(row, meta)),
        ]
    )


def _provenance(row: _BadRow, meta: SlipMeta) -> tuple[object, ...]:
    """What a row is known again by: always the batch in which the department sent it first."""
    if not meta.corrects:
        return meta.source, meta.batch, row.number
    return meta.source, meta.corrects, row.number if row.number <= meta.corrects_rows else ""


def _bad_rows(folder: Path) -> Iterator[_BadRow]:
    """Rejected rows beside their reasons; both files are in the order of the rows."""
    reasons = groupby(_reasons(folder), lambda reason: reason.row)
    row, found = next(reasons, (None, iter(())))
    for each in _records(folder / REJECTED, ["_row", "_line", "cells"]):
        while row is not None and row < each["_row"]:
            row, found = next(reasons, (None, iter(())))
        mine = list(found) if row == each["_row"] else []
        yield _BadRow(each["_row"], each["_line"], own_row(each["cells"]), mine)


def _reasons(folder: Path) -> Iterator[_Reason]:
    for each in _records(folder / FINDINGS, ["row", "field", "code", "severity", "message_zh", "hint_zh"]):
        if each["severity"] == Severity.REJECT and each["row"] is not None:
            yield _Reason(each["row"], each["field"], each["message_zh"], each["hint_zh"])


def _records(path: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=columns):
            yield from batch.to_pylist()
