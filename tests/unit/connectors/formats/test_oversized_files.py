"""Files that are built to exhaust memory cost one batch and no memory. They are made at run time."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from connectors.formats import read
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

GIB = 1 << 30
MIB = 1 << 20


@pytest.fixture
def peak() -> Iterator[Callable[[], float]]:
    """The most memory that Python held since the test began, in MiB."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / MIB
    tracemalloc.stop()


def codes(path: Path, spec: FormatSpec) -> list[str]:
    return [each.code for each in read(path, spec) if isinstance(each, Finding)]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_line_of_one_gigabyte(tmp_path: Path, peak: Callable[[], float], kind: str) -> None:
    path = tmp_path / "line"
    with path.open("wb") as stream:
        stream.write(b'{"a": "\n')
        for _ in range(32):  # the reader must give up long before the end, so the rest may be a hole
            stream.write(b"x" * MIB)
        stream.truncate(GIB)
    assert codes(path, FormatSpec(kind)) == ["E007"]  # type: ignore[arg-type]
    assert peak() < 24


def test_a_quoted_record_without_end(tmp_path: Path, peak: Callable[[], float]) -> None:
    path = tmp_path / "record.csv"
    with path.open("w") as stream:
        stream.write("a,b\n1,2\n")
        for _ in range(200_000):
            stream.write('"' + "x" * 100 + '\n",')
    assert codes(path, FormatSpec("csv")) == ["E007"]
    assert peak() < 96


def test_a_cell_over_the_limit_costs_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_text("a,b\n1,2\n" + "x" * (MIB + 1) + ",2\n3,4\n")
    found = list(read(path, FormatSpec("csv")))
    assert [(each.number if isinstance(each, Row) else (each.row, each.code)) for each in found] == [1, (2, "E054"), 3]


def test_an_array_of_one_element_without_end(tmp_path: Path, peak: Callable[[], float]) -> None:
    path = tmp_path / "array.json"
    path.write_text('[{"a": "' + "x" * (40 * MIB))
    tracemalloc.reset_peak()
    assert codes(path, FormatSpec("json")) == ["E007"]
    assert peak() < 200


def test_an_array_on_one_line_is_read_without_holding_it(tmp_path: Path, peak: Callable[[], float]) -> None:
    path = tmp_path / "array.json"
    element = '{"a": "' + "x" * 1000 + '", "b": ["}"]}'
    with path.open("w") as stream:
        stream.write("[" + element)
        for _ in range(20_000):
            stream.write("," + element)
        stream.write("]")
    assert path.stat().st_size > 16 * MIB
    assert sum(isinstance(each, Row) for each in read(path, FormatSpec("json"))) == 20_001
    assert peak() < 12


def test_memory_does_not_grow_with_the_file(tmp_path: Path, peak: Callable[[], float]) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="gb18030") as stream:
        stream.write("编号,姓名\n")
        for number in range(100_000):
            stream.write(f"{number},{'张三' * 40}\n")
    assert sum(isinstance(each, Row) for each in read(path, FormatSpec("csv"))) == 100_000
    assert peak() < 8


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_a_zip_bomb_is_not_opened(tmp_path: Path, peak: Callable[[], float]) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (64 * MIB)}))
    assert path.stat().st_size < MIB
    tracemalloc.reset_peak()
    assert codes(path, FormatSpec("excel")) == ["E012"]
    assert peak() < 70  # what the test itself had made


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    honest = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (64 * MIB)})
    claimed = struct.pack("<I", 64 * MIB)
    path = tmp_path / "liar.xlsx"
    path.write_bytes(honest.replace(claimed, struct.pack("<I", 1000)))
    assert codes(path, FormatSpec("excel")) == ["E010"]


def test_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    path.write_bytes(zipped({"xl/workbook.xml": b"", **{f"m{number}": b"" for number in range(10_001)}}))
    assert codes(path, FormatSpec("excel")) == ["E012"]


WIDE = [f"列{at}" for at in range(200)]


def wide(kind: str) -> bytes:
    values = dict(zip(WIDE, map(str, range(200)), strict=True))
    if kind == "csv":
        return f"{','.join(WIDE)}\n{','.join(values.values())}\n".encode()
    if kind == "json":
        return json.dumps(values).encode()
    if kind == "xml":
        return ("<d><r>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</r></d>").encode()
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(WIDE)
    sheet.append(list(values.values()))
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "json", "xml", "excel"])
def test_two_hundred_columns(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "wide"
    path.write_bytes(wide(kind))
    (row,) = read(path, FormatSpec(kind), frozenset(WIDE))  # type: ignore[arg-type]
    assert isinstance(row, Row)
    assert dict(row.cells) == {name: str(at) for at, name in enumerate(WIDE)}


CELL = "张\n" * (MIB // 2)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", f'a,b\n1,"{CELL}"\n2,3\n'),
        ("json", json.dumps({"a": "1", "b": CELL}) + '\n{"a": "2", "b": "3"}\n'),
        ("xml", f"<d><r><a>1</a><b>{CELL}</b></r><r><a>2</a><b>3</b></r></d>"),
    ],
)
def test_a_cell_of_one_megabyte_is_read(tmp_path: Path, kind: str, content: str) -> None:
    path = tmp_path / "cell"
    path.write_text(content)
    found = [dict(each.cells) for each in read(path, FormatSpec(kind)) if isinstance(each, Row)]  # type: ignore[arg-type]
    assert found == [{"a": "1", "b": CELL}, {"a": "2", "b": "3"}]


def sheet(rows: list[str], columns: Sequence[str] = "AB") -> bytes:
    """A workbook of one sheet, written by hand: a program that knows Excel's limit would not write these."""
    office = "http://schemas.openxmlformats.org"
    cells = "".join(f'<c r="{letter}{{0}}" t="str"><v>{letter}{{1}}</v></c>' for letter in columns)
    body = "".join(f'<row r="{row}">{cells.format(row, row)}</row>' for row in rows)
    spreadsheet = f'xmlns="{office}/spreadsheetml/2006/main"'
    relation = f"{office}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        '<Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {spreadsheet} xmlns:r="{relation}"><sheets>'
        f'<sheet name="s" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        '<Relationship Id="r1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {spreadsheet}><sheetData>{body}</sheetData></worksheet>",
    }
    return zipped({name: content.encode() for name, content in parts.items()})


def test_a_sheet_of_1_048_577_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(sheet([str(row) for row in range(1, 1_048_578)], "A"))
    [refusal] = read(path, FormatSpec("excel"))
    assert isinstance(refusal, Finding)
    assert refusal.code == "E012"
    assert "1,048,577 × 1" in refusal.message.zh
    assert "1,048,576 × 16,384" in refusal.message.zh


def test_the_last_row_and_column_of_excel_are_read(tmp_path: Path) -> None:
    path = tmp_path / "last.xlsx"
    path.write_bytes(sheet(["1", "1048576"], "AB"))
    assert [(each.line, *each.cells.values()) for each in read(path, FormatSpec("excel")) if isinstance(each, Row)] == [
        (1048576, "A1048576", "B1048576")
    ]
    path.write_bytes(sheet(["1", "2"], ["A", "XFE"]))
    assert codes(path, FormatSpec("excel")) == ["E012"]
