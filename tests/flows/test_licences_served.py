"""What is open about licences, where people look: the snapshot, `hub status`, the receipt of a batch."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from support.doubt import first, third
from support.rows import licence
from support.site import COUNTY, TinySite, make_site

from exchange.cli.app import run_hub
from exchange.flows.decide import decide_question
from exchange.flows.publish import publish
from exchange.model.served import ABOUT
from exchange.store.snapshot import current_snapshot

SUSPENDED = {"change_type": "03", "status": "02", "change_time": "2026-02-01T09:00:00+08:00"}
ITSELF = {"certificate_source_id": "SELF.1", "previous_source_id": "SELF.1"}


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """One question, a licence that names itself, and one that was suspended."""
    site = make_site(
        tmp_path_factory.mktemp("open") / "site", nodes=(COUNTY,), sources={"cs-a": COUNTY, "cs-b": COUNTY}
    )
    site.drop("cs-a", "licence", [first(), licence("自1", **ITSELF), licence("停1", certificate_source_id="A.1")])
    site.drop("cs-b", "licence", [third(), licence("停1", 9, certificate_source_id="A.1", **SUSPENDED)], "b")
    assert site.round() == []
    return site


def ask(site: TinySite, sql: str) -> list[tuple[object, ...]]:
    path = current_snapshot(site.settings.home.node(COUNTY))
    assert path is not None
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        return connection.execute(sql).fetchall()


def test_a_question_is_a_row_that_leads_to_both_licences(open_site: TinySite) -> None:
    joined = (
        'SELECT a.issue_date::VARCHAR, b.issue_date::VARCHAR, round("把握", 3), "依据" FROM "证照待判" q '
        'JOIN licence a ON a.licence_id = q."主记录编号甲" JOIN licence b ON b.licence_id = q."主记录编号乙"'
    )
    ((one, other, score, rule),) = ask(open_site, joined)
    assert {one, other} == {"2026-01-05", "2026-01-20"}
    assert (score, rule) == (0.941, "number-holder")
    with open_site.work(COUNTY) as work, work.open_store(COUNTY, read_only=True) as store:
        (question,) = store.licences.questions()
    assert ask(open_site, "SELECT question FROM licence_question") == [(question.question,)]


def test_a_finding_is_a_row_that_leads_to_the_departments_row(open_site: TinySite) -> None:
    sql = 'SELECT "来源系统", "来源文件", "来源行", "字段", "问题代码", "问题" FROM "证照问题"'
    ((source, file, row, field, code, message),) = ask(open_site, f"""{sql} WHERE "问题代码" = 'W404'""")
    assert (source, file, row, field, code) == ("cs-a", "zzxx_1.csv", 2, "previous_source_id", "W404")
    assert "原电子证照标识" in str(message)


def test_every_event_of_a_life_is_a_row_with_codes_that_have_a_meaning(open_site: TinySite) -> None:
    sql = (
        "SELECT happened_at::VARCHAR, m.meaning_zh, s.meaning_zh, e.source FROM licence_event e "
        "JOIN licence USING (licence_id) "
        "LEFT JOIN code m ON m.code_table = 'licence-operation' AND m.code = e.operation "
        "LEFT JOIN code s ON s.code_table = 'licence-state' AND s.code = e.state "
        "WHERE certificate_name = '营业执照' AND status = '02' ORDER BY happened_at"
    )
    assert ask(open_site, sql) == [
        ("2026-01-05 00:00:00", None, None, "cs-a"),
        ("2026-02-01 09:00:00", "暂扣", "暂扣", "cs-b"),
    ]
    assert ask(open_site, 'SELECT count(*) FROM "证照历程"') == [(5,)]


@pytest.mark.parametrize("table", ["licence_question", "licence_finding", "licence_event"])
def test_each_table_has_a_chinese_view_and_a_comment_on_every_column(open_site: TinySite, table: str) -> None:
    columns = ask(open_site, f"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '{table}'")
    shown = ask(open_site, f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{ABOUT[table]}'")
    assert [comment for _, comment in columns] == [name for (name,) in shown]
    assert all(comment for _, comment in columns)
    assert ask(open_site, f"SELECT comment FROM duckdb_tables() WHERE table_name = '{table}'") == [(ABOUT[table],)]


def test_no_person_stands_in_these_tables(open_site: TinySite) -> None:
    for table in ("licence_question", "licence_finding", "licence_event"):
        text = str(ask(open_site, f"SELECT * FROM {table}"))
        assert "测试企业" not in text
        assert "AB12" not in text


def test_what_is_answered_is_gone_from_the_next_snapshot(open_site: TinySite, tmp_path: Path) -> None:
    site = open_site.copy(tmp_path / "copy")
    (question,) = ask(site, "SELECT question FROM licence_question")
    with site.work(COUNTY) as work:
        decide_question(work, str(question[0]), same=True, by="王")
        publish(work)
    assert ask(site, "SELECT count(*) FROM licence_question") == [(0,)]
    joined = "SELECT claims, count(e.happened_at) FROM licence JOIN licence_event e USING (licence_id)"
    assert ask(site, f"{joined} WHERE claims = 2 AND status IS NULL GROUP BY ALL") == [(2, 2)]


def test_status_counts_what_is_open(
    open_site: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    assert run_hub(["status", "--home", str(open_site.root), "--format", "json"]) == 0
    (node,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert node["licences"] == {"questions": 1, "findings": {"W404": 1, "W409": 2}}
    assert run_hub(["status", "--home", str(open_site.root)]) == 0
    shown = capsys.readouterr().out
    assert "待判断" in shown
    assert "W404 1" in shown


def test_a_site_without_anything_open_says_nothing_of_it(
    site: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    site.drop("cs-a", "licence", [licence("苏1号")])
    assert site.exchange() == []
    assert site.entries(COUNTY, "licences.standing") == []
    assert run_hub(["status", "--home", str(site.root), "--format", "json"]) == 0
    assert {json.loads(line)["licences"] for line in capsys.readouterr().out.splitlines()} == {None}
    assert run_hub(["status", "--home", str(site.root)]) == 0
    assert "待判断" not in capsys.readouterr().out


def test_a_receipt_counts_what_was_wrong_with_the_licences_of_its_day(open_site: TinySite) -> None:
    (receipt,) = open_site.receipts("cs-a").glob("*.receipt.json")
    found = {each["code"]: (each["count"], each["severity"]) for each in json.loads(receipt.read_bytes())["findings"]}
    assert found["W404"] == (1, "warn")
    (other,) = open_site.receipts("cs-b").glob("*.receipt.json")
    assert "W404" not in {each["code"] for each in json.loads(other.read_bytes())["findings"]}
