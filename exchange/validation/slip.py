"""The error slip (整改单): a workbook that shows a department its bad rows, what is wrong with each, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from exchange.model.findings import Severity
from exchange.model.row import Cell
from exchange.validation.outcome_files import FINDINGS, REJECTED, CheckSummary, own_row
from exchange.validation.slip_cells import BAD, HEADING, REASON, plain, text_cell, wrapped_cell

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

SUMMARY_SHEET, ROWS_SHEET = "整改说明", "需整改的行"
PROVENANCE = ("__来源", "__批次", "__行号")
"""Hidden columns by which a corrected slip is known again: source, batch, row."""

_TOP = 20
_ROWS_A_SHEET = 500_000
_BATCH = 2_000
_MOST_COLUMNS = 1_000
_LEADING = (("原文件行号", 12), ("问题", 48), ("如何修改", 48))


@dataclass(frozen=True, slots=True)
class SlipMeta:
    """What a slip says of its batch.

    `columns` maps the dataset's fields to the department's own column names, so that the right cells are marked.
    `checked_at` has a zone.
    """

    source: str
    batch: str
    file: str
    dataset_title: str
    checked_at: datetime
    summary: CheckSummary
    columns: Mapping[str, str] = field(default_factory=dict)
    source_title: str = ""


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
    _write_summary(book.create_sheet(SUMMARY_SHEET), folder, meta)
    own_columns = _own_columns(folder)
    for place, rows in groupby(enumerate(_bad_rows(folder)), lambda pair: pair[0] // _ROWS_A_SHEET):
        sheet = book.create_sheet(ROWS_SHEET if place == 0 else f"{ROWS_SHEET} {place + 1}")
        _print_across_one_page(sheet)
        _write_header(sheet, own_columns)
        for _, row in rows:
            _write_row(sheet, row, own_columns, meta)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    book.save(part)
    part.replace(target)


def _write_summary(sheet: WriteOnlyWorksheet, folder: Path, meta: SlipMeta) -> None:
    for place, width in enumerate((30, 64, 14), 1):
        _column(sheet, place).width = width
    _print_across_one_page(sheet)
    sheet.append([text_cell(sheet, "数据质量整改单 Data correction slip", bold=True)])
    for label, value in _facts(meta):
        sheet.append([text_cell(sheet, label, fill=HEADING), wrapped_cell(sheet, value)])
    sheet.append([])
    if meta.summary.refused is not None:
        refused = meta.summary.refused
        sheet.append([text_cell(sheet, "整个文件未被接收 The whole file was refused", bold=True)])
        sheet.append([text_cell(sheet, refused.code), wrapped_cell(sheet, refused.message.zh, fill=BAD)])
        sheet.append([text_cell(sheet, "如何修改 What to do"), wrapped_cell(sheet, refused.hint.zh)])
        return
    sheet.append([text_cell(sheet, "如何整改 What to do", bold=True)])
    for number, step in enumerate(_STEPS, 1):
        sheet.append([text_cell(sheet, f"第 {number} 步"), wrapped_cell(sheet, step)])
    sheet.append([])
    sheet.append([text_cell(sheet, each, fill=HEADING) for each in ("问题代码 Code", "问题示例 Example", "次数 Count")])
    for code, example, count in _top_findings(folder):
        sheet.append([text_cell(sheet, code), wrapped_cell(sheet, example), count])


def _print_across_one_page(sheet: WriteOnlyWorksheet) -> None:
    """Departments print slips: all columns side by side, however many pages the rows need."""
    whole = cast("Worksheet", sheet)  # the stubs give a write-only sheet less than it has
    whole.page_setup.orientation = "landscape"
    whole.page_setup.fitToHeight = 0
    whole.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


_STEPS = (
    (
        f"打开“{ROWS_SHEET}”工作表：每行是一条未通过检查的记录，红色单元格有问题，左侧写明原因和改法。"
        " Each row of the next sheet was rejected: bad cells are red, the reason and the remedy stand to the left."
    ),
    (
        "在业务系统中改正后重新导出报送；已通过的记录不必再报，重复报送也不会产生重复数据。"
        " Correct the rows in your own system and send them again; sending accepted rows again does no harm."
    ),
    "请勿转发本文件：其中可能含有个人信息。 Do not pass this file on: it may hold personal data.",
)


def _facts(meta: SlipMeta) -> list[tuple[str, object]]:
    summary = meta.summary
    return [
        ("数据来源 Source", f"{meta.source_title} {meta.source}".strip()),
        ("数据集 Dataset", meta.dataset_title),
        ("文件 File", meta.file),
        ("批次 Batch", meta.batch),
        ("检查时间 Checked at", f"{meta.checked_at:%Y-%m-%d %H:%M:%S %z}"),
        ("读取行数 Rows read", summary.read),
        ("通过 Accepted", summary.accepted),
        ("未通过 Rejected", summary.rejected),
        ("已自动规范 Repaired", summary.repaired),
    ]


def _top_findings(folder: Path) -> list[tuple[str, str, int]]:
    """The commonest reasons for rejecting, each with the first message of its kind."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for each in _records(folder / FINDINGS, ["code", "severity", "message_zh"]):
        if each["severity"] == Severity.REJECT:
            counts[each["code"]] += 1
            examples.setdefault(each["code"], each["message_zh"])
    return [(code, examples[code], count) for code, count in counts.most_common(_TOP)]


def _write_header(sheet: WriteOnlyWorksheet, own_columns: list[str]) -> None:
    for place, (_, width) in enumerate(_LEADING, 1):
        _column(sheet, place).width = width
    first_hidden = len(_LEADING) + len(own_columns) + 1
    for place in range(first_hidden, first_hidden + len(PROVENANCE)):
        _column(sheet, place).hidden = True
    sheet.freeze_panes = "D2"
    titles = [*(title for title, _ in _LEADING), *own_columns, *PROVENANCE]
    sheet.append([text_cell(sheet, title, fill=HEADING, bold=True) for title in titles])


def _column(sheet: WriteOnlyWorksheet, place: int) -> ColumnDimension:
    dimension: ColumnDimension = sheet.column_dimensions[get_column_letter(place)]  # type: ignore[attr-defined] # stubs
    return dimension


def _write_row(sheet: WriteOnlyWorksheet, row: _BadRow, own_columns: list[str], meta: SlipMeta) -> None:
    bad = {meta.columns.get(reason.field, reason.field) for reason in row.reasons if reason.field is not None}
    sheet.append(
        [
            text_cell(sheet, row.line),
            wrapped_cell(sheet, "\n".join(reason.message for reason in row.reasons), fill=REASON),
            wrapped_cell(sheet, "\n".join(dict.fromkeys(reason.hint for reason in row.reasons)), fill=REASON),
            *(
                text_cell(sheet, plain(row.cells.get(column)), fill=BAD if column in bad else None)
                for column in own_columns
            ),
            *(text_cell(sheet, value) for value in (meta.source, meta.batch, row.number)),
        ]
    )


def _own_columns(folder: Path) -> list[str]:
    """The department's columns, in the order in which they first appear; a sheet has room for so many only."""
    columns: dict[str, None] = {}
    for each in _records(folder / REJECTED, ["cells"]):
        columns.update(dict.fromkeys(own_row(each["cells"])))
        if len(columns) > _MOST_COLUMNS:
            break
    return list(columns)[:_MOST_COLUMNS]


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
