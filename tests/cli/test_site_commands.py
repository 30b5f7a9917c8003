"""The commands over a site: what they print for people and for machines, and how they end."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from support.rows import basic, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

from catalog.loader import JIANGSU
from exchange.cli.app import run_hub


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("cli") / "site")
    site.drop("cs-a", "case_basic", [basic("P1"), basic("P2", apply_date="?")])
    site.drop("cs-a", "licence", [licence("苏1号")])
    site.drop_bytes("sz-b", "jbxx_bad.csv", b"")
    assert site.round() == []
    return site


def hub(site: TinySite, *arguments: str) -> int:
    return run_hub([*arguments, "--home", str(site.root)])


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_run_tells_every_node_and_ends_in_0_when_all_is_balanced(
    site: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.drop("cs-a", "case_basic", [basic("P1"), basic("P2", apply_date="?")])
    assert hub(site, "run") == 0
    out = capsys.readouterr().out
    for word in ("常熟市", "苏州市", "读取", "接收", "退回", "一致", "快照"):
        assert word in out
    assert hub(site, "run", "--format", "json") == 0
    county, city = lines(capsys)
    assert (county["node"], city["node"]) == (COUNTY, CITY)
    assert county["sound"] is city["sound"] is True


def test_run_can_be_kept_to_some_nodes(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.drop("cs-a", "case_basic", [basic("P1")])
    assert hub(site, "run", "--node", COUNTY, "--format", "json") == 0
    assert [each["node"] for each in lines(capsys)] == [COUNTY]
    assert hub(site, "run", "--node", "999999999999") == 2
    assert "999999999999" in capsys.readouterr().err


def test_run_ends_in_1_when_a_source_cannot_be_reached_and_says_which(
    site: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.folder("cs-a").rmdir()
    assert hub(site, "run") == 1
    told = capsys.readouterr().err
    assert "cs-a" in told
    assert "投放目录" in told


def test_a_folder_that_is_no_site_is_told(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    for command in (
        ["run"],
        ["status"],
        ["balance"],
        ["ledger", "verify"],
        ["query", "SELECT 1"],
        ["rebuild", "--node", CITY],
        ["recheck"],
    ):
        assert run_hub([*command, "--home", str(empty)]) == 2, command
        assert "错误" in capsys.readouterr().err
    assert list(empty.iterdir()) == []


def test_the_home_comes_from_the_environment(
    ran: TinySite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_HOME", str(ran.root))
    assert run_hub(["status", "--format", "json"]) == 0
    county, city = lines(capsys)
    assert (county["batches"], county["refused"], city["refused"], city["balanced"]) == (2, 0, 1, True)


def test_status_for_people(ran: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub(ran, "status") == 0
    out = capsys.readouterr().out
    assert "节点状况" in out
    assert "一致" in out


def test_status_lists_the_rejected_rows_that_are_open(ran: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub(ran, "status") == 0
    out = capsys.readouterr().out
    assert "待整改的行" in out
    assert "来源cs-a cs-a" in out
    assert hub(ran, "status", "--format", "json") == 0
    county, city = lines(capsys)
    (still_open,) = county["open"]  # type: ignore[misc]
    assert (still_open["source"], still_open["rows"], still_open["batches"], still_open["days"]) == ("cs-a", 1, 1, 0)
    assert city["open"] == []


def test_recheck_tells_what_was_let_in_and_takes_part_of_a_site(
    ran: TinySite, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ran.copy(tmp_path_factory.mktemp("r") / "site")
    assert hub(site, "recheck", "--format", "json") == 0
    county, city = lines(capsys)
    assert (county["source"], county["open_rows"], county["let_in"]) == ("cs-a", 1, 0)
    assert (city["source"], city["refused"], city["by"]) == ("sz-b", True, "")
    contract = site.root / "config" / "sources" / "cs-a.yaml"
    contract.write_text(contract.read_text().replace("apply_date: apply_date", "apply_date: accept_date", 1))
    assert hub(site, "recheck", "--node", COUNTY, "--source", "cs-a", "--batch", str(county["batch"])[:6]) == 0
    out = capsys.readouterr().out
    for word in ("重新检查", "jbxx_1.csv", str(county["batch"])[:8]):
        assert word in out
    assert hub(site, "recheck", "--node", COUNTY) == 0
    assert "没有待整改的行" in capsys.readouterr().out
    assert hub(site, "status", "--format", "json") == 0
    assert lines(capsys)[0]["open"] == []


@pytest.mark.parametrize("option", [["--batch", "ffffffff"], ["--source", "nobody"], ["--node", "999999999999"]])
def test_recheck_of_what_is_not_there_says_so(
    ran: TinySite, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(ran, "recheck", *option) == 2
    assert option[1] in capsys.readouterr().err


def test_balance_ends_in_0_only_when_equal_and_lists_what_differs(
    ran: TinySite, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(ran, "balance") == 0
    assert "一致" in capsys.readouterr().out
    site = ran.copy(tmp_path_factory.mktemp("b") / "site")
    with closing(duckdb.connect(str(site.settings.home.node(CITY).store))) as store:
        store.execute("UPDATE held.case_basic SET task_name = 'x'")
    assert hub(site, "balance") == 1
    out = capsys.readouterr().out
    for word in ("不一致", "case_basic", "cs-a", "jbxx_1.csv"):
        assert word in out
    assert hub(site, "balance", "--format", "json") == 1
    (told,) = lines(capsys)
    assert told["equal"] is False
    (difference,) = told["differences"]  # type: ignore[misc]
    assert (difference["source"], difference["file"], difference["row"]) == ("cs-a", "jbxx_1.csv", 1)


def test_ledger_verify_finds_an_edit(
    ran: TinySite, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(ran, "ledger", "verify") == 0
    assert "完好" in capsys.readouterr().out
    site = ran.copy(tmp_path_factory.mktemp("l") / "site")
    with closing(sqlite3.connect(site.settings.home.ledger)) as ledger:
        ledger.execute(
            "UPDATE entries SET body = replace(body, '\"accepted\":1', '\"accepted\":2') WHERE kind = 'batch.merged'"
        )
        ledger.commit()
    assert hub(site, "ledger", "verify") == 1
    assert "被改动" in capsys.readouterr().out
    assert hub(site, "ledger", "verify", "--format", "json") == 1
    broken = {each["node"]: each["broken"] for each in lines(capsys)}
    assert broken[COUNTY]
    assert broken[CITY] == []


def test_rebuild_says_what_it_replayed(ran: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    before = ran.totals()
    assert hub(ran, "rebuild", "--node", CITY) == 0
    assert "数据包 1 个" in capsys.readouterr().out
    assert ran.totals() == before
    assert run_hub(["rebuild", "--home", str(ran.root)]) == 2


def test_query_goes_to_the_topmost_node_unless_told(ran: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    sql = 'SELECT "节点" AS node FROM "快照信息"'
    assert hub(ran, "query", sql, "--format", "json") == 0
    assert lines(capsys) == [{"node": CITY}]
    assert hub(ran, "query", sql, "--format", "json", "--node", COUNTY) == 0
    assert lines(capsys) == [{"node": COUNTY}]


def test_query_writes_tables_csv_and_json(ran: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT project_no, origin, contact_name FROM case_basic UNION ALL SELECT 'a,\"b', NULL, NULL ORDER BY 1"
    assert hub(ran, "query", sql, "--format", "csv") == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["project_no", "origin", "contact_name"], ["P1", COUNTY, ""], ['a,"b', "", ""]]
    assert hub(ran, "query", sql, "--format", "json") == 0
    assert lines(capsys)[0] == {"project_no": "P1", "origin": COUNTY, "contact_name": None}
    assert hub(ran, "query", 'SELECT "办件编号" FROM "办件基本信息"') == 0
    out = capsys.readouterr().out
    assert "办件编号" in out
    assert "P1" in out


@pytest.mark.parametrize(
    "sql", ["DELETE FROM case_basic", "SELECT * FROM read_text('/etc/hostname')", "COPY case_basic TO 'x.csv'", "SELEC"]
)
def test_query_is_read_only_and_keeps_to_the_snapshot(
    ran: TinySite, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(ran, "query", sql) == 2
    assert "查询无法执行" in capsys.readouterr().err
    assert hub(ran, "query", "SELECT count(*) AS n FROM case_basic", "--format", "json") == 0
    assert lines(capsys) == [{"n": "1"}]


def test_query_before_the_first_snapshot_says_what_to_do(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub(site, "query", "SELECT 1") == 2
    assert "hub run" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["balance"], ["status"], ["ledger", "verify"]])
def test_a_site_before_its_first_round_is_spoken_of_without_a_trace(
    site: TinySite, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(site, *command) in {0, 1}
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "节点状况"), ("en_US.UTF-8", "Nodes")])
def test_the_program_follows_the_locale(ran: TinySite, locale: str, word: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-m", "exchange.cli", "status", "--home", str(ran.root)],
        env={**environ, "LANG": locale, "PYTHONUTF8": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert word in done.stdout


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("items") / "site")
    names = {"P1": "旅馆业特种行业许可", "P2": "旅馆特种行业许可"}
    rows = [basic(project, catalog_code="000109003000", task_code=HOTEL, task_name=names[project]) for project in names]
    site.drop("cs-a", "case_basic", rows)
    assert site.round() == []
    return site


HOTEL = "113205000141492526" + "3" + "000109003000"


def test_items_drift_tells_who_deviates_and_how(drifting: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub(drifting, "items", "drift") == 0
    out = capsys.readouterr().out
    for word in ("三级四同偏差", f"常熟市 {COUNTY}", "事项名称", "旅馆特种行业许可"):
        assert word in out
    assert hub(drifting, "items", "drift", "--node", COUNTY, "--format", "json") == 0
    (found,) = lines(capsys)
    assert (found["item"], found["field"], found["records"]) == ("000109003000", "task_name", 1)


def test_items_impact_tells_what_a_catalogue_to_come_would_change(
    drifting: TinySite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coming = tmp_path / "items.csv"
    now = (JIANGSU / "items.csv").read_text(encoding="utf-8")
    coming.write_text(now.replace(",旅馆业特种行业许可,", ",旅馆业许可,"), encoding="utf-8")
    assert hub(drifting, "items", "impact", str(coming), "--days", "30", "--format", "json") == 0
    (found,) = lines(capsys)
    assert (found["found"], found["wanted"], found["records"]) == ("旅馆业特种行业许可", "旅馆业许可", 1)
    coming.write_text("nonsense\n", encoding="utf-8")
    assert hub(drifting, "items", "impact", str(coming)) == 2
    assert "items.csv:1" in capsys.readouterr().err


def test_a_snapshot_lists_what_deviates_and_what_does_not_fit_together(
    site: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = basic("P1", catalog_code="320105028002", task_code="1132050001414925263320105028002")
    site.drop("cs-a", "case_basic", [unknown])
    site.drop("cs-a", "case_process", [process("P1", 1, event_start_time="2026-01-01T08:00:00+08:00")])
    assert site.round() == []
    assert hub(site, "query", "SELECT * FROM 关联问题", "--format", "json") == 0
    (found,) = lines(capsys)
    assert (found["办件编号"], found["问题代码"], found["来源行"]) == ("P1", "W221", "1")
    assert hub(site, "query", "SELECT 事项, 问题代码, 记录数 FROM 三级四同偏差", "--format", "json") == 0
    assert lines(capsys) == [{"事项": "320105028002", "问题代码": "W301", "记录数": "1"}]
