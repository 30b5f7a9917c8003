"""Every hostile file ends in the findings that it deserves, at their rows and lines, and never in an exception."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from connectors.formats import read
from exchange.model.findings import ALL_KINDS, Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

HOSTILE = Path(__file__).parents[3] / "fixtures" / "hostile"
KINDS = {".csv": "csv", ".json": "json", ".jsonl": "json", ".xlsx": "excel", ".xls": "excel", ".xml": "xml"}

CASES = {"办件编号", "申请人"}
OK = None

# file, columns of the contract, settings of its format, then [row, line, code] for each record and refusal
FILES: list[tuple[str, set[str], dict[str, Any], list[tuple[int | None, int | None, str | None]]]] = [
    ("empty.csv", set(), {}, [(None, None, "E001")]),
    ("only-bom.csv", set(), {}, [(None, None, "E001")]),
    ("only-blank-lines.csv", set(), {}, [(None, None, "E001")]),
    ("only-header.csv", CASES, {}, []),
    ("no-header.csv", CASES, {}, [(None, 1, "E018")]),
    ("wrong-columns.csv", CASES, {}, [(None, 1, "E018")]),
    ("column-missing.csv", CASES, {}, [(None, 1, "E005")]),
    ("header-repeats-column.csv", CASES, {}, [(None, 1, "E004")]),
    ("header-twice.csv", CASES, {}, [(1, 2, OK), (2, 3, "E063"), (3, 4, OK)]),
    ("wrong-encoding.csv", CASES, {}, [(1, 2, OK), (2, 3, "E064")]),
    ("utf16.csv", set(), {}, [(None, None, "E017")]),
    ("utf8-with-gb18030-row.csv", CASES, {}, [(1, 2, OK), (2, 3, "E064")]),
    ("utf8-with-gb18030-row.csv", CASES, {"encoding": "gb18030"}, [(None, 1, "E002")]),
    ("cut-within-character.csv", CASES, {}, [(1, 2, "E064")]),
    ("bad-byte-in-quotes.csv", CASES, {}, [(1, 2, "E064"), (2, 5, OK)]),
    ("bad-byte-in-header.csv", CASES, {}, [(None, 1, "E002")]),
    (
        "gb18030-with-bad-rows.csv",
        CASES,
        {},
        [(1, 2, OK), (2, 3, "E064"), (3, 4, "E064"), (4, 5, OK), (5, 6, OK)],
    ),
    ("nul-bytes.csv", set(), {}, [(None, 3, "E006")]),
    ("unterminated-quote.csv", CASES, {}, [(1, 2, OK), (None, 3, "E008")]),
    ("unterminated-quote-at-end.csv", CASES, {}, [(1, 2, OK), (2, 3, "E053")]),
    ("swallowed-rows.csv", CASES, {}, [(1, 2, OK), (None, 3, "E008")]),
    ("swallowed-to-two-cells.csv", CASES, {}, [(1, 2, OK), (None, 3, "E008")]),
    ("stray-quote.csv", CASES, {}, [(1, 2, "E053"), (2, 3, OK), (3, 4, OK)]),
    ("mixed-line-ends.csv", CASES, {}, [(1, 2, OK), (2, 3, OK), (3, 4, OK), (4, 7, OK)]),
    ("quoted-newlines.csv", CASES, {}, [(1, 2, OK), (2, 6, OK), (3, 8, OK)]),
    ("uneven-rows.csv", CASES, {}, [(1, 2, "E051"), (2, 3, "E052"), (3, 4, OK)]),
    (
        "notes-and-titles.csv",
        CASES,
        {"title_rows": 1, "note_prefixes": ("填表",)},
        [(1, 5, OK), (2, 7, OK), (3, 8, "E061")],
    ),
    ("gb18030.csv", CASES, {}, [(1, 2, OK)]),
    ("gb18030.csv", CASES, {"encoding": "utf-8"}, [(None, 1, "E002")]),
    ("gb18030-second-plane.csv", CASES, {}, [(1, 2, OK), (2, 3, OK)]),
    ("utf8-that-is-gb18030-too.csv", {"编号", "申请"}, {}, [(1, 2, OK)]),
    ("semicolons.csv", CASES, {}, [(None, 1, "E018")]),
    ("semicolons.csv", CASES, {"delimiter": ";"}, [(1, 2, OK)]),
    ("excel-named-csv.csv", CASES, {}, [(None, None, "E016")]),
    ("empty.json", set(), {}, [(None, None, "E001")]),
    ("duplicate-keys.jsonl", {"编号"}, {}, [(1, 1, OK), (2, 2, "E056")]),
    ("not-a-number.jsonl", {"a"}, {}, [*((n, n, "E057") for n in range(1, 5)), (5, 5, OK)]),
    ("lone-surrogate.jsonl", {"a"}, {}, [(1, 1, "E059"), (2, 2, OK), (3, 3, "E059"), (4, 4, "E059")]),
    ("deep-nesting.jsonl", {"a"}, {}, [(1, 1, "E060"), (2, 2, "E060"), (3, 3, OK)]),
    (
        "broken-lines.jsonl",
        {"a"},
        {},
        [(1, 1, OK), (2, 3, "E055"), (3, 4, "E055"), (4, 5, "E058"), (5, 6, "E058"), (6, 7, "E055"), (7, 8, OK)],
    ),
    ("gb18030.jsonl", {"编号"}, {}, [(None, 1, "E002")]),
    ("gb18030.jsonl", {"编号"}, {"encoding": "gb18030"}, [(1, 1, OK)]),
    ("bad-lines.jsonl", {"a"}, {}, [(1, 1, OK), (2, 2, "E064"), (3, 4, OK), (4, 5, OK)]),
    ("array-with-bad-byte.json", {"a"}, {}, [(None, 2, "E002")]),
    ("bom.jsonl", {"a"}, {}, [(1, 1, OK), (2, 2, OK)]),
    ("pretty-printed.json", set(), {}, [(None, 1, "E014")]),
    ("array.json", {"a"}, {}, [(1, 2, OK), (2, 3, "E056"), (3, 3, "E058"), (4, 4, "E055"), (5, 5, OK)]),
    ("array-cut.json", {"a"}, {}, [(1, 1, OK), (2, 2, OK), (None, 3, "E015")]),
    ("array-then-more.json", {"a"}, {}, [(1, 1, OK), (None, 2, "E015")]),
    ("array-trailing-comma.json", {"a"}, {}, [(1, 1, OK), (None, 2, "E015")]),
    ("array-deep.json", {"a"}, {}, [(1, 1, "E060"), (2, 2, OK)]),
    ("truncated.xlsx", set(), {}, [(None, None, "E010")]),
    ("truncated-inside-sheet.xlsx", set(), {}, [(None, None, "E010")]),
    ("corrupt-sheet.xlsx", set(), {}, [(None, None, "E010")]),
    ("encrypted.xlsx", set(), {}, [(None, None, "E011")]),
    ("ole-without-workbook.xls", set(), {}, [(None, None, "E010")]),
    ("parser-panics.xls", set(), {}, [(None, None, "E010")]),
    ("directory-points-before-start.xlsx", set(), {}, [(None, None, "E010")]),
    ("truncated.xls", set(), {}, [(None, None, "E010")]),
    ("html.xls", set(), {}, [(None, None, "E009")]),
    ("csv-named-xlsx.xlsx", set(), {}, [(None, None, "E009")]),
    ("word.xlsx", set(), {}, [(None, None, "E009")]),
    ("formula-errors.xlsx", CASES, {}, [(1, 2, OK), (2, 3, "E062"), (3, 4, OK)]),
    ("far-apart-cells.xlsx", set(), {}, [(None, None, "E012")]),
    ("blank-sheet.xlsx", set(), {}, [(None, 1, "E003")]),
    ("typical.xlsx", set(), {"sheet": "没有这张表"}, [(None, None, "E013")]),
    (
        "typical.xlsx",
        CASES,
        {"title_rows": 1, "note_prefixes": ("填表",)},
        [(1, 5, OK), (2, 7, "E052"), (3, 9, OK)],
    ),
    ("typical.xls", CASES, {"title_rows": 1}, [(1, 3, OK), (2, 4, OK)]),
    (
        "typical.xml",
        {"@id", "基本信息/SBLSH", "基本信息/申请人"},
        {"record": "办件"},
        [(1, 4, OK), (2, 8, OK), (3, 9, "E056")],
    ),
    ("typical.xml", {"标题"}, {"record": "/data/办件"}, [(1, 4, OK), (2, 8, OK), (3, 9, OK), (None, None, "E005")]),
    ("gbk.xml", {"编号", "姓名"}, {}, [(1, 3, OK)]),
    ("gbk.xml", {"编号", "姓名"}, {"encoding": "utf-8"}, [(None, 3, "E002")]),
    ("gbk-that-says-utf8.xml", {"编号"}, {}, [(None, 2, "E002")]),
    ("gbk-that-says-utf8.xml", {"编号"}, {"encoding": "gb18030"}, [(1, 2, OK)]),
    ("latin1.xml", {"a"}, {}, [(None, None, "E023")]),
    ("utf16.xml", {"a"}, {}, [(None, None, "E023")]),
    ("broken-in-the-middle.xml", {"a"}, {}, [(1, 2, OK), (None, 3, "E019")]),
    ("cut.xml", {"a"}, {}, [(1, 2, OK), (None, 4, "E019")]),
    ("two-roots.xml", {"a"}, {}, [(1, 1, OK), (None, 2, "E019")]),
    ("undeclared-entity.xml", {"a"}, {}, [(None, 2, "E019")]),
    ("surrogate.xml", {"a"}, {}, [(None, 2, "E019")]),
    ("billion-laughs.xml", {"a"}, {}, [(None, 2, "E021")]),
    ("quadratic-entity.xml", {"a"}, {}, [(None, 1, "E021")]),
    ("external-entity.xml", {"a"}, {}, [(None, 2, "E021")]),
    ("parameter-entity.xml", {"a"}, {}, [(None, 1, "E021")]),
    ("external-dtd.xml", {"a"}, {}, [(None, 2, "E021")]),
    ("html-named.xml", {"a"}, {}, [(None, 1, "E021")]),
    ("deep-record.xml", {"a"}, {}, [(1, 2, OK), (2, 3, "E060"), (3, 4, OK)]),
    ("deep-document.xml", {"a"}, {"record": "row"}, [(None, 1, "E022")]),
    ("misnamed-records.xml", {"a"}, {"record": "row"}, [(None, None, "E020")]),
    ("no-records.xml", {"a"}, {"record": "row"}, [(None, None, "E020")]),
    ("no-records.xml", {"a"}, {"record": "data/row"}, []),
    ("empty-list.xml", {"a"}, {"record": "row"}, []),
    ("bad-byte.xml", {"a"}, {}, [(None, 3, "E002")]),
    ("plain-text.xml", {"a"}, {}, [(None, 1, "E019")]),
]


def kind_of(name: str) -> FormatSpec:
    return FormatSpec(KINDS[Path(name).suffix])  # type: ignore[arg-type]


def outcome(each: Row | Finding) -> tuple[int | None, int | None, str | None]:
    return (each.number, each.line, OK) if isinstance(each, Row) else (each.row, each.line, each.code)


@pytest.mark.parametrize(("name", "columns", "settings", "expected"), FILES, ids=[file for file, *_ in FILES])
def test_a_hostile_file_ends_in_its_findings(
    name: str,
    columns: set[str],
    settings: dict[str, Any],
    expected: list[tuple[int | None, int | None, str | None]],
) -> None:
    spec = FormatSpec(KINDS[Path(name).suffix], **settings)  # type: ignore[arg-type]
    found = list(read(HOSTILE / name, spec, frozenset(columns)))
    assert [outcome(each) for each in found] == expected
    assert {each.code for each in found if isinstance(each, Finding)} <= ALL_KINDS.keys()


def test_every_hostile_file_is_tried() -> None:
    assert {path.name for path in HOSTILE.iterdir()} == {name for name, *_ in FILES}


def test_json_of_which_no_record_has_a_column_of_the_contract_is_refused() -> None:
    found = list(read(HOSTILE / "broken-lines.jsonl", FormatSpec("json"), frozenset({"b"})))
    assert len(found) == 8
    assert outcome(found[-1]) == (None, None, "E005")


@pytest.mark.parametrize("name", ["no-header.csv", "header-repeats-column.csv"])
def test_a_row_of_data_in_place_of_the_header_is_never_quoted(name: str) -> None:
    [*_, refusal] = read(HOSTILE / name, FormatSpec("csv"), frozenset({"事项编码"}))
    assert isinstance(refusal, Finding)
    assert "张三" not in refusal.message.both() + refusal.hint.both()


def test_the_text_names_the_missing_column_and_those_present() -> None:
    [refusal] = read(HOSTILE / "column-missing.csv", FormatSpec("csv"), frozenset(CASES))
    assert isinstance(refusal, Finding)
    assert "申请人" in refusal.message.zh
    assert "姓名" in refusal.message.zh
    assert "姓名" in refusal.message.en


@pytest.mark.parametrize(
    ("name", "bad", "encoding", "row"),
    [
        ("wrong-encoding.csv", b"\xff", "UTF-8", 2),
        ("bad-byte-in-quotes.csv", b"\xb8\xe4\xb8\x89", "UTF-8", 1),
        ("gb18030-with-bad-rows.csv", b'\xd5"', "GB18030", 2),
        ("bad-lines.jsonl", b"\xd5", "UTF-8", 2),
    ],
)
def test_a_bad_byte_costs_its_record_which_is_told_with_its_place(
    name: str, bad: bytes, encoding: str, row: int
) -> None:
    content = (HOSTILE / name).read_bytes()
    offset = content.index(bad) - (name == "bad-byte-in-quotes.csv")  # the first byte of the character cut short
    line = content.count(b"\n", 0, offset) + 1
    found = {each.row: each for each in read(HOSTILE / name, kind_of(name)) if isinstance(each, Finding)}
    for text in (found[row].message.zh, found[row].message.en):
        assert encoding in text
        assert {str(offset), str(line)} <= set(re.findall(r"\d+", text))


def test_a_wrong_encoding_is_told_with_how_many_lines_fail() -> None:
    [refusal] = read(HOSTILE / "gb18030.csv", FormatSpec("csv", encoding="utf-8"))
    assert isinstance(refusal, Finding)
    assert "2 行中有 2 行" in refusal.message.zh
    assert "2 of the 2 lines" in refusal.message.en
