"""`hub licences resolve` as a person and a program meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyarrow import parquet

from exchange.cli.app import run_hub

ROWS = """\
row_guid,certificate_type_code,certificate_number,issue_dept_code,issue_date,certificate_holder
1,证,苏〔2026〕1号,113205000141492526,2026-01-05,甲
2,证,苏(2026)1,113205000141492526,2026-01-05,甲
3,证,苏(2026)1,11320500MB1234562F,2026-01-05,甲
"""
ISSUERS = "code,name,successor,since,basis\n113205000141492526,,11320500MB1234562F,2019-01-01,方案\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_LANG", "zh")
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "no-site"))
    (tmp_path / "in.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "in.csv"


def resolve(file: Path, *options: str) -> int:
    return run_hub(["licences", "resolve", str(file), "--out", str(file.with_name("out.parquet")), *options])


def test_a_file_is_resolved_without_a_site(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert resolve(file) == 0
    told = capsys.readouterr()
    assert told.out == "读取 3 行，归并为 2 个证照。\n"
    assert "out.parquet" in told.err
    ids = {
        each["row_guid"]: each["licence_id"] for each in parquet.read_table(file.with_name("out.parquet")).to_pylist()
    }
    assert ids["1"] == ids["2"] != ids["3"]


def test_a_table_of_issuing_bodies_is_taken_in_place_of_the_catalogue_s(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issuers = file.with_name("issuers.csv")
    issuers.write_text(ISSUERS, encoding="utf-8")
    assert resolve(file, "--issuers", str(issuers), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 3, "licences": 1, "open_rows": 0, "questions": 0}
    issuers.write_text(ISSUERS.replace("2F", "2G"), encoding="utf-8")
    assert resolve(file, "--issuers", str(issuers)) == 2
    assert "issuers.csv:2" in capsys.readouterr().err


def test_a_table_of_old_codes_is_taken_too(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ROWS.splitlines()
    holders = ("certificate_holder_code", "320507000045918", "9132070070404786XB", "70404786X")
    file.write_text(
        "\n".join(f"{line},{holder}" for line, holder in zip(lines, holders, strict=True)), encoding="utf-8"
    )
    codes = file.with_name("registrations.csv")
    codes.write_text("code,uscc\n320507000045918,9132070070404786XB\n", encoding="utf-8")
    assert resolve(file, "--registrations", str(codes), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["licences"] == 2


@pytest.mark.parametrize(("language", "word"), [("zh", "缺少 row_guid 列"), ("en", "lacks the column row_guid")])
def test_what_cannot_be_resolved_is_told_in_the_user_s_language(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    monkeypatch.setenv("HUB_LANG", language)
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert resolve(file) == 2
    assert word in capsys.readouterr().err
    assert run_hub(["licences", "resolve", str(file)]) == 2


def test_open_questions_are_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["row_guid,certificate_type_code,certificate_number,issue_dept,issue_date,certificate_holder"]
    rows += [f"{guid},证,苏1,{body},2026-01-05,甲" for guid, body in (("1", "甲局"), ("2", "乙局"))]
    file.write_text("\n".join(rows), encoding="utf-8")
    assert resolve(file) == 0
    assert "有 1 个问题要由人判断，涉及 2 行" in capsys.readouterr().out
