"""What was rejected by a mistake on our side is let in once the mistake is mended, without the department."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.rows import basic
from support.site import COUNTY, DATASETS, TinySite, as_csv, make_site
from support.slips import corrected, rows_of, slips, told

from connectors.formats import json_record
from exchange.flows import recheck as flow
from exchange.flows.recheck import Rechecked, recheck
from exchange.flows.status import node_status
from exchange.model.batch import Counts
from exchange.packages import NodeKeys, verified
from exchange.store import open_store
from exchange.wiring import rebuild_store

ROWS = [
    basic("P1"),
    basic("P2", project_type="承诺件"),
    basic("P3", project_type="承诺件", apply_date="昨天"),
    basic("P4", project_type="承诺件"),
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Rows 2 to 4 were rejected for a code that the contract does not know; row 3 for its date, too."""
    site = make_site(tmp_path_factory.mktemp("recheck") / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY})
    site.drop("cs-a", "case_basic", ROWS)
    site.drop("cs-b", "case_basic", [basic("B1", project_type="承诺件")])
    assert site.exchange() == []
    return site


def change_feed(site: TinySite, source: str = "cs-a", **changes: object) -> None:
    path = site.root / "config" / "sources" / f"{source}.yaml"
    contract = yaml.safe_load(path.read_text())
    contract["feeds"][0].update(changes)
    path.write_text(yaml.safe_dump(contract, allow_unicode=True, sort_keys=False))


def mend_codes(site: TinySite, source: str = "cs-a") -> None:
    change_feed(site, source, codes={"project_type": {"承诺件": "2"}})


def again(site: TinySite, batch: str = "", source: str = "") -> list[Rechecked]:
    with site.work(COUNTY) as work:
        return recheck(work, batch, source)


def held(site: TinySite) -> dict[str, tuple[str, int]]:
    """Of each case the file and row that it came from."""
    with open_store(site.settings.home.node(COUNTY), COUNTY, list(DATASETS.values()), read_only=True) as store:
        rows = store._connection.execute("SELECT project_no, _file, _row FROM held.case_basic").fetchall()
    return {name: (file, row) for name, file, row in rows}


def state(site: TinySite) -> tuple[list[dict[str, Any]], dict[Path, bytes]]:
    """The ledger, and everything that departments were told or that was kept."""
    files = {
        path: path.read_bytes()
        for path in (site.root / "nodes").rglob("*")
        if path.is_file() and path.suffix != ".duckdb"
    }
    return [dict(entry) for entry in site.entries(COUNTY)], files


def test_without_a_change_nothing_happens(rejected: TinySite) -> None:
    before = state(rejected)
    done = again(rejected)
    assert [(each.source, each.open_rows, each.let_in, each.by) for each in done] == [
        ("cs-a", 3, 0, ""),
        ("cs-b", 1, 0, ""),
    ]
    assert state(rejected) == before


def test_rows_that_pass_by_the_mended_contract_are_let_in_from_their_own_file_and_row(rejected: TinySite) -> None:
    mend_codes(rejected)
    done = again(rejected, source="cs-a")
    assert [(each.open_rows, each.let_in) for each in done] == [(3, 2)]
    assert held(rejected) == {"P1": ("jbxx_1.csv", 1), "P2": ("jbxx_1.csv", 2), "P4": ("jbxx_1.csv", 4)}
    recorded = rejected.entries(COUNTY, "batch.recorded")[-1]
    assert (recorded["subject"], recorded["corrects"]) == (done[0].by, done[0].batch)
    (path,) = rejected.receipts("cs-a").glob("*.closing-1.json")
    closing = verified(path.read_bytes(), NodeKeys(rejected.settings.home.secrets / "keys").public(COUNTY))
    assert closing is not None
    assert (closing["batch"], closing["state"]) == (done[0].batch, "settling")
    assert (closing["settlement"]["settled_now"], closing["settlement"]["open"]) == (2, 1)
    own = told(rejected, f"*.{done[0].by[:8]}.receipt.json")
    assert own["counts"] == Counts(read=2, accepted=2).as_dict()


def test_a_second_recheck_does_nothing(rejected: TinySite) -> None:
    mend_codes(rejected)
    again(rejected)
    before = state(rejected)
    assert [(each.source, each.open_rows, each.let_in) for each in again(rejected)] == [("cs-a", 1, 0), ("cs-b", 1, 0)]
    assert state(rejected) == before
    assert rejected.exchange() == []
    assert held(rejected).keys() == {"P1", "P2", "P4"}


def test_one_batch_can_be_named_by_how_its_id_begins(rejected: TinySite) -> None:
    mend_codes(rejected)
    mend_codes(rejected, "cs-b")
    (batch,) = {entry["subject"] for entry in rejected.entries(COUNTY, "batch.recorded") if entry["source"] == "cs-b"}
    assert [each.batch for each in again(rejected, batch[:8])] == [batch]
    assert held(rejected).keys() == {"P1", "B1"}


