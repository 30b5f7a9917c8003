"""A corrected slip that is put back: its rows are checked again, and what they settle is told and closed."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from support.rows import at, basic
from support.site import CITY, COUNTY, DATASETS, TinySite
from support.slips import (
    GOOD,
    KilledError,
    batch_of,
    codes,
    corrected,
    held,
    needs_libreoffice,
    rows_of,
    saved_by_libreoffice,
    send_back,
    slips,
    told,
)

from exchange.flows import check, closing, merge, receipts
from exchange.flows.status import node_status
from exchange.model.batch import Counts
from exchange.packages import NodeKeys, verified
from exchange.store import open_store


def test_corrected_rows_go_in_and_the_first_batch_is_answered_again(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: GOOD, 4: GOOD}))
    assert held(rejected) == {"P1", "P2", "P3", "P4"}
    receipt = told(rejected, "改好了.xlsx.*.receipt.json")
    assert receipt["counts"] == Counts(read=3, accepted=2, rejected=1).as_dict()
    assert receipt["corrects"]["file"] == "jbxx_1.csv"
    closing = told(rejected, "jbxx_1.csv.*.closing-1.json")
    assert closing["state"] == "settling"
    assert closing["settlement"] == {
        "rejected": 3,
        "settled": 2,
        "settled_now": 2,
        "open": 1,
        "by": receipt["batch"],
        "by_file": "改好了.xlsx",
    }
    assert closing["counts"] == Counts(read=5, accepted=2, rejected=3).as_dict()
    assert closing["findings"] == [{"code": "E129", "count": 2, "severity": "reject"}]


def test_the_closing_receipt_is_signed_and_readable(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: GOOD, 4: GOOD}))
    (path,) = rejected.receipts("cs-a").glob("*.closing-1.json")
    key = NodeKeys(rejected.settings.home.secrets / "keys").public(COUNTY)
    assert verified(path.read_bytes(), key) is not None
    assert verified(path.read_bytes().replace(b'"open": 1', b'"open": 0'), key) is None
    text = path.with_suffix(".txt").read_text("utf-8-sig")
    assert "整改回执 Closing receipt" in text
    assert "退回 rejected 3 = 累计整改通过 settled 2 + 尚待整改 open 1" in text


def test_rows_still_wrong_get_a_new_slip_and_the_last_one_closes_the_batch(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: GOOD, 4: GOOD}))
    _, second = slips(rejected)
    assert second.name == told(rejected, "改好了.xlsx.*.receipt.json")["slip"]
    assert second.name.startswith("jbxx_1.csv.")
    (row,) = rows_of(second)
    assert (row["原文件行号"], row["project_no"], row["__行号"]) == ("6", "P5", "5")
    send_back(rejected, corrected(second, {5: {"applyer_page_code": basic("")["applyer_page_code"]}}), "再改.xlsx")
    assert held(rejected) == {"P1", "P2", "P3", "P4", "P5"}
    closing = told(rejected, "jbxx_1.csv.*.closing-2.json")
    assert (closing["state"], closing["settlement"]["open"]) == ("closed", 0)
    assert "已销号" in closing["state_zh"]


def test_every_record_leads_back_to_the_row_of_the_first_file(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {4: GOOD}))
    with open_store(rejected.settings.home.node(COUNTY), COUNTY, list(DATASETS.values()), read_only=True) as store:
        found = store._connection.execute(
            "SELECT _source, _batch, _file, _row FROM held.case_basic WHERE project_no = 'P4'"
        ).fetchone()
    assert found == ("cs-a", batch_of(rejected, "改好了.xlsx"), "改好了.xlsx", 4)
    entry = next(each for each in rejected.entries(COUNTY, "batch.recorded") if each["file"] == "改好了.xlsx")
    assert entry["corrects"] == batch_of(rejected, "jbxx_1.csv")


def test_status_lists_a_batch_until_it_is_closed(rejected: TinySite) -> None:
    def still_open() -> list[tuple[str, int, int]]:
        with rejected.work(COUNTY) as work:
            return [(each.source, each.rows, each.batches) for each in node_status(work).open]

    assert still_open() == [("cs-a", 3, 1)]
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: GOOD, 4: GOOD}))
    assert still_open() == [("cs-a", 1, 1)]
    send_back(rejected, corrected(slip, {5: {"applyer_page_code": basic("")["applyer_page_code"]}, 2: GOOD}), "末.xlsx")
    assert still_open() == []


def test_the_same_slip_again_under_any_name_is_a_duplicate(rejected: TinySite) -> None:
    content = corrected(slips(rejected)[0], {2: GOOD})
    send_back(rejected, content)
    before, entries = rejected.totals(), len(rejected.entries(COUNTY, "batch.recorded"))
    send_back(rejected, content, "再来一次.xlsx")
    assert rejected.totals() == before
    assert len(rejected.entries(COUNTY, "batch.recorded")) == entries
    assert told(rejected, "再来一次.xlsx.*.receipt.json") == told(rejected, "改好了.xlsx.*.receipt.json")
    assert len(list(rejected.receipts("cs-a").glob("*.closing-*.json"))) == 1


def test_a_second_round_changes_nothing(rejected: TinySite) -> None:
    send_back(rejected, corrected(slips(rejected)[0], {2: GOOD}))
    rejected.exchange()
    before = [dict(entry) for entry in rejected.entries(COUNTY)]
    receipts = {path: path.read_bytes() for path in rejected.receipts("cs-a").iterdir()}
    assert rejected.exchange() == []
    assert [dict(entry) for entry in rejected.entries(COUNTY)] == before
    assert {path: path.read_bytes() for path in rejected.receipts("cs-a").iterdir()} == receipts


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("module", "step"),
    [(receipts, "issue_closing"), (closing, "close_settled"), (check, "outcome"), (check, "_write_slip")],
)
def test_a_round_that_is_killed_ends_the_same_when_it_is_run_again(
    rejected: TinySite, tmp_path: Path, module: ModuleType, step: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected.drop_bytes("cs-a", "改好了.xlsx", corrected(slips(rejected)[0], {2: GOOD, 4: GOOD}))
    whole = rejected.copy(tmp_path / "whole")
    whole.exchange()
    original = getattr(module, step)

    def killed(*arguments: object, **more: object) -> None:
        if moment == "after":
            original(*arguments, **more)
        raise KilledError

    for place in (module, merge):
        if hasattr(place, step):
            monkeypatch.setattr(place, step, killed)
    with pytest.raises(KilledError):
        rejected.exchange()
    monkeypatch.undo()
    assert rejected.exchange() == []
    assert rejected.totals() == whole.totals()
    assert what_was_told(rejected) == what_was_told(whole)
    assert [{**each, "number": 0, "at": ""} for each in rejected.entries(COUNTY, "batch.settled")] == [
        {**each, "number": 0, "at": ""} for each in whole.entries(COUNTY, "batch.settled")
    ]


def what_was_told(site: TinySite) -> dict[str, object]:
    """Every receipt by its name, without time and signature."""
    bodies = {path.name: json.loads(path.read_bytes()) for path in site.receipts("cs-a").glob("*.json")}
    return {name: {**body, "issued_at": "", "signature": ""} for name, body in bodies.items()}


def test_a_row_that_was_settled_before_is_told_and_the_newest_wins(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: {**GOOD, "task_name": "先"}}))
    send_back(rejected, corrected(slip, {2: {**GOOD, "task_name": "后", "cd_time": at(9)}, 4: GOOD}), "二.xlsx")
    assert codes(rejected, "二.xlsx")[:1] == [[2, "W191"]]
    with open_store(rejected.settings.home.node(COUNTY), COUNTY, list(DATASETS.values()), read_only=True) as store:
        names = store._connection.execute("SELECT task_name FROM held.case_basic WHERE project_no = 'P2'").fetchall()
    assert names == [("后",)]
    assert told(rejected, "*.closing-2.json")["settlement"]["settled_now"] == 1


def test_two_slips_in_one_round_settle_a_row_once(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    rejected.drop_bytes("cs-a", "a.xlsx", corrected(slip, {2: GOOD}))
    rejected.drop_bytes("cs-a", "b.xlsx", corrected(slip, {2: GOOD, 4: GOOD}))
    assert rejected.exchange() == []
    assert [told(rejected, f"*.closing-{number}.json")["settlement"]["settled_now"] for number in (1, 2)] == [1, 1]


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_slip_that_a_spreadsheet_program_has_saved_goes_in(rejected: TinySite, tmp_path: Path, ending: str) -> None:
    content = corrected(slips(rejected)[0], {2: GOOD, 4: GOOD})
    send_back(rejected, saved_by_libreoffice(content, tmp_path / "office", ending=ending), f"存过的.{ending}")
    assert held(rejected) == {"P1", "P2", "P3", "P4"}
    (path,) = rejected.receipts("cs-a").glob("*.closing-1.json")
    body = verified(path.read_bytes(), NodeKeys(rejected.settings.home.secrets / "keys").public(COUNTY))
    assert body is not None
    assert (body["settlement"]["settled_now"], body["settlement"]["open"]) == (2, 1)
    up = {total.records for total in rejected.totals()[CITY][0] if total.dataset == "case_basic"}
    assert up == {4}
