"""Slips as they come back, read from workbooks that openpyxl has made."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from connectors.formats.slip import SlipFiles
from exchange.model.findings import Finding
from exchange.model.row import Row
from exchange.model.slip import LEADING, PROVENANCE, ROWS_SHEET, SlipMark

SLIPS = SlipFiles()
HEADER = [*LEADING, "姓名", *PROVENANCE]
Lines = list[list[object]]


def workbook(folder: Path, sheets: dict[str, Lines]) -> Path:
    book = Workbook()
    del book["Sheet"]
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = folder / "slip.xlsx"
    book.save(path)
    return path


def line(number: object, name: object = "甲", source: str | None = "cs-a", batch: str | None = "b1") -> list[object]:
    return [9, "问题", "改法", name, source, batch, number]


def read(path: Path, *expected: str) -> list[Row | Finding]:
    return list(SLIPS.rows(path, frozenset(expected)))


def test_a_slip_is_known_by_its_sheet_and_hidden_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"整改说明": [["x"]], ROWS_SHEET: [HEADER, line("7")]})
    assert SLIPS.look(path) == SlipMark("cs-a", "b1")


def test_the_first_row_that_says_it_counts(tmp_path: Path) -> None:
    path = workbook(tmp_path, {ROWS_SHEET: [HEADER, line(None, source=None, batch=None), line("7")]})
    assert SLIPS.look(path) == SlipMark("cs-a", "b1")


@pytest.mark.parametrize(
    "lines", [[], [HEADER], [HEADER[:4], ["9", "", "", "甲"]], [HEADER, line("7", source=None, batch=None)]]
)
def test_a_slip_that_does_not_say_whose_it_is_is_one_all_the_same(tmp_path: Path, lines: Lines) -> None:
    assert SLIPS.look(workbook(tmp_path, {ROWS_SHEET: lines})) == SlipMark("", "")


@pytest.mark.parametrize("content", [b"", b"a,b\r\n1,2", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99])
def test_what_is_no_workbook_is_no_slip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert SLIPS.look(path) is None


def test_another_workbook_is_no_slip(tmp_path: Path) -> None:
    assert SLIPS.look(workbook(tmp_path, {"需整改的行（旧）": [HEADER, line("7")]})) is None


def test_rows_of_all_sheets_are_numbered_together_and_bear_their_own_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path, {ROWS_SHEET: [HEADER, line("7"), line(8.0)], f"{ROWS_SHEET} 2": [HEADER, line("9", 12)]})
    first, second, third = read(path)
    assert first == Row(1, 2, {"姓名": "甲", "__来源": "cs-a", "__批次": "b1", "__行号": "7"})
    assert isinstance(second, Row)
    assert (second.number, second.line, second.cells["__行号"]) == (2, 3, "8")
    assert third == Row(3, 2, {"姓名": "12", "__来源": "cs-a", "__批次": "b1", "__行号": "9"})


def test_a_column_of_the_department_may_be_called_as_one_of_ours(tmp_path: Path) -> None:
    header = [*LEADING, "姓名", "问题", *PROVENANCE]
    path = workbook(tmp_path, {ROWS_SHEET: [header, ["9", "我们的", "改法", "甲", "他们的", "cs-a", "b1", "7"]]})
    (row,) = read(path)
    assert isinstance(row, Row)
    assert row.cells["问题"] == "他们的"


@pytest.mark.parametrize("keep", [HEADER[1:], HEADER[3:], [*HEADER[3:], *HEADER[:3]]])
def test_our_leading_columns_may_be_gone_or_moved(tmp_path: Path, keep: list[str]) -> None:
    cells = dict(zip(HEADER, line("7"), strict=True))
    (row,) = read(workbook(tmp_path, {ROWS_SHEET: [keep, [cells[name] for name in keep]]}))
    assert isinstance(row, Row)
    assert set(row.cells) == {"姓名", *PROVENANCE}


def test_a_column_that_must_be_there_and_is_not_refuses_the_slip(tmp_path: Path) -> None:
    path = workbook(tmp_path, {ROWS_SHEET: [HEADER, line("7")]})
    (finding,) = read(path, "姓名", "证件号")
    assert isinstance(finding, Finding)
    assert (finding.code, finding.row) == ("E005", None)


def test_an_error_cell_costs_its_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, {ROWS_SHEET: [HEADER, line("7", "#N/A"), line("8")]})
    first, second = read(path)
    assert isinstance(first, Finding)
    assert (first.code, first.row, isinstance(second, Row)) == ("E062", 1, True)
