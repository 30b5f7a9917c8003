"""The error slip, opened again by openpyxl and by calamine, which share no code."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from connectors.formats.slip import SlipFiles
from exchange.model.dataset import dataset_of
from exchange.model.findings import Finding
from exchange.model.findings.file_kinds import EMPTY_FILE
from exchange.model.row import Cell, Row
from exchange.model.slip import PROVENANCE, ROWS_SHEET
from exchange.validation import slip as slip_module
from exchange.validation.check import check_rows
from exchange.validation.mapping import RowMapper
from exchange.validation.outcome_files import write_outcome
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.slip import SUMMARY_SHEET, SlipMeta, write_slip

DATASET = dataset_of(
    "trial",
    1,
    {
        "title": "办件",
        "properties": {
            "id": {"title": "身份证号", "type": "string", "format": "citizen-id", "x-pii": "identity"},
            "note": {"title": "备注", "type": "string", "maxLength": 3},
        },
        "required": ["id"],
    },
)
COLUMNS = {"id": "证件号", "note": "BZ"}
HOSTILE = ["=1+1", "＝1+1", "\nx", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']
GOOD_ID = "11010519491231002X"


def slip(rows: list[Row | Finding], folder: Path, **other: object) -> Path:
    mapper = RowMapper(DATASET, {field: ("column", column) for field, column in COLUMNS.items()})
    checked = check_rows(rows, mapper, JsonschemaVerdicts(DATASET.schema))
    summary = write_outcome(checked, DATASET.field_names, folder / "checked")
    meta = SlipMeta(
        "suzhou-gongan", "b" * 32, "办件=1.csv", DATASET.title, datetime(2024, 5, 1, 2, tzinfo=UTC), summary, COLUMNS
    )
    write_slip(folder / "checked", folder / "out" / "slip.xlsx", replace(meta, **other))  # type: ignore[arg-type]
    return folder / "out" / "slip.xlsx"


def bad(number: int, **cells: Cell) -> Row:
    return Row(number, number + 1, {"证件号": "320102198001010011", "BZ": "好", **cells})


def test_only_bad_rows_under_the_departments_own_columns(tmp_path: Path) -> None:
    rows: list[Row | Finding] = [
        Row(1, 2, {"证件号": GOOD_ID}),
        bad(2),
        bad(3, 证件号=GOOD_ID, BZ="太长的备注"),
        bad(4, 另="x"),
    ]
    sheet = load_workbook(slip(rows, tmp_path))[ROWS_SHEET]
    header, first, second, third = sheet.iter_rows()
    assert [cell.value for cell in header] == ["原文件行号", "问题", "如何修改", "证件号", "BZ", "另", *PROVENANCE]
    assert [cell.value for cell in first[3:]] == ["320102198001010011", "好", None, "suzhou-gongan", "b" * 32, "2"]
    assert "公民身份号码" in first[1].value
    assert first[0].value == "3"
    assert first[3].fill.start_color.rgb == second[4].fill.start_color.rgb == "FFFFC7CE"
    assert first[4].fill.fill_type is None
    assert second[3].fill.fill_type is None
    assert third[5].value == "x"


def test_a_long_number_is_text(tmp_path: Path) -> None:
    path = slip([bad(1)], tmp_path)
    cell = load_workbook(path)[ROWS_SHEET]["D2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("320102198001010011", "s", "@")
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_name(ROWS_SHEET).to_python()[1][3] == "320102198001010011"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_a_formula(text: str, tmp_path: Path) -> None:
    sheet = load_workbook(slip([bad(1, BZ=text, **{text: "其他"})], tmp_path))[ROWS_SHEET]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert [cell.value.strip() for cell in cells].count(text.strip()) == 2
    assert all(cell.quotePrefix for cell in cells if cell.value.strip() == text.strip())


def test_nothing_that_is_not_a_cell_of_a_row_is_a_formula_either(tmp_path: Path) -> None:
    """Column names and the file's name are the department's too, and so is what a message quotes."""
    for at, text in enumerate(HOSTILE):
        path = slip([bad(1, **{text: "值"})], tmp_path / str(at), file=text)
        cells = [cell for sheet in load_workbook(path) for line in sheet.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
        named = [cell for cell in cells if isinstance(cell.value, str) and cell.value.strip() == text.strip()]
        assert len(named) == 2
        assert all(cell.quotePrefix for cell in named)


def test_every_code_is_counted_however_many_there_are(tmp_path: Path) -> None:
    findings: list[Row | Finding] = [
        replace(EMPTY_FILE.at(row=at, line=at), code=f"E{at // 2:03d}") for at in range(2, 102)
    ]
    sheet = load_workbook(slip(findings, tmp_path))[SUMMARY_SHEET]
    counted = {line[0].value: line[2].value for line in sheet.iter_rows() if line[2].value is not None}
    del counted["问题代码 Code"]
    assert counted == {f"E{code:03d}": 2 for code in range(1, 51)}


def test_columns_that_no_sheet_has_room_for_are_said(tmp_path: Path) -> None:
    """The mapped ones are never among them."""
    wide = {f"列{at}": "x" for at in range(1200)}
    book = load_workbook(slip([Row(1, 2, {**wide, "BZ": "好好好好"})], tmp_path))
    header = [cell.value for cell in book[ROWS_SHEET][1]]
    assert len(header) == 3 + 1000 + 3
    assert {"证件号", "BZ"} <= set(header)
    facts = {line[0].value: line[1].value for line in book[SUMMARY_SHEET].iter_rows()}
    assert facts["未显示的列 Columns left out"].startswith("202（保持原值")


def test_a_mapped_column_that_no_row_has_is_there_to_be_filled_in(tmp_path: Path) -> None:
    sheet = load_workbook(slip([Row(1, 2, {"BZ": "好"})], tmp_path))[ROWS_SHEET]
    assert [cell.value for cell in sheet[1]][3:5] == ["BZ", "证件号"]
    assert sheet["E2"].fill.start_color.rgb == "FFFFC7CE"


def test_it_prints_with_its_header_on_every_numbered_page(tmp_path: Path) -> None:
    sheet = load_workbook(slip([bad(1), bad(2)], tmp_path))[ROWS_SHEET]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddFooter.center.text == "&P / &N"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.auto_filter.ref == "A1:H3"


def test_a_slip_that_can_be_sent_back_says_so_and_one_of_a_mere_check_says_that_it_cannot(tmp_path: Path) -> None:
    def words(path: Path) -> str:
        return "".join(str(cell.value) for line in load_workbook(path)[SUMMARY_SHEET].iter_rows() for cell in line)

    assert "改好后直接把本文件放回投放目录即可" in words(slip([bad(1)], tmp_path / "a"))
    assert "不能放回投放目录" in words(slip([bad(1)], tmp_path / "b", batch=""))


def test_the_slip_of_a_correction_names_the_batch_that_the_rows_came_in(tmp_path: Path) -> None:
    book = load_workbook(slip([bad(7), bad(12)], tmp_path, corrects="a" * 32, corrects_rows=10))
    first, second = ([cell.value for cell in line[5:]] for line in book[ROWS_SHEET].iter_rows(min_row=2))
    assert first == ["suzhou-gongan", "a" * 32, "7"]
    assert second == ["suzhou-gongan", "a" * 32, None]


@pytest.mark.parametrize("rows", [1, 5])
def test_more_rows_than_a_sheet_takes_go_on_in_the_next(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slip_module, "_ROWS_A_SHEET", 2)
    path = slip([bad(number) for number in range(1, rows + 1)], tmp_path)
    names = [ROWS_SHEET, f"{ROWS_SHEET} 2", f"{ROWS_SHEET} 3"][: (rows + 1) // 2]
    assert load_workbook(path).sheetnames == [SUMMARY_SHEET, *names]
    back = [each for each in SlipFiles().rows(path, frozenset()) if isinstance(each, Row)]
    assert [(each.number, each.cells["__行号"]) for each in back] == [(n, str(n)) for n in range(1, rows + 1)]


def test_provenance_is_hidden_but_there(tmp_path: Path) -> None:
    sheet = load_workbook(slip([bad(7)], tmp_path))[ROWS_SHEET]
    assert [sheet.column_dimensions[letter].hidden for letter in "DEFGH"] == [False, False, True, True, True]
    assert [sheet[f"{letter}2"].value for letter in "FGH"] == ["suzhou-gongan", "b" * 32, "7"]


def test_the_summary_counts_and_names_the_commonest(tmp_path: Path) -> None:
    rows: list[Row | Finding] = [
        Row(1, 2, {"证件号": GOOD_ID.lower()}),
        bad(2),
        bad(3),
        bad(4, 证件号="", BZ="好好好好"),
    ]
    sheet = load_workbook(slip(rows, tmp_path))[SUMMARY_SHEET]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    facts = {str(line[0]): line[1] for line in lines}
    assert facts["文件 File"] == "办件=1.csv"
    assert [
        facts[key] for key in ("读取行数 Rows read", "通过 Accepted", "未通过 Rejected", "已自动规范 Repaired")
    ] == [
        "4",
        "1",
        "3",
        "1",
    ]
    counted = {line[0]: line[2] for line in lines if line[2] is not None}
    assert counted == {"问题代码 Code": "次数 Count", "E122": 2, "E101": 1, "E104": 1}


def test_a_refused_file_has_a_slip_with_the_reason_alone(tmp_path: Path) -> None:
    book = load_workbook(slip([bad(1), EMPTY_FILE.at()], tmp_path))
    assert book.sheetnames == [SUMMARY_SHEET]
    values = [cell.value for line in book[SUMMARY_SHEET].iter_rows() for cell in line]
    assert EMPTY_FILE.message.zh in values


def test_characters_that_no_workbook_can_hold_do_not_break_it(tmp_path: Path) -> None:
    cells: dict[str, Cell] = {"BZ": "a\x00b\ud800c\ufffed", "长": "长" * 40_000, "表": ["x"]}
    line = next(load_workbook(slip([bad(1, **cells)], tmp_path))[ROWS_SHEET].iter_rows(min_row=2))
    assert [str(cell.value)[:9] for cell in line[4:7]] == ["a�b�c�d", "长" * 9, "['x']"]


def test_a_row_that_could_not_be_read_is_named_all_the_same(tmp_path: Path) -> None:
    unreadable = replace(EMPTY_FILE.at(), row=2, line=5)
    sheet = load_workbook(slip([bad(1), unreadable, bad(3)], tmp_path))[ROWS_SHEET]
    assert [sheet[f"A{line}"].value for line in (2, 3, 4)] == ["2", "5", "4"]
    assert sheet["B3"].value == EMPTY_FILE.message.zh


@pytest.mark.libreoffice
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)"
)
def test_a_spreadsheet_program_opens_it_and_keeps_every_cell(tmp_path: Path) -> None:
    rows: list[Row | Finding] = [bad(number, BZ=text) for number, text in enumerate(HOSTILE, 1)]
    written = slip(rows, tmp_path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = tmp_path / "saved"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(written)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    ours, theirs = (CalamineWorkbook.from_path(str(path)) for path in (written, target / written.name))
    assert theirs.sheet_names == ours.sheet_names == [SUMMARY_SHEET, ROWS_SHEET]
    for sheet in ours.sheet_names:
        assert theirs.get_sheet_by_name(sheet).to_python() == ours.get_sheet_by_name(sheet).to_python()
    shown = [row[4] for row in theirs.get_sheet_by_name(ROWS_SHEET).to_python()[1:]]
    assert [text.strip() for text in HOSTILE] == [str(text).strip() for text in shown]
