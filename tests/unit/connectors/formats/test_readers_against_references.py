"""What the readers give, held against other programs: the csv module on a decoded text, openpyxl, json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import read
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

HOSTILE = Path(__file__).parents[3] / "fixtures" / "hostile"
TYPICAL = FormatSpec("excel", title_rows=1, note_prefixes=("填表",))

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def cells_of(path: Path, spec: FormatSpec) -> list[Mapping[str, Any]]:
    return [each.cells for each in read(path, spec) if isinstance(each, Row)]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("mixed-line-ends.csv", "utf-8"),
        ("quoted-newlines.csv", "utf-8"),
        ("gb18030.csv", "gb18030"),
        ("gb18030-second-plane.csv", "gb18030"),
        ("utf8-that-is-gb18030-too.csv", "utf-8"),
    ],
)
def test_csv_files_are_what_the_csv_module_reads(name: str, encoding: str) -> None:
    decoded = (HOSTILE / name).read_bytes().decode(encoding)
    assert cells_of(HOSTILE / name, FormatSpec("csv")) == list(csv.DictReader(io.StringIO(decoded, newline="")))


@given(rows=st.lists(st.tuples(text, text, text), max_size=8), encoding=st.sampled_from(["utf-8-sig", "gb18030"]))
def test_any_rows_come_back_as_they_were_written(
    rows: list[tuple[str, str, str]], encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([("甲", "乙", "丙"), *rows])
    spec = FormatSpec("csv", encoding="gb18030" if encoding == "gb18030" else "auto")
    assert [tuple(cells.values()) for cells in cells_of(path, spec)] == rows


@given(rows=st.lists(st.tuples(text, text), max_size=8))
def test_every_row_starts_on_its_physical_line(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.csv"
    content, starts = "a,b\r\n\r\n", []
    for row in rows:
        starts.append(1 + len(content.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1)
        quoted = io.StringIO()
        csv.writer(quoted, quoting=csv.QUOTE_ALL).writerow(row)
        content += quoted.getvalue() + "\n"
    path.write_bytes(content.encode())
    assert [each.line for each in read(path, FormatSpec("csv", encoding="utf-8"))] == starts


def test_xlsx_cells_are_those_that_openpyxl_sees() -> None:
    sheet = openpyxl.load_workbook(HOSTILE / "typical.xlsx", data_only=True)["办件"]
    names = [str(cell.value) for cell in sheet[4][:8]]
    rows = [each for each in read(HOSTILE / "typical.xlsx", TYPICAL) if isinstance(each, Row)]
    assert [row.line for row in rows] == [5, 9]
    for row in rows:
        assert list(row.cells) == names
        for cell, value in zip(sheet[row.line], row.cells.values(), strict=False):
            assert value == shown(cell.value)


def shown(value: Any) -> str:  # noqa: ANN401 - openpyxl's own
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and value > 1e15:
        return "3.20102E+17"  # what Excel shows for this one: its last digits are lost
    if hasattr(value, "isoformat"):
        return str(value.isoformat().removesuffix("T00:00:00"))
    return str(value)


def test_xls_cells() -> None:
    first, second = cells_of(HOSTILE / "typical.xls", TYPICAL)
    assert first == {
        "办件编号": "XM001",
        "申请人": "张三",
        "件数": "3",
        "受理日期": "2024-05-01",
        "受理时间": "2024-05-01T10:29:59",
        "即办": "TRUE",
        "证件号": "3.20102E+17",
    }
    assert second["申请人"] == "𠀀"
    assert second["件数"] == "12.5"
    assert second["证件号"] == "320102199001010014"


scalar = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
record = st.dictionaries(text, scalar | st.lists(scalar, max_size=3), max_size=6)


@given(records=st.lists(record, max_size=6), indent=st.sampled_from([None, 2]), escaped=st.booleans())
def test_json_arrays_are_what_json_reads(
    records: list[dict[str, Any]], indent: int | None, escaped: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(records, ensure_ascii=escaped, indent=indent), encoding="utf-8")
    assert cells_of(path, FormatSpec("json")) == records


@given(records=st.lists(record, min_size=1, max_size=6))
def test_json_lines_are_what_json_reads(
    records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in records), encoding="utf-8")
    assert cells_of(path, FormatSpec("json")) == records


@given(content=st.binary(max_size=300), kind=st.sampled_from(["csv", "json", "excel"]))
def test_no_bytes_raise_an_exception(content: bytes, kind: Any, tmp_path_factory: pytest.TempPathFactory) -> None:  # noqa: ANN401
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(content)
    found = list(read(path, FormatSpec(kind)))
    numbers = [each.number if isinstance(each, Row) else each.row for each in found]
    refused = bool(found) and isinstance(found[-1], Finding) and found[-1].row is None
    assert numbers[: -1 if refused else None] == list(range(1, len(found) + (0 if refused else 1)))
