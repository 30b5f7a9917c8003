"""`hub check`: the forms that are relied on, and the verdicts held against the jsonschema library itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook
from support.rows import basic
from support.site import COUNTY, as_csv, make_site

from exchange.cli.app import run_hub

GOOD = [basic("P1"), basic("P2")]
MIXED = [
    basic("P1"),
    basic("P2", apply_date="昨天"),
    basic("P1", 1),
    basic("P3", applyer_page_code="123"),
    basic("P4", task_name=" Ａ项 "),
]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    monkeypatch.delenv("HUB_HOME", raising=False)


def dropped(tmp_path: Path, rows: list[dict[str, str]], name: str = "f.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(as_csv("case_basic", rows))
    return path


def checked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]], dict[str, int]]:
    """Exit code, findings and summary of a check in JSON."""
    code = run_hub(["check", *map(str, arguments), "--format", "json"])
    *findings, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(summary) == ["summary"]
    return code, findings, summary["summary"]


def test_a_file_without_a_rejected_row_ends_in_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, findings, summary = checked(capsys, dropped(tmp_path, GOOD), "--dataset", "case_basic")
    assert code == 0
    assert findings == []
    assert summary == {"read": 2, "accepted": 2, "rejected": 0, "duplicate": 0, "repaired": 0}


def test_a_file_with_a_rejected_row_ends_in_1_and_each_finding_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, findings, summary = checked(capsys, dropped(tmp_path, MIXED), "--dataset", "case_basic")
    assert code == 1
    assert summary == {"read": 5, "accepted": 2, "rejected": 2, "duplicate": 1, "repaired": 1}
    for each in findings:
        assert {"row", "line", "field", "code", "severity", "message", "message_zh"} <= set(each)
        assert each["line"] == each["row"] + 1
        assert each["severity"] in {"reject", "warn", "repaired"}
    assert [(each["row"], each["field"]) for each in findings if each["severity"] == "reject"] == [
        (2, "apply_date"),
        (4, "applyer_page_code"),
    ]
    assert {each["row"] for each in findings if each["severity"] == "repaired"} == {5}


@pytest.mark.parametrize("content", [b"", b"\0\0", b"a,b\r\n1,2\r\n"])
def test_a_file_that_cannot_be_read_ends_in_2(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    code = run_hub(["check", str(path), "--dataset", "case_basic"])
    out = capsys.readouterr()
    if content.startswith(b"a,b"):  # readable, but none of its rows is a case
        assert code == 1
    else:
        assert code == 2
        assert "文件" in out.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.csv", "--dataset", "case_basic"],
        ["f.csv", "--dataset", "nothing"],
        ["f.csv"],
        ["f.dat", "--dataset", "case_basic"],
        ["f.csv", "--schema", "nowhere.json"],
        ["f.csv", "--schema", "broken.json"],
        ["f.csv", "--schema", "list.json"],
        ["f.csv", "--schema", "invalid.json"],
        ["f.csv", "--dataset", "case_basic", "--format", "xml"],
        ["f.csv", "--dataset", "case_basic", "--source", "cs-a", "--home", "nowhere"],
        ["--dataset", "case_basic"],
    ],
)
def test_what_cannot_be_done_ends_in_2_with_a_word_on_why(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("f.csv", "f.dat"):
        dropped(tmp_path, GOOD, name)
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "invalid.json").write_text('{"type": "nothing"}')
    assert run_hub(["check", *arguments]) == 2
    told = capsys.readouterr()
    assert "错误" in told.err
    assert told.out == ""


def test_the_slip_is_a_workbook_with_the_rejected_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slip = tmp_path / "slip.xlsx"
    code, _, _ = checked(capsys, dropped(tmp_path, MIXED), "--dataset", "case_basic", "--slip", slip)
    assert code == 1
    cells = {str(cell) for sheet in load_workbook(slip) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"昨天", "123", "P2", "P3"} <= cells
    assert "P4" not in cells


def test_text_speaks_the_users_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dropped(tmp_path, MIXED)
    assert run_hub(["check", str(path), "--dataset", "case_basic"]) == 1
    assert "读取 5 行：接收 2，退回 2，重复 1" in capsys.readouterr().out
    monkeypatch.setenv("HUB_LANG", "en")
    assert run_hub(["check", str(path), "--dataset", "case_basic"]) == 1
    assert "5 rows read: 2 accepted, 2 rejected, 1 duplicate" in capsys.readouterr().out
    monkeypatch.setenv("HUB_LANG", "fr")
    assert run_hub(["check", str(path), "--dataset", "case_basic"]) == 2


def test_columns_may_bear_the_chinese_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dropped(tmp_path, GOOD)
    content = path.read_text().replace("project_no", "办件编号", 1).replace("apply_date", "申请时间", 1)
    path.write_text(content)
    code, findings, summary = checked(capsys, path, "--dataset", "case_basic")
    assert (code, findings, summary["accepted"]) == (0, [], 2)


def test_a_sources_contract_says_how_its_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site(tmp_path / "site", (COUNTY,), {"cs-a": COUNTY})
    path = dropped(tmp_path, MIXED, "jbxx_1.dat")
    arguments = (path, "--dataset", "case_basic", "--source", "cs-a", "--home", site.root)
    code, _, summary = checked(capsys, *arguments)
    assert (code, summary["rejected"]) == (1, 2)
    assert list(site.root.rglob("batches")) == []


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z][0-9]+$", "maxLength": 4},
        "n": {"type": "integer", "minimum": 0, "maximum": 10},
        "x": {"type": "number", "exclusiveMinimum": 0},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "flag": {"type": "boolean"},
        "kind": {"enum": ["a", "b"]},
    },
    "required": ["id", "n"],
    "additionalProperties": False,
    "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
    "then": {"required": ["x"]},
}
RECORDS: list[dict[str, Any]] = [
    {"id": "A1", "n": 3},
    {"id": "A1", "n": -1},
    {"id": "a1", "n": 1},
    {"id": "A12345", "n": 1},
    {"n": 1},
    {"id": "A1"},
    {"id": "A1", "n": 1, "x": 0},
    {"id": "A1", "n": 1, "x": 0.5, "kind": "b"},
    {"id": "A1", "n": 1, "kind": "b"},
    {"id": "A1", "n": 1, "kind": "c"},
    {"id": "A1", "n": 1, "day": "2026-02-29"},
    {"id": "A1", "n": 1, "day": "2024-02-29"},
    {"id": "A1", "n": 1, "moment": "2026-01-05T10:00:00+08:00"},
    {"id": "A1", "n": 1, "moment": "2026-01-05 10:00"},
    {"id": "A1", "n": 1, "flag": True},
    {"id": "A1", "n": 11},
]
ODD: list[Any] = [
    {"id": "A1", "n": 1.0},
    {"id": "A1", "n": 1.5},
    {"id": "A1", "n": "1"},
    {"id": 1, "n": 1},
    {"id": None, "n": 1},
    {"id": "A1", "n": 1, "more": 1},
    {"id": "A1", "n": True},
    {"id": "A1", "n": 1, "flag": "true"},
    {"id": "A1\n", "n": 1},
    {"id": "Ａ１", "n": 1},
    {"id": " A1", "n": 1},
]


def rejected_by_the_library(records: list[Any]) -> list[int]:
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    return [at for at, record in enumerate(records, 1) if not validator.is_valid(record)]


def rejected(findings: list[dict[str, Any]]) -> list[int]:
    return sorted({each["row"] for each in findings if each["severity"] == "reject"})


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA))
    return path


def test_json_lines_get_the_verdict_of_the_library(
    tmp_path: Path, schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [*RECORDS, *ODD]
    path = tmp_path / "f.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    code, findings, summary = checked(capsys, path, "--schema", schema)
    expected = rejected_by_the_library(records)
    assert rejected(findings) == expected
    assert code == 1
    accepted = len(records) - len(expected)
    assert list(summary.values()) == [len(records), accepted, len(expected), 0, 0]


def test_csv_gets_the_verdict_of_the_library_on_what_its_cells_say(
    tmp_path: Path, schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cells are text; where the schema asks for a number or a boolean they are read as JSON would be."""
    columns = list(SCHEMA["properties"])  # type: ignore[call-overload]
    lines = [",".join(columns)]
    for record in RECORDS:
        values = (record.get(column, "") for column in columns)
        lines.append(",".join(value if isinstance(value, str) else json.dumps(value) for value in values))
    path = tmp_path / "f.csv"
    path.write_text("\n".join(lines) + "\n")
    code, findings, summary = checked(capsys, path, "--schema", schema)
    assert rejected(findings) == rejected_by_the_library(RECORDS)
    assert (code, summary["repaired"], summary["read"]) == (1, 0, len(RECORDS))


