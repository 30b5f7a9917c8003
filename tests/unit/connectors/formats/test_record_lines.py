"""The line of a record that was counted elsewhere is the one that Python's csv module counts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import lines as by_lines
from connectors.formats import read
from connectors.formats.lines import record_lines
from connectors.formats.straight import Straight
from exchange.model.format import FormatSpec
from exchange.model.row import Row


def made(path: Path, text: str, *, delimiter: str = ",", skip: int = 0) -> Straight:
    path.write_bytes(text.encode())
    return Straight(path, ("a", "b"), skip, delimiter, text.count("\n") + (not text.endswith("\n")), '"' in text)


def counted(text: str, delimiter: str = ",", skip: int = 0) -> list[int]:
    """Where the csv module says that records start."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    starts, line = [], 1
    for cells in reader:
        if line > skip and (len(cells) > 1 or any(cell.strip() for cell in cells)):
            starts.append(line)
        line = reader.line_num + 1
    return starts


cell = st.text(st.sampled_from('ab "\n,;\t张\u3000'), max_size=5)
row = st.tuples(cell, cell)
raw = st.sampled_from(["", " ", '""', '" "', "\u3000", 'x"y,1', 'x,y"1"', "一,“二”"])  # written as they stand


@given(
    parts=st.lists(row | raw, max_size=12),
    newline=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from([",", ";", "\t", "，"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    chunk=st.sampled_from([1, 3, 10, 1 << 20]),
    ended=st.booleans(),
)
def test_lines_are_those_of_the_csv_module(
    parts: list[tuple[str, str] | str],
    newline: str,
    delimiter: str,
    quoting: int,
    chunk: int,
    ended: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = io.StringIO(newline="")
    out.write(f"a{delimiter}b{newline}")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=newline)  # type: ignore[arg-type]
    for part in parts:
        if isinstance(part, str):
            out.write(part + newline)
        else:
            writer.writerow(part)
    text = out.getvalue() if ended else out.getvalue().removesuffix(newline)
    expected = counted(text, delimiter, skip=1)
    found = made(tmp_path_factory.getbasetemp() / "lines.csv", text, delimiter=delimiter, skip=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_lines, "CHUNK", chunk)
        assert record_lines(found, range(1, len(expected) + 1)) == expected
        assert record_lines(found, range(2, len(expected) + 1, 3)) == expected[1::3]


@given(text=st.text(st.sampled_from('ab" ,\n'), max_size=40))
def test_lines_of_any_text_are_those_of_the_careful_reader(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "soup.csv"
    found = made(path, f"a,b\n{text}", skip=1)
    careful = list(read(path, FormatSpec("csv")))
    rows = [(each.number, each.line) if isinstance(each, Row) else (each.row, each.line) for each in careful]
    numbered = [(number, line) for number, line in rows if number is not None]
    assert record_lines(found, [number for number, _ in numbered]) == [line for _, line in numbered]


def test_no_rows_no_lines(tmp_path: Path) -> None:
    assert record_lines(made(tmp_path / "a.csv", "a,b\n", skip=1), []) == []


def test_a_record_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fewer than 3 records"):
        record_lines(made(tmp_path / "a.csv", "a,b\n1,2\n\n3,4\n", skip=1), [2, 3])
