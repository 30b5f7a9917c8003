"""Cells of an error slip that are safe to open in Excel: nothing a department wrote can act as a formula."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.styles import Alignment, Font, PatternFill

from exchange.validation.slip_text import shown

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

BAD = PatternFill("solid", start_color="FFFFC7CE")
HEADING = PatternFill("solid", start_color="FFD9E1F2")
REASON = PatternFill("solid", start_color="FFFFF2CC")
BOLD = Font(bold=True)

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The full-width ones too: some programs with a Chinese keyboard take them for the others."""
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def text_cell(
    sheet: WriteOnlyWorksheet, value: object, *, fill: PatternFill | None = None, bold: bool = False
) -> OpenpyxlCell:
    """A cell that is text whatever its value looks like: no formula, no number whose last digits Excel would drop."""
    text = shown(value)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes a leading "=" for a formula
    cell.number_format = "@"
    if text.startswith(_STARTS_A_FORMULA):
        cell.quotePrefix = True  # Excel keeps it text when somebody edits the cell, too
    if fill is not None:
        cell.fill = copy(fill)
    if bold:
        cell.font = copy(BOLD)
    return cell


def wrapped_cell(sheet: WriteOnlyWorksheet, value: object, *, fill: PatternFill | None = None) -> OpenpyxlCell:
    """The same, on as many lines as it needs."""
    cell = text_cell(sheet, value, fill=fill)
    cell.alignment = copy(_WRAPPED)
    return cell
