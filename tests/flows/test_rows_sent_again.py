"""Rejected rows that come again in a usual file, and what was lost of them meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.rows import at, basic
from support.site import COUNTY, TinySite, make_site
from support.slips import (
    BAD,
    GOOD,
    KilledError,
    batch_of,
    codes,
    corrected,
    held,
    send_back,
    slips,
    told,
)

from exchange.flows import sent_again
from exchange.flows.status import node_status
from exchange.wiring import rebuild_store


def test_rows_that_come_again_in_a_usual_file_are_settled_too(rejected: TinySite) -> None:
    rejected.drop("cs-b", "case_basic", [basic("P4")])  # another source's case of that number
    rejected.drop("cs-a", "case_basic", [basic("P2"), basic("P9"), basic("P4", **BAD)], "2")
    assert rejected.exchange() == []
    closing = told(rejected, "jbxx_1.csv.*.closing-1.json")
    assert closing["settlement"] == {
        "rejected": 3,
        "settled": 1,
        "settled_now": 1,
        "open": 2,
        "by": batch_of(rejected, "jbxx_2.csv"),
        "by_file": "jbxx_2.csv",
    }
    with rejected.work(COUNTY) as work:
        assert [(each.source, each.rows, each.batches) for each in node_status(work).open] == [("cs-a", 3, 2)]
    send_back(rejected, corrected(slips(rejected)[0], {2: GOOD, 4: GOOD}))
    assert codes(rejected, "改好了.xlsx")[0] == [2, "W191"]
    assert told(rejected, "jbxx_1.csv.*.closing-2.json")["settlement"]["settled_now"] == 1
    assert told(rejected, "jbxx_2.csv.*.closing-1.json", "cs-a")["state"] == "closed"


def test_what_was_accepted_before_does_not_settle_a_later_row(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    site.drop("cs-a", "case_basic", [basic("P1")])
    site.exchange()
    site.drop("cs-a", "case_basic", [basic("P1", 5, **BAD)], "2")
    site.exchange()
    site.drop("cs-a", "case_basic", [basic("P7")], "3")
    site.exchange()
    assert list(site.receipts("cs-a").glob("*.closing-*")) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["add_resent", "close_resent"])
def test_finding_rows_that_came_again_ends_the_same_after_a_kill(
    rejected: TinySite, step: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected.drop("cs-a", "case_basic", [basic("P2")], "2")
    original = getattr(sent_again, step)

    def killed(*arguments: object) -> None:
        if moment == "after":
            original(*arguments)
        raise KilledError

    monkeypatch.setattr(sent_again, step, killed)
    with pytest.raises(KilledError):
        rejected.exchange()
    monkeypatch.undo()
    rejected.drop("cs-a", "case_basic", [basic("P4")], "3")
    assert rejected.exchange() == []
    numbers = [told(rejected, f"jbxx_1.csv.*.closing-{number}.json")["settlement"] for number in (1, 2)]
    assert [(each["settled_now"], each["open"]) for each in numbers] == [(1, 2), (1, 1)]
    assert len(list(rejected.receipts("cs-a").glob("*.closing-*.json"))) == 2


def test_a_slip_comes_back_after_the_outcomes_were_lost(rejected: TinySite) -> None:
    for path in rejected.settings.home.node(COUNTY).root.glob("batches/*/*/checked"):
        shutil.rmtree(path)
    send_back(rejected, corrected(slips(rejected)[0], {2: GOOD}))
    assert held(rejected) == {"P1", "P2", "P3"}
    assert told(rejected, "*.closing-1.json")["settlement"]["open"] == 2


@pytest.mark.parametrize("loss", ["nothing", "checked"])
def test_a_store_that_is_rebuilt_holds_the_same(rejected: TinySite, loss: str) -> None:
    (slip,) = slips(rejected)
    send_back(rejected, corrected(slip, {2: GOOD}))
    send_back(rejected, corrected(slip, {2: {**GOOD, "task_name": "后", "cd_time": at(9)}, 4: GOOD}), "二.xlsx")
    before, entries = rejected.totals(), [dict(entry) for entry in rejected.entries(COUNTY)]
    if loss == "checked":
        for path in rejected.settings.home.node(COUNTY).root.glob("batches/*/*/checked"):
            shutil.rmtree(path)
    with rejected.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert rejected.totals() == before
    assert [dict(entry) for entry in rejected.entries(COUNTY)] == entries
    assert rejected.exchange() == []
    assert rejected.totals() == before