def test_with_a_schema_nothing_is_repaired(tmp_path: Path, schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,n\nＡ１,1\n A1,1\nA1,１\n")
    code, findings, summary = checked(capsys, path, "--schema", schema)
    assert rejected(findings) == [1, 2, 3]
    assert (code, summary["repaired"]) == (1, 0)


def test_the_program_itself_needs_no_site(tmp_path: Path) -> None:
    path = dropped(tmp_path, MIXED)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "exchange.cli", "check", str(path), "--dataset", "case_basic", "--format", "json"],
        cwd=tmp_path, env={**environ, "HUB_LANG": "en"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["summary"]["rejected"] == 2
    assert done.stderr == ""
    assert [each.name for each in tmp_path.iterdir()] == ["f.csv"]


def test_the_children_of_an_xml_root_are_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema, data = tmp_path / "s.json", tmp_path / "d.xml"
    schema.write_text(json.dumps({"properties": {"n": {"type": "integer"}}, "required": ["@id"]}), encoding="utf-8")
    data.write_text('<d>\n<r id="1"><n>1</n></r>\n<r><n>2</n></r>\n<r id="3"><n>x</n></r></d>', encoding="utf-8")
    code, findings, _ = checked(capsys, data, "--schema", schema)
    assert code == 1
    assert [[each["row"], each["line"], each["field"], each["code"]] for each in findings] == [
        [2, 3, "@id", "E101"],
        [3, 4, "n", "E102"],
    ]
