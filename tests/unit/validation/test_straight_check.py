"""The fast check of a file comes to what the careful one comes to, row by row and finding by finding."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import hostile

from catalog.loader import load_catalog
from connectors.formats import read
from exchange.model.dataset import Dataset
from exchange.model.format import FormatSpec
from exchange.model.straight import Straight
from exchange.validation.accepted import accepted_rows
from exchange.validation.check import AsItIs, check_rows
from exchange.validation.file_check import by_contract, by_schema
from exchange.validation.mapping import Origin, RowMapper
from exchange.validation.outcome_files import CheckSummary, write_outcome
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.sql.facts import Facts
from exchange.validation.straight_check import check_straight

CATALOG = load_catalog()
TABLES = {table.id: table.codes for table in CATALOG.code_tables.values()}
SPEC = FormatSpec(kind="csv", encoding="utf-8")
ROWS = 1_500
# What departments write (domain facts), beside what the hostile rows hold anyway.
DIRT = (
    *(
        "2019/5/1",
        "2019年5月1日",
        "20190501",
        "2019-05-01 10:00:00",
        "2019-05-01T10:00:00+08:00",
        "2019-05-01 24:00:00",
    ),
    *(
        "2019-02-29 10:00:00",
        "1556676000000",
        "43586",
        "2019-05",
        "1.2E+17",
        "1.2e+17",
        "+86",
        "无",
        "暂无",
        "NULL",
        "null",
    ),
    *(
        "Null",
        "-",
        "——",
        "／",
        "#N/A",
        "0",
        "１２３",
        "ＡＢ",
        "苏（2023）第１号",
        " x ",
        "x  y",
        "\u3000x",
        "x\u200b",
        "张\u00b7三",
    ),
    *(
        "“引号”",
        "《许可证》",
        "a,b",
        'a"b',
        "a\nb",
        "a\r\nb",
        "11010519491231002x",
        "1101051949 1231002X",
        "𠮷",
        "\U0001d173",
    ),
    *(
        "13800138000",
        "13800138000;025-12345678",
        "1380013800０",
        "true",
        "TRUE",
        "007",
        "1,234",
        "5.0",
        "甲",
        "乙",
        "丙",
        "E12345678",
    ),
)


def _dirty(rows: list[dict[str, str]], names: Sequence[str], seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    for row in rows:
        for _ in range(chance.choice((0, 0, 0, 1, 3))):
            row[chance.choice(names)] = chance.choice(DIRT)
    return rows


def _file(folder: Path, rows: list[dict[str, str]], names: Sequence[str], *, header_twice: int) -> Path:
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for number, row in enumerate(rows):
            writer.writerow([row.get(name, "") for name in names])
            if number == header_twice:
                writer.writerow(names)
    return path


def _record_lines(file: Straight, rows: Sequence[int]) -> list[int]:
    reader = csv.reader(io.StringIO(file.path.read_text(encoding="utf-8"), newline=""))
    starts, line = [], 1
    for cells in reader:
        starts += [line] if cells else []
        line = reader.line_num + 1
    return [starts[row] for row in rows]


def _straight(path: Path, names: Sequence[str]) -> Straight:
    lines = path.read_bytes().count(b"\n")
    return Straight(path, tuple(names), 1, ",", lines, quotes=True)


def _accepted(folder: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT * FROM ({accepted_rows(folder / 'accepted.parquet')}) ORDER BY _row")
        return found.to_arrow_table().to_pylist()


def _same(fast: Path, careful: Path) -> None:
    assert _accepted(fast) == _accepted(careful)
    for name in ("rejected.parquet", "findings.parquet"):
        assert pq.read_table(fast / name).to_pylist() == pq.read_table(careful / name).to_pylist()


def _mapping(dataset: Dataset) -> tuple[list[str], dict[str, Origin]]:
    """Chinese columns for most fields, the field's own name for the others, a constant for one, nothing for another."""
    mapping: dict[str, Origin] = {field.name: ("column", field.title) for field in dataset.fields}
    mapping["data_source"] = ("constant", "001")
    mapping["cd_batch"] = ("column", "cd_batch")
    return [value for origin, value in mapping.values() if origin == "column"], mapping


CODES = {"cd_operation": {"甲": "I", "乙": "U", "丙": "", "新": "I"}, "task_name": {"无": "不动产登记"}}


