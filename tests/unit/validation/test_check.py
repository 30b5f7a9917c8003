from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from exchange.model.dataset import dataset_of
from exchange.model.findings import Finding, Severity
from exchange.model.findings.file_kinds import EMPTY_FILE
from exchange.model.row import Cell, Row
from exchange.validation.check import Accepted, AsItIs, Rejected, check_rows
from exchange.validation.mapping import RowMapper
from exchange.validation.outcome_files import CheckSummary, own_row, write_outcome
from exchange.validation.reference import JsonschemaVerdicts

SCHEMA: dict[str, Any] = {
    "title": "试验",
    "type": "object",
    "properties": {
        "no": {"title": "编号", "type": "string", "maxLength": 8},
        "day": {"title": "日期", "type": "string", "format": "date"},
        "kind": {"title": "种类", "type": "string", "x-codes": "kind"},
        "count": {"title": "数量", "type": "integer"},
    },
    "required": ["no", "day"],
    "additionalProperties": False,
}
DATASET = dataset_of("trial", 1, SCHEMA)
MAPPER = RowMapper(DATASET, {name: ("column", name.upper()) for name in DATASET.field_names})
VERDICTS = JsonschemaVerdicts(SCHEMA, {"kind": {"A"}})
REFUSAL = EMPTY_FILE.at()
UNREADABLE = Finding("E051", Severity.REJECT, REFUSAL.message, REFUSAL.hint, row=3, line=4)


def row(number: int, **cells: Cell) -> Row:
    return Row(number, number + 1, {"NO": f"N{number}", "DAY": "2019-05-01", **cells})


ROWS: list[Row | Finding] = [
    row(1),
    row(2, DAY="2019/5/2", KIND="Z"),
    UNREADABLE,
    row(4, DAY="2019-05", NO="１" * 9),
    row(5, NO="\ud800"),
    row(6, COUNT={"a": 1}),
]


def outcome(rows: Iterable[Row | Finding], folder: Path) -> CheckSummary:
    return write_outcome(check_rows(rows, MAPPER, VERDICTS), DATASET.field_names, folder)


def flat(folder: Path) -> list[list[Any]]:
    table = pq.read_table(folder / "findings.parquet").to_pylist()
    return [[each["row"], each["field"], each["code"], each["severity"]] for each in table]


def test_every_row_has_one_outcome_in_the_order_of_the_file() -> None:
    checked = list(check_rows(ROWS, MAPPER, VERDICTS))
    assert [type(each) for each in checked] == [Accepted, Accepted, Rejected, Rejected, Rejected, Rejected]
    assert [each.number for each in checked if not isinstance(each, Finding)] == [1, 2, 3, 4, 5, 6]


def test_the_outcome_as_files(tmp_path: Path) -> None:
    summary = outcome(ROWS, tmp_path)
    by_code = {"E051": 1, "E104": 1, "E111": 1, "E113": 1, "E114": 1, "R104": 1, "W101": 1}
    assert summary == CheckSummary(read=6, accepted=2, rejected=4, repaired=1, refused=None, by_code=by_code)
    assert pq.read_table(tmp_path / "accepted.parquet").to_pylist() == [
        {"no": "N1", "day": "2019-05-01", "kind": None, "count": None, "_row": 1, "_line": 2},
        {"no": "N2", "day": "2019-05-02", "kind": "Z", "count": None, "_row": 2, "_line": 3},
    ]
    rejected = pq.read_table(tmp_path / "rejected.parquet").to_pylist()
    assert [each["_row"] for each in rejected] == [3, 4, 5, 6]
    assert [own_row(each["cells"]) for each in rejected] == [
        {},
        {"NO": "１" * 9, "DAY": "2019-05"},
        {"NO": "\ud800", "DAY": "2019-05-01"},
        {"NO": "N6", "DAY": "2019-05-01", "COUNT": {"a": 1}},
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "accepted.parquet",
        "findings.parquet",
        "rejected.parquet",
    ]