def test_a_row_that_was_corrected_in_vain_is_checked_as_it_was_brought_last(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    rejected.drop_bytes("cs-a", "改.xlsx", corrected(slip, {3: {"apply_date": "2026-01-05 00:00:00"}}))
    rejected.exchange()
    assert held(rejected).keys() == {"P1"}
    mend_codes(rejected)
    assert [each.let_in for each in again(rejected, source="cs-a")] == [3]
    assert held(rejected)["P3"] == ("jbxx_1.csv", 3)
    assert told(rejected, "*.closing-1.json")["state"] == "closed"
    with rejected.work(COUNTY) as work:
        assert [each.source for each in node_status(work).open] == ["cs-b"]


def test_a_slip_of_rows_that_a_recheck_let_in_is_told_so(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    mend_codes(rejected)
    again(rejected)
    rejected.drop_bytes("cs-a", "改.xlsx", corrected(slip, {3: {"apply_date": "2026-01-05 00:00:00"}}))
    rejected.exchange()
    receipt = told(rejected, "改.xlsx.*.receipt.json")
    assert receipt["counts"] == Counts(read=3, accepted=1, duplicate=2).as_dict()
    assert {"code": "W191", "count": 2, "severity": "warn"} in receipt["findings"]
    assert told(rejected, "*.closing-2.json")["state"] == "closed"


def test_a_row_that_could_not_be_read_is_read_again_from_the_kept_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path / "site")
    change_feed(site, files="jbxx_*.json", format={"kind": "json"})
    rows = [basic("P1"), basic("P2", address="长" * 200)]
    site.drop_bytes("cs-a", "jbxx_1.json", b"".join(json.dumps(each).encode() + b"\n" for each in rows))
    with monkeypatch.context() as patch:
        patch.setattr(json_record, "MIB", 100)  # an older hub, which read no cell so long
        site.exchange()
        assert [(each.open_rows, each.let_in) for each in again(site)] == [(1, 0)]
    assert [(each.open_rows, each.let_in) for each in again(site)] == [(1, 1)]
    assert held(site) == {"P1": ("jbxx_1.json", 1), "P2": ("jbxx_1.json", 2)}


def test_a_refused_file_is_read_once_the_contract_fits_it(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    content = "某部门导出\r\n".encode() + as_csv("case_basic", [basic("P1"), basic("P2", apply_date="昨天")])
    site.drop_bytes("cs-a", "jbxx_1.csv", content)
    site.exchange()
    assert told(site, "*.receipt.json")["state"] == "refused"
    before = state(site)
    assert [(each.refused, each.by) for each in again(site)] == [(True, "")]
    assert state(site) == before
    change_feed(site, format={"kind": "csv", "title_rows": 1})
    (done,) = again(site)
    assert (done.refused, done.let_in) == (True, 1)
    assert held(site) == {"P1": ("jbxx_1.csv", 1)}
    assert told(site, "*.closing-1.json")["state"] == "reread"
    with site.work(COUNTY) as work:
        status = node_status(work)
    assert (status.refused, [each.rows for each in status.open]) == (0, [1])
    (slip,) = slips(site)
    assert [row["__批次"] for row in rows_of(slip)] == [done.by]
    site.drop_bytes("cs-a", "改.xlsx", corrected(slip, {2: {"apply_date": "2026-01-05 00:00:00"}}))
    site.exchange()
    assert held(site).keys() == {"P1", "P2"}
    assert again(site) == []


@pytest.mark.parametrize("loss", ["nothing", "checked"])
def test_a_store_that_is_rebuilt_holds_the_same(rejected: TinySite, loss: str) -> None:
    mend_codes(rejected)
    again(rejected)
    rejected.exchange()
    before = rejected.totals()
    if loss == "checked":
        for path in rejected.settings.home.node(COUNTY).root.glob("batches/*/*/checked"):
            shutil.rmtree(path)
    with rejected.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert rejected.totals() == before
    with rejected.work(COUNTY) as work, work.open_store(COUNTY, read_only=True) as store:
        for entry in work.ledger.entries("batch.merged"):
            done = store.batch(entry["subject"])
            assert done is not None
            assert done.counts.adds_up
            assert min(done.counts.values()) >= 0
    assert rejected.exchange() == []
    assert rejected.totals() == before


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["_record", "check", "merge"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_recheck_that_is_killed_ends_the_same_when_it_is_run_again(
    rejected: TinySite, tmp_path: Path, step: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend_codes(rejected)
    whole = rejected.copy(tmp_path / "whole")
    again(whole)
    whole.exchange()
    original = getattr(flow, step)

    def killed(*arguments: object) -> None:
        if moment == "after":
            original(*arguments)
        raise Killed

    monkeypatch.setattr(flow, step, killed)
    with pytest.raises(Killed):
        again(rejected)
    monkeypatch.undo()
    again(rejected)
    assert rejected.exchange() == []
    assert rejected.totals() == whole.totals()
    assert names(rejected) == names(whole)
    settled = [{**entry, "number": 0, "at": ""} for entry in rejected.entries(COUNTY, "batch.settled")]
    assert settled == [{**entry, "number": 0, "at": ""} for entry in whole.entries(COUNTY, "batch.settled")]
    closing = told(rejected, "*.closing-1.json")
    assert closing["settlement"] == told(whole, "*.closing-1.json")["settlement"]
    json.dumps(closing)


def names(site: TinySite) -> set[str]:
    return {path.relative_to(site.root).as_posix() for path in (site.root / "nodes").rglob("*/receipts/**/*")}
