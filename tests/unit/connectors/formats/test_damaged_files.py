"""Bytes that mean nothing cost the records in which they stand; all others come as they were written."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.formats import read
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

HEADER = "办件编号,申请人姓名,联系地址\n"
NAMES = HEADER.strip().split(",")
cell = st.text(st.sampled_from('ab1 ",\n\r张龙𠀀；'), max_size=5)
bad = {"utf-8": [b"\xff", b"\xe5\xbc", b"\xb0", b"\xed\xa0\x80"], "gb18030": [b"\xff", b"\x80"]}


def written(row: tuple[str, str, str], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return text.getvalue().encode(encoding)


def outcome(each: Row | Finding) -> tuple[object, ...]:
    return (each.number, each.line, *each.cells.values()) if isinstance(each, Row) else (each.row, each.line, each.code)


def lines_in(content: bytes) -> int:
    """How many physical lines have ended, as an editor counts them."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")


@given(
    rows=st.lists(st.tuples(st.tuples(cell, cell, cell), st.booleans()), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
    declared=st.booleans(),
    data=st.data(),
)
def test_every_bad_byte_costs_its_own_record(
    rows: list[tuple[tuple[str, str, str], bool]],
    encoding: str,
    declared: bool,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    content = HEADER.encode(encoding) + "\n".join(["0,张,李王"] * 12 + [""]).encode(encoding)  # it is not all damage
    expected: list[tuple[object, ...]] = [(at, at + 1, "0", "张", "李王") for at in range(1, 13)]
    offsets = []
    for number, (row, spoiled) in enumerate(rows, 13):
        line = lines_in(content) + 1
        made = written(row, encoding)
        if spoiled:
            piece = data.draw(st.sampled_from(bad[encoding]))
            made = b'"' + piece + made[1:]
            offsets.append(len(content) + 1)
        content += made
        expected.append((number, line, "E064") if spoiled else (number, line, *row))
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(content)
    found = list(read(path, FormatSpec("csv", encoding=encoding if declared else "auto")))  # type: ignore[arg-type]
    assert [outcome(each) for each in found] == expected
    told = [each.message.en for each in found if isinstance(each, Finding)]
    assert all(f"byte offset {offset} " in text for offset, text in zip(offsets, told, strict=True))


@given(texts=st.lists(st.tuples(cell, st.booleans()), max_size=8))
def test_json_lines_too(texts: list[tuple[str, bool]], tmp_path_factory: pytest.TempPathFactory) -> None:
    good = json.dumps({"名称": "张三"}, ensure_ascii=False).encode() + b"\n"
    content = good * 9
    expected: list[tuple[object, ...]] = [(at, at, "张三") for at in range(1, 10)]
    for number, (text, spoiled) in enumerate(texts, 10):
        line = json.dumps({"名称": text}, ensure_ascii=False).encode()
        content += (line.replace(b'": "', b'": "\xff') if spoiled else line) + b"\n"
        expected.append((number, number, "E064" if spoiled else text))
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl"
    path.write_bytes(content)
    assert [outcome(each) for each in read(path, FormatSpec("json"))] == expected


def test_one_record_in_ten_is_damaged(tmp_path: Path) -> None:
    path, size = tmp_path / "tenth.csv", 20_000
    rows = [f"{at},张三{at},{'坏' * (at % 10 == 0)}常熟市梅李镇" for at in range(size)]
    lines = [line.encode().replace("坏".encode(), b"\xe5\x9d") for line in rows]
    path.write_bytes(HEADER.encode() + b"\n".join(lines) + b"\n")
    found = list(read(path, FormatSpec("csv"), frozenset(NAMES)))
    assert [each.row for each in found if isinstance(each, Finding)] == list(range(1, size + 1, 10))
    assert {each.code for each in found if isinstance(each, Finding)} == {"E064"}
    assert [each.line for each in found] == list(range(2, size + 2))
    assert [",".join(map(str, each.cells.values())) for each in found if isinstance(each, Row)] == [
        row for at, row in enumerate(rows) if at % 10
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("kind", ["csv", "json", "xml"])
def test_one_byte_in_ten_is_damaged(tmp_path: Path, encoding: str, kind: str) -> None:
    chance = random.Random(10)
    content = bytearray((HEADER + "1,张三,常熟市梅李镇人民路一号\n" * 2000).encode(encoding))
    for at in range(len(content)):
        if chance.random() < 0.1:
            content[at] = chance.randrange(1, 256)
    path = tmp_path / "noise"
    path.write_bytes(content)
    [refusal] = read(path, FormatSpec(kind), frozenset(NAMES))  # type: ignore[arg-type]
    assert isinstance(refusal, Finding)
    assert refusal.row is None


def test_damaged_utf_8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    """Every text here has an even number of characters, so that its bytes make pairs of GB18030 by accident."""
    path = tmp_path / "even.csv"
    path.write_bytes("办件编号,申请人名,联系地址\n".encode() + "甲乙,丙丁,戊己\n".encode() * 3 + b"1,\xb0\xa1,2\n")
    path.read_bytes().decode("gb18030")  # it would be read without an error
    found = list(read(path, FormatSpec("csv")))
    assert [isinstance(each, Row) for each in found] == [True, True, True, False]
    assert list(found[0].cells.values()) == ["甲乙", "丙丁", "戊己"]  # type: ignore[union-attr]


@given(content=st.binary(max_size=200))
def test_bytes_are_never_replaced(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a file holds, the cells that come out of it stand in it as bytes."""
    assume(b"\0" not in content)
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"a,b\n" + content)
    for each in read(path, FormatSpec("csv")):
        if isinstance(each, Row):
            for value in map(str, each.cells.values()):
                quoted = value.replace('"', '""')
                assert any(value.encode(codec) in content for codec in ("utf-8", "gb18030")) or any(
                    quoted.encode(codec) in content for codec in ("utf-8", "gb18030")
                )
