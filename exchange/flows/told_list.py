"""The list of corrections (上级更正明细) as a workbook: a source's own rows, for that source and nobody else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from exchange.text import Text
from exchange.validation.slip_cells import BAD, HEADING, REASON, text_cell, wrapped_cell

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SHEET = "上级更正"
NOTE_SHEET = "说明"
COLUMNS = (
    ("文件 File", 30),
    ("行 Row", 8),
    ("数据集 Dataset", 16),
    ("业务主键 Key", 36),
    ("字段 Field", 18),
    ("本来源报送的值 Sent", 26),
    ("上级采用的值 Counts", 26),
    ("原因 Why", 60),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One corrected field of one row: what the source sent, and what counts at the parent."""

    file: str | None
    row: int | None
    dataset: str
    key: str
    field: str
    sent: str | None
    counts: str
    why: str


def list_of(lines: Sequence[Line], note: Text) -> bytes:
    """The workbook; every cell is text, so that no value acts as a formula or loses digits."""
    book = Workbook(write_only=True)
    first = book.create_sheet(NOTE_SHEET)
    _width(first, 1, 100)
    for text in note:
        first.append([wrapped_cell(first, text)])
    sheet = book.create_sheet(SHEET)
    for place, (_, width) in enumerate(COLUMNS, 1):
        _width(sheet, place, width)
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, title, fill=HEADING, bold=True) for title, _ in COLUMNS])
    for line in lines:
        _write(sheet, line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(sheet: WriteOnlyWorksheet, line: Line) -> None:
    sheet.append(
        [
            text_cell(sheet, line.file or ""),
            text_cell(sheet, "" if line.row is None else line.row),
            text_cell(sheet, line.dataset),
            text_cell(sheet, line.key),
            text_cell(sheet, line.field),
            text_cell(sheet, line.sent or "", fill=BAD),
            text_cell(sheet, line.counts, fill=REASON),
            wrapped_cell(sheet, line.why),
        ]
    )


def _width(sheet: WriteOnlyWorksheet, place: int, width: int) -> None:
    sheet.column_dimensions[get_column_letter(place)].width = width  # type: ignore[attr-defined] # stubs
