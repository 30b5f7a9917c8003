"""Cross-checks over a site: as of its day and by its settings, kept in the ledger when they change, shown to people."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.rows import COMPANY, basic, licence, result
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.cli.app import run_hub
from exchange.flows.check import check
from exchange.flows.collect import collect
from exchange.flows.cross_check import COUNTED, cross_check
from exchange.flows.merge import merge
from exchange.flows.publish import publish
from exchange.flows.status import node_status
from exchange.model.crosscheck import CrossCount
from exchange.store.query import query_snapshot

GRANTED = {"result_type": "0", "result_cetr_no": "苏1号", "result_cetr_valid_to": "9999-12-31"}
MISSING = CrossCount(COUNTY, "cs-a", "W411", 1)


def checked(site: TinySite, node: str = COUNTY) -> list[CrossCount]:
    with site.work(node) as work:
        return cross_check(work)


def noted(site: TinySite, node: str = COUNTY) -> list[list[str]]:
    """The codes that each entry of the ledger tells of."""
    return [[each["code"] for each in entry["counts"]] for entry in site.entries(node, COUNTED)]


@pytest.fixture
def waiting(tmp_path: Path) -> TinySite:
    """A case of 2026-01-05 led to a licence, which has not come; three days are allowed. Today is the 8th."""
    site = make_site(tmp_path / "site", licence_within_days=3, holder_registrations=["营业执照"])
    site.clock.moment -= timedelta(12)
    site.drop("cs-a", "case_basic", [basic("P1")])
    site.drop("cs-a", "case_result", [result("P1", **GRANTED)])
    with site.hub() as hub:
        assert len(hub.site.nodes) == 2
    for node in (COUNTY, CITY):
        merged(site, node)
    return site


def merged(site: TinySite, node: str) -> None:
    with site.work(node) as work:
        for contract in work.node.sources:
            collect(work, contract)
        check(work)
        merge(work)


def test_the_day_and_the_site_s_settings_decide(waiting: TinySite) -> None:
    assert checked(waiting) == []
    waiting.clock.moment += timedelta(1)
    assert checked(waiting) == [MISSING]


def test_the_ledger_has_an_entry_only_when_the_counts_change(waiting: TinySite) -> None:
    assert checked(waiting) == []
    assert noted(waiting) == []
    for _ in range(3):
        waiting.clock.moment += timedelta(1)
        checked(waiting)
    assert noted(waiting) == [["W411"]]
    waiting.drop("cs-a", "licence", [licence("苏1")])
    merged(waiting, COUNTY)
    assert checked(waiting) == checked(waiting) == []
    assert noted(waiting) == [["W411"], []]


def test_status_and_snapshot_tell_of_them(
    waiting: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.clock.moment += timedelta(5)
    checked(waiting)
    with waiting.work(COUNTY) as work:
        assert node_status(work).cross_findings == (MISSING,)
        snapshot = publish(work)
    answer = query_snapshot(snapshot, "SELECT 来源系统, 办件编号, 问题代码, 截至日期, 问题 FROM 互查问题")
    ((source, case, code, day, message),) = answer.rows
    assert (source, case, code, day) == ("cs-a", "P1", "W411", "2026-01-13")
    assert "规定 3 个工作日内报送" in str(message)
    monkeypatch.setenv("HUB_LANG", "zh")
    assert run_hub(["status", "--home", str(waiting.root)]) == 0
    assert "有结果、无证照" in capsys.readouterr().out
    assert run_hub(["status", "--home", str(waiting.root), "--format", "json"]) == 0
    told = [json.loads(line)["cross_findings"] for line in capsys.readouterr().out.splitlines()]
    assert told == [[{"origin": COUNTY, "source": "cs-a", "code": "W411", "findings": 1}], []]


def test_a_round_makes_them_before_it_publishes(site: TinySite) -> None:
    """The round's own clock is the present one: the licence of early 2026 is long overdue, and the holder is gone."""
    site.drop("cs-a", "case_basic", [basic("P1")])
    site.drop("cs-a", "case_result", [result("P1", **GRANTED)])
    permit = {"certificate_type": "食品经营许可证", "certificate_type_code": "FOOD", "issue_date": "2025-12-01"}
    rows = [licence("照1", certificate_holder_code=COMPANY, status="04"), licence("许1", **permit)]
    site.drop("cs-a", "licence", [{**row, "issue_date": "2025-12-01"} for row in rows])
    assert site.exchange() == []
    assert noted(site, COUNTY) == noted(site, CITY) == [["W411", "W413"]]
    (entry,) = site.entries(CITY, COUNTED)
    assert {(each["origin"], each["source"]) for each in entry["counts"]} == {(COUNTY, "cs-a")}