@pytest.mark.parametrize("name", CATALOG.datasets.names())
@pytest.mark.parametrize("seed", [1, 2])
def test_a_feed_of_every_dataset(name: str, seed: int, tmp_path: Path) -> None:
    dataset = CATALOG.datasets.get(name)
    columns, mapping = _mapping(dataset)
    rows = hostile.records(dataset.schema, ROWS, seed)
    title = {field: value for field, (origin, value) in mapping.items() if origin == "column"}
    rows = _dirty([{title[f]: cell for f, cell in row.items() if f in title} for row in rows], columns, seed)
    path = _file(tmp_path, rows, columns, header_twice=700)
    codes = {field: table for field, table in CODES.items() if field in dataset.field_names}
    judge, mapper = JsonschemaVerdicts(dataset.schema, TABLES), RowMapper(dataset, mapping, codes)
    way = by_contract(dataset, mapping, codes, judge)
    fast = check_straight(_straight(path, columns), way, tmp_path / "fast", _record_lines)
    checked = check_rows(read(path, SPEC, frozenset(columns)), mapper, judge)
    careful = write_outcome(checked, dataset.field_names, tmp_path / "careful")
    assert fast == careful
    assert fast is not None
    assert 0 < fast.accepted < fast.read == ROWS + 1
    _same(tmp_path / "fast", tmp_path / "careful")


@pytest.mark.parametrize("name", CATALOG.datasets.names())
def test_a_files_own_columns(name: str, tmp_path: Path) -> None:
    schema = dict(CATALOG.datasets.get(name).schema)
    names = [*schema["properties"], "另一列"]
    rows = _dirty(hostile.records(schema, ROWS, 3), names, 3)
    path = _file(tmp_path, rows, names, header_twice=-1)
    judge = JsonschemaVerdicts(schema)
    way = by_schema(schema, judge, names, text_cells=True)
    fast = check_straight(_straight(path, names), way, tmp_path / "fast", _record_lines)
    checked = check_rows(read(path, SPEC), AsItIs(schema, text_cells=True), judge)
    careful = write_outcome(checked, names, tmp_path / "careful")
    assert fast == careful
    _same(tmp_path / "fast", tmp_path / "careful")


@pytest.mark.parametrize(
    "content",
    [
        b"no,day\nN1,2019-05-01\nN2\n",
        b"no,day\nN1,2019-05-01,more\n",
        b'no,day\nN1,"2019-05-01"x\n',
        b'no,day\nN1,"2019-05-01\n',
        b"no,day\nN\xff1,2019-05-01\n",
        b"no,day\nN1,2019-05-01\r\nN2,\xc3\n",
        b'no,day\nN1,"' + b"x\n" * 600_000 + b'"\n',
    ],
    ids=["too few", "too many", "after the quote", "open quote", "no UTF-8", "cut character", "a MiB in one record"],
)
def test_what_is_not_plain_is_left_to_the_careful_reader(content: bytes, tmp_path: Path) -> None:
    schema = {"properties": {"no": {"type": "string"}, "day": {"type": "string"}}}
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    judge = JsonschemaVerdicts(schema)
    way = by_schema(schema, judge, ["no", "day"], text_cells=True)
    assert check_straight(_straight(path, ["no", "day"]), way, tmp_path / "fast", _record_lines) is None
    assert [each.name for each in (tmp_path / "fast").iterdir()] == []


def test_what_breaks_in_the_checker_is_no_bad_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Facts, _rows: pa.Array) -> pa.Array:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(Facts, "_tell", broken)
    dataset = CATALOG.datasets.get("licence")
    columns, mapping = _mapping(dataset)
    path = _file(tmp_path, [dict.fromkeys(columns, "1")], columns, header_twice=-1)
    way = by_contract(dataset, mapping, {}, JsonschemaVerdicts(dataset.schema, TABLES))
    with pytest.raises(ZeroDivisionError, match="mistake of ours"):
        check_straight(_straight(path, columns), way, tmp_path / "fast", _record_lines)


def test_a_rule_that_only_the_library_knows_is_named_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    schema = {"properties": {"no": {"pattern": "^(?!0)"}, "b": {"maxLength": 1}}}
    path = tmp_path / "rows.csv"
    path.write_text("no,b\n01,1\n10,1\n20,22\n", encoding="utf-8")
    way = by_schema(schema, JsonschemaVerdicts(schema), ["no", "b"], text_cells=True)
    summary = check_straight(_straight(path, ["no", "b"]), way, tmp_path / "fast", _record_lines)
    assert summary == CheckSummary(read=3, accepted=1, rejected=2, by_code={"E104": 1, "E106": 1})
    assert "properties/no/pattern" in caplog.text


def test_order_and_numbers_hold_over_many_row_groups(tmp_path: Path) -> None:
    schema = {
        "properties": {"no": {"enum": [str(each) for each in range(0, 300_000, 3)] + ["1"]}, "b": {"maxLength": 1}}
    }
    path = tmp_path / "rows.csv"
    path.write_text("no,b\n" + "".join(f"{each // 1000 * 3},{each % 7}\n" for each in range(300_000)), encoding="utf-8")
    judge = JsonschemaVerdicts(schema)
    names = ["no", "b"]
    way = by_schema(schema, judge, names, text_cells=True)
    summary = check_straight(_straight(path, names), way, tmp_path / "fast", _record_lines)
    assert summary == CheckSummary(read=300_000, accepted=300_000)
    rows = _accepted(tmp_path / "fast")
    assert all(row == {"no": str(at // 1000 * 3), "b": str(at % 7), "_row": at + 1} for at, row in enumerate(rows))
