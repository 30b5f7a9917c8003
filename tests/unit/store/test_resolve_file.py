"""Which rows of a file are one licence: hand-made pairs, in any form and order of the file; and bad files."""

from __future__ import annotations

import csv
import errno
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from pyarrow import parquet
from support.rows import COMPANY, Row, licence

from exchange.errors import ConfigError
from exchange.model.reference import Reference
from exchange.store.licences.resolve_file import Resolved, resolve_file

OTHER = "9132070070404786XB"
BUREAU, SUCCESSOR = "113205000141492526", "11320500MB1234562F"


def row(guid: str, number: str, **other: str) -> Row:
    return {**licence(number), "certificate_source_id": "", "row_guid": guid, **other}


def as_csv(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def resolved(file: Path, reference: Reference | None = None) -> tuple[Resolved, dict[str, tuple[str, str, float, str]]]:
    """What was counted, and of each row guid the licence, rule, score and question."""
    out = file.with_name("out.parquet")
    counted = resolve_file(file, out, reference)
    table = parquet.read_table(out)
    assert table.column_names == ["row_guid", "licence_id", "rule", "score", "ask_group"]
    return counted, {guid: tuple(rest) for guid, *rest in (each.values() for each in table.to_pylist())}


def groups(found: dict[str, tuple[str, str, float, str]]) -> set[frozenset[str]]:
    by_licence: dict[str, set[str]] = {}
    for guid, (licence_id, *_) in found.items():
        by_licence.setdefault(licence_id, set()).add(guid)
    return {frozenset(each) for each in by_licence.values()}


ROWS = [
    row("a1", "苏〔2026〕第0012号"),
    row("a2", "苏(2026)0012"),
    row("b1", "苏（2026）0013号"),
    row("c1", "苏(2026)0012", certificate_holder_code=OTHER, certificate_holder="别的企业"),
    row("d1", "苏(2026)0012", certificate_type_code="别的证"),
    row("e1", "", certificate_source_id=""),
    row("e2", "无", certificate_source_id=""),
]
LICENCES = {frozenset(each) for each in (("a1", "a2"), ("b1",), ("c1",), ("d1",), ("e1",), ("e2",))}


def test_one_licence_written_in_two_ways_is_one_and_its_look_alikes_are_others(tmp_path: Path) -> None:
    counted, found = resolved(as_csv(tmp_path / "in.csv", ROWS))
    assert groups(found) == LICENCES
    assert (counted.rows, counted.licences, counted.questions) == (7, 6, 0)
    assert {found["a1"][1:], found["a2"][1:]} == {("exact", 1.0, None)}
    assert found["b1"][1:] == ("alone", 1.0, None)


def test_parquet_of_typed_columns_gives_what_the_csv_gives(tmp_path: Path) -> None:
    _, by_csv = resolved(as_csv(tmp_path / "in.csv", ROWS))
    typed = [{**each, "issue_date": date.fromisoformat(each["issue_date"]), "另一列": 1} for each in ROWS]
    parquet.write_table(pa.Table.from_pylist(typed), tmp_path / "in.parquet")
    _, by_parquet = resolved(tmp_path / "in.parquet")
    assert by_parquet == by_csv


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    numbered = [each for each in ROWS if each["row_guid"][0] != "e"]  # a row that says nothing is named by its place
    wanted = resolved(as_csv(tmp_path / "in.csv", numbered))
    for seed in range(3):
        Random(seed).shuffle(numbered)
        assert resolved(as_csv(tmp_path / "in.csv", numbered)) == wanted


def test_a_reorganised_body_and_an_old_code_are_known_by_the_tables(tmp_path: Path) -> None:
    rows = [
        row("1", "苏1", certificate_holder_code="320507000045918", certificate_holder="甲", certificate_source_id=""),
        row("2", "苏1", issue_dept_code=SUCCESSOR, issue_dept="新局", certificate_holder="乙"),
    ]
    file = as_csv(tmp_path / "in.csv", rows)
    assert len(groups(resolved(file)[1])) == 2
    issuers = ((f"O{BUREAU[8:17]}", f"O{SUCCESSOR[8:17]}"),)
    holders = (("R320507000045918", f"O{COMPANY[8:17]}"),)
    reference = Reference("", (), (), (), (), (), issuers, holders)
    assert groups(resolved(file, reference)[1]) == {frozenset({"1", "2"})}


def test_what_is_doubtful_is_asked_and_not_joined(tmp_path: Path) -> None:
    """The same number, kind and day under two names of a body without a code: one licence or two, nobody can say."""
    twin = {"issue_dept_code": "", "certificate_holder_code": "", "certificate_holder_type": ""}
    rows = [
        row("1", "苏1", **twin, issue_dept="甲局", certificate_holder="测试企业"),
        row("2", "苏1", **twin, issue_dept="乙局", certificate_holder="测试企业"),
        row("3", "苏2"),
    ]
    counted, found = resolved(as_csv(tmp_path / "in.csv", rows))
    assert len(groups(found)) == 3
    assert found["1"][3] == found["2"][3] != found["3"][3] is None
    assert counted == Resolved(rows=3, licences=3, open_rows=2, questions=1)


def test_a_file_without_rows_gives_a_result_without_rows(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("row_guid,certificate_number\n", encoding="utf-8")
    assert resolved(tmp_path / "in.csv") == (Resolved(0, 0, 0, 0), {})


def test_columns_that_are_not_there_are_empty(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("\ufeffrow_guid,certificate_number\r\n1,苏1\r\n2,苏１\r\n3,\r\n", encoding="utf-8")
    assert groups(resolved(tmp_path / "in.csv")[1]) == {frozenset({"1", "2"}), frozenset({"3"})}


BAD = {
    "no-guid.csv": ("编号,b\n1,2\n".encode(), "缺少 row_guid 列", "现有的列：编号、b"),
    "semicolons.csv": (b"row_guid;b\n1;2\n", "缺少 row_guid 列", "以英文逗号分隔"),
    "empty.csv": (b"", "缺少 row_guid 列", "现有的列：无"),
    "twice.csv": (b"row_guid,b,b\n1,2,3\n", "重复的列名：b", "只出现一次"),
    "gb18030.csv": ("row_guid,b\n1,苏\n".encode("gb18030"), "不是 UTF-8 编码（偏移 13 字节处）", "CSV UTF-8"),
    "header.csv": ("row_guid,编号\n1,2\n".encode("gb18030"), "不是 UTF-8 编码（偏移 9 字节处）", "CSV UTF-8"),
    "short.csv": (b"row_guid,b\n1,2\n\n3\n", "第 4 行", "列数与表头不同"),
    "long.csv": (b"row_guid,b\n1,2\n3,4,secret\n", "第 3 行", "列数与表头不同"),
    "quote.csv": (b'row_guid,b\n1,"2"x\n3,4\n', "第 2 行", "双引号"),
    "open.csv": (b'row_guid,b\n1,"2\n3,4\n', "第 2 行", "双引号"),
    "cut.parquet": (b"PAR1xxxxxxxxxxxxxxxx", "已损坏", "请重新导出"),
    "header-quote.csv": (b'row_guid,"b\n1,2\n', "第 1 行", "双引号"),
    "table.xlsx": (b"PK", "不是 .csv 或 .parquet 文件", "请另存为"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_told_what_to_mend(tmp_path: Path, name: str) -> None:
    content, *words = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        resolve_file(tmp_path / name, tmp_path / "out.parquet", None)
    for word in words:
        assert word in caught.value.text.zh
    assert name in caught.value.text.en
    assert "secret" not in str(caught.value)  # what stands in a row may be personal data
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_byte_that_is_no_utf8_is_found_where_it_is_in_a_long_file(tmp_path: Path) -> None:
    content = b"row_guid,certificate_number\n" + "1,苏\n".encode() * 400_000
    (tmp_path / "in.csv").write_bytes(content + b"2,\xcb\n")
    with pytest.raises(ConfigError, match=f"偏移 {len(content) + 2} 字节处"):
        resolve_file(tmp_path / "in.csv", tmp_path / "out.parquet", None)


def test_a_parquet_file_with_damaged_pages_is_told_as_damaged(tmp_path: Path) -> None:
    rng, file = Random(5), tmp_path / "in.parquet"
    table = pa.table(
        {"row_guid": [str(n) for n in range(20_000)], "certificate_number": [f"苏{n}" for n in range(20_000)]}
    )
    parquet.write_table(table, file)
    whole, told = file.read_bytes(), []
    for _ in range(6):
        spoiled, at = bytearray(whole), rng.randrange(4, len(whole) - 800)
        spoiled[at : at + 20] = rng.randbytes(20)
        file.write_bytes(spoiled)
        try:
            resolve_file(file, tmp_path / "out.parquet", None)
        except ConfigError as error:
            told.append("已损坏" in error.text.zh)
    assert len(told) > 3
    assert all(told)


def test_nothing_is_written_where_it_cannot_be(tmp_path: Path) -> None:
    file = as_csv(tmp_path / "in.csv", ROWS)
    parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "in.parquet")
    for source, out, word in (
        (file, tmp_path / "none" / "out.parquet", "没有目录"),
        (file, tmp_path / "out.csv", "以 .parquet 结尾"),
        (tmp_path / "in.parquet", tmp_path / "in.parquet", "会覆盖"),
        (tmp_path / "none.csv", tmp_path / "out.parquet", "没有文件"),
    ):
        with pytest.raises(ConfigError, match=word):
            resolve_file(source, out, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "in.parquet"]


def test_a_folder_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = as_csv(tmp_path / "in.csv", ROWS)

    def refused(*_: object, **__: object) -> None:
        """What the system says to anyone but root, who may write everywhere."""
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(ConfigError, match="权限"):
        resolve_file(file, tmp_path / "out.parquet", None)