def test_a_rejected_field_has_one_reason_and_no_word_of_repair(tmp_path: Path) -> None:
    outcome(ROWS, tmp_path)
    assert flat(tmp_path) == [
        [2, "day", "R104", "repaired"],
        [2, "kind", "W101", "warn"],
        [3, None, "E051", "reject"],
        [4, "day", "E111", "reject"],
        [4, "no", "E104", "reject"],
        [5, "no", "E113", "reject"],
        [6, "count", "E114", "reject"],
    ]


@pytest.mark.parametrize("place", [0, 3, len(ROWS)])
def test_a_finding_about_the_file_refuses_all_of_it_wherever_it_comes(place: int, tmp_path: Path) -> None:
    summary = outcome([*ROWS[:place], REFUSAL, *ROWS[place:]], tmp_path)
    assert summary == CheckSummary(refused=REFUSAL, by_code={"E001": 1})
    assert [len(pq.read_table(tmp_path / f"{name}.parquet")) for name in ("accepted", "rejected")] == [0, 0]
    assert flat(tmp_path) == [[None, None, "E001", "reject"]]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_warning_about_the_file_refuses_nothing(tmp_path: Path) -> None:
    summary = outcome([replace(REFUSAL, severity=Severity.WARN), row(1)], tmp_path)
    assert (summary.read, summary.accepted, summary.refused) == (1, 1, None)


def test_an_empty_file_has_an_outcome_too(tmp_path: Path) -> None:
    assert outcome([], tmp_path) == CheckSummary()
    assert pq.read_schema(tmp_path / "accepted.parquet").names == ["no", "day", "kind", "count", "_row", "_line"]


def test_files_appear_only_when_everything_is_written(tmp_path: Path) -> None:
    def breaking() -> Iterator[Row]:
        yield from map(row, range(1, 25_000))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        outcome(breaking(), tmp_path)
    assert not list(tmp_path.glob("*.parquet"))
    assert outcome([row(1)], tmp_path).accepted == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_rows_are_taken_one_by_one_and_written_in_groups(tmp_path: Path) -> None:
    summary = outcome(map(row, range(1, 25_001)), tmp_path)
    groups = pq.ParquetFile(tmp_path / "accepted.parquet")
    assert summary.accepted == 25_000
    assert [groups.metadata.row_group(each).num_rows for each in range(3)] == [10_000, 10_000, 5_000]


@pytest.mark.parametrize(
    ("cells", "text_cells", "codes"),
    [
        ({"no": "N1", "day": "2019-05-01", "count": "5", "kind": ""}, True, []),
        ({"no": "N1", "day": "2019-05-01", "count": "５"}, True, ["E102"]),
        ({"no": "N1", "day": "2019/5/1"}, True, ["E128"]),
        ({"no": "Ｎ1　", "day": "2019-05-01"}, True, []),
        ({"no": "N1", "day": "2019-05-01", "more": "x"}, True, ["E109"]),
        ({"no": "", "day": "2019-05-01"}, True, ["E101"]),
        ({"no": "N1", "day": "2019-05-01", "count": "5"}, False, ["E102"]),
        ({"no": "", "day": "2019-05-01", "count": 5.0}, False, []),
        ({"no": "N1", "day": None}, False, ["E102"]),
    ],
)
def test_raw_mode_repairs_nothing(cells: dict[str, Cell], text_cells: bool, codes: list[str]) -> None:
    (checked,) = check_rows([Row(1, 2, cells)], AsItIs(SCHEMA, text_cells=text_cells), VERDICTS)
    assert not isinstance(checked, Finding)
    assert [finding.code for finding in checked.findings] == codes
    assert isinstance(checked, Rejected) is bool(codes)


def test_a_file_of_one_long_value_is_kept_whole(tmp_path: Path) -> None:
    outcome([row(1, NO="长" * 100_000)], tmp_path)
    (rejected,) = pq.read_table(tmp_path / "rejected.parquet").to_pylist()
    assert json.loads(rejected["cells"])["NO"] == "长" * 100_000
