"""A file that an engine may read straight is one that the careful reader reads alike: the same rows, the same lines."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import read
from connectors.formats.sight import PART
from connectors.formats.straight import Straight, straight
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

HOSTILE = Path(__file__).parents[3] / "fixtures" / "hostile"


def offered(
    tmp_path: Path,
    content: bytes,
    expected: str = "",
    *,
    not_utf8: bool = False,
    **spec: Any,  # noqa: ANN401 - a format's settings
) -> Straight | None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    names = frozenset(expected.split())
    return straight(path, FormatSpec("csv", **spec), names, tmp_path, not_utf8=not_utf8)


def test_a_plain_file_is_offered_as_it_is(tmp_path: Path) -> None:
    found = offered(tmp_path, "编号,姓名\n1,张三\n2,李四".encode(), "编号 姓名")
    assert found == Straight(tmp_path / "file.csv", ("编号", "姓名"), 1, ",", 3, quotes=False)


def test_title_rows_and_blank_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    found = offered(tmp_path, b'\xef\xbb\xbftitle\r\n\r\n"a";b\r\n"1";2\r\n', title_rows=1, delimiter=";")
    assert found is not None
    assert (found.skip, found.lines, found.quotes, found.delimiter) == (3, 4, True, ";")
    assert found.columns == ("a", "b")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_the_other_line_end_may_stand_within_quotes(tmp_path: Path, newline: bytes) -> None:
    for inner in (b"\n", b"\r\n"):
        found = offered(tmp_path, newline.join([b"a,b", b'1,"x' + inner + b'y"', b"2,3", b""]))
        assert found is not None
        assert (found.lines, found.quotes) == (4, True)


NEEDS_CARE = {
    "NUL": b"a,b\n1,\0\n",
    "lone CR": b'a,b\n1,"2\r3"\n',
    "mixed line ends": b"a,b\r\n1,2\n3,4\r\n",
    "one column": b"a\n1\n",
    "blank name": b"a,,b\n1,2,3\n",
    "name twice": b"a,a\n1,2\n",
    "header over two lines": b'a,"b\n"\n1,2\n',
    "title over two lines": b'"ti\ntle"\na,b\n1,2\n',
    "no header": b"\n\n",
    "empty": b"",
    "Excel": b"PK\x03\x04,b\n1,2\n",
    "UTF-16": "a,b\n".encode("utf-16"),
    "endless line": b"a,b\n1," + b"x" * (2 * PART) + b"\n",
    "space behind a quote": b'a,b\n"1" ,2\n',
    "spaces before a quote": b'a,b\n1,  "2"\n',
    "spaces behind a quote at the end of the file": b'a,b\n1,"2"  ',
    "spaces behind a quote at the end": b'a,b\n1,"2"   \n',
    "damaged header": b"a,\xff\n1,2\n",
    "damaged UTF-8": "编号,姓名\n一二三四五六七八,张三\n".encode() + b"1,\xff\n",
}


@pytest.mark.parametrize("name", NEEDS_CARE)
def test_what_needs_care_is_left_to_the_careful_reader(tmp_path: Path, name: str) -> None:
    titles = int(name.startswith("title"))
    assert offered(tmp_path, NEEDS_CARE[name], title_rows=titles) is None
    assert not (tmp_path / "utf-8.csv").exists()


def test_a_column_of_the_contract_is_missing(tmp_path: Path) -> None:
    assert offered(tmp_path, b"a,b\n1,2\n", "a b") is not None
    assert offered(tmp_path, b"a,b\n1,2\n", "a c") is None


def test_notes_and_other_formats_are_not_for_an_engine(tmp_path: Path) -> None:
    assert offered(tmp_path, b"a,b\n1,2\n", note_prefixes=("填表",)) is None
    assert straight(HOSTILE / "array.json", FormatSpec("json"), frozenset(), tmp_path) is None


@pytest.mark.parametrize("encoding", ["auto", "gb18030"])
def test_gb18030_is_offered_as_a_copy_in_utf_8(tmp_path: Path, encoding: str) -> None:
    text = "编号,姓名\r\n1,张𠀀\r\n"
    found = offered(tmp_path, text.encode("gb18030"), "编号", encoding=encoding)
    assert found is not None
    assert found.path.read_bytes() == text.encode()
    assert found.path == tmp_path / "utf-8.csv"


@pytest.mark.parametrize("encoding", ["auto", "gb18030"])
def test_gb18030_with_a_bad_byte_is_not(tmp_path: Path, encoding: str) -> None:
    assert offered(tmp_path, "编号,姓名\n1,张三\n".encode("gb18030") + b"2,\xff\n", encoding=encoding) is None
    assert not (tmp_path / "utf-8.csv").exists()


LATE = b"a,b\n" + b"1,2\n" * 1_200_000 + "3,张三\n".encode("gb18030")


def test_gb18030_that_shows_late_is_found_when_the_engine_has_failed(tmp_path: Path) -> None:
    first = offered(tmp_path, LATE)
    assert first is not None
    assert first.path == tmp_path / "file.csv"
    second = offered(tmp_path, LATE, not_utf8=True)
    assert second is not None
    assert second.path.read_bytes().endswith("3,张三\n".encode())


@pytest.mark.parametrize("encoding", ["auto", "utf-8"])
def test_utf_8_that_the_engine_cannot_read_is_left_to_the_careful_reader(tmp_path: Path, encoding: str) -> None:
    content = "编号,姓名\n一二三四五六七八,张三\n".encode() * 200_000 + b"1,\xff\n"
    assert offered(tmp_path, content, encoding=encoding) is not None
    assert offered(tmp_path, content, encoding=encoding, not_utf8=True) is None


cell = st.text(st.sampled_from('ab "\n\r,;张龙𠀀\ufeff'), max_size=4)
soup = st.text(st.sampled_from('ab"  \t,\n张'), max_size=30)


@given(
    rows=st.lists(st.tuples(cell, cell), max_size=6),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    blank=st.booleans(),
)
def test_an_engine_reads_what_the_careful_reader_does(
    rows: list[tuple[str, str]], newline: str, encoding: str, blank: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "straight.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        stream.write(f"编号,姓名{newline}{newline if blank else ''}")
        csv.writer(stream, lineterminator=newline).writerows(rows)
    straight_on = same_as_careful(path, FormatSpec("csv", encoding="gb18030" if encoding == "gb18030" else "auto"))
    assert straight_on or any(mark in value for row in rows for value in row for mark in '\r" ')


@given(text=soup, newline=st.sampled_from(["\n", "\r\n"]))
def test_an_engine_never_reads_a_file_otherwise(
    text: str, newline: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "soup.csv"
    path.write_bytes(f"编号,姓名\n{text}".replace("\n", newline).encode())
    same_as_careful(path, FormatSpec("csv"))


@given(
    content=st.binary(max_size=40) | st.lists(st.sampled_from([*"ab,\n", "张三", "龙"]), max_size=30).map("".join),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_an_engine_reads_no_bytes_otherwise(
    content: bytes | str, encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"a,b\n" + (content if isinstance(content, bytes) else content.encode(encoding)))
    same_as_careful(path, FormatSpec("csv"))


def same_as_careful(path: Path, spec: FormatSpec) -> bool:
    """Whether the file is offered and the engine takes it; if so, its rows are those of the careful reader."""
    read_straight = by_engine(path, spec)
    if read_straight is None:
        return False
    columns, engine = read_straight
    careful = list(read(path, spec))
    assert not any(isinstance(each, Finding) and each.code != "E063" for each in careful)
    assert [row for row in engine if row != columns] == [
        tuple(each.cells.values()) for each in careful if isinstance(each, Row)
    ]
    return True


ENGINE = duckdb.connect()
QUERY = """SELECT * FROM read_csv(?, header = false, auto_detect = false, columns = {columns}, skip = {skip},
    delim = ?, quote = '"', escape = '"', nullstr = '\x01')"""


def by_engine(path: Path, spec: FormatSpec) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """The columns and rows; None when there is no offer or the engine fails, as it must where there is a finding."""
    for not_utf8 in (False, True):
        found = straight(path, spec, frozenset(), path.parent, not_utf8=not_utf8)
        if found is not None:
            columns = {f"c{at}": "VARCHAR" for at in range(len(found.columns))}
            query = QUERY.format(columns=columns, skip=found.skip)
            try:
                return found.columns, ENGINE.execute(query, [str(found.path), found.delimiter]).fetchall()
            except duckdb.InvalidInputException:
                continue
    return None
