"""A corrected slip that is put back: its rows are checked again, and what they settle is told and closed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support.rows import at, basic
from support.site import CITY, COUNTY, DATASETS, TinySite, make_site
from support.slips import (
    column_of,
    corrected,
    edited,
    line_of,
    needs_libreoffice,
    rows_of,
    saved_by_libreoffice,
    slips,
    told,
)

from connectors.dropfolder.source import DropFolderSource
from exchange.flows import check, closing, merge, receipts, sent_again
from exchange.flows.collect import UNRECOGNISED
from exchange.flows.slips import FOREIGN, NO_MARKS, UNKNOWN
from exchange.flows.status import node_status
from exchange.model.batch import Counts
from exchange.packages import NodeKeys, verified
from exchange.store import open_store
from exchange.wiring import rebuild_store

BAD = {"apply_date": "昨天"}
GOOD = {"apply_date": "2026-01-05 00:00:00"}


@pytest.fixture
def rejected(checked: TinySite, tmp_path: Path) -> TinySite:
    return checked.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A round in which rows 2, 4 and 5 of one file were rejected."""
    site = make_site(tmp_path_factory.mktemp("rejected") / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY})
    rows = [basic("P1"), basic("P2", **BAD), basic("P3"), basic("P4", **BAD), basic("P5", applyer_page_code="1")]
    site.drop("cs-a", "case_basic", rows)
    assert site.exchange() == []
    return site


def held(site: TinySite) -> set[str]:
    with open_store(site.settings.home.node(COUNTY), COUNTY, list(DATASETS.values()), read_only=True) as store:
        rows = store._connection.execute("SELECT project_no FROM held.case_basic").fetchall()
    return {name for (name,) in rows}


def send_back(site: TinySite, content: bytes, name: str = "改好了.xlsx", source: str = "cs-a") -> None:
    site.drop_bytes(source, name, content)
    assert site.exchange() == []


def batch_of(site: TinySite, file: str) -> str:
    return next(entry["subject"] for entry in site.entries(COUNTY, "batch.recorded") if entry["file"] == file)


def codes(site: TinySite, file: str) -> list[list[object]]:
    findings = site.settings.home.node(COUNTY).batch(batch_of(site, file)).checked / "findings.parquet"
    return [[each["row"], each["code"]] for each in pq.read_table(findings).to_pylist() if each["code"][0] != "R"]


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


class KilledError(Exception):
    """The process ends here."""


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


def delete(sheet: Worksheet, number: int) -> None:
    sheet.delete_rows(line_of(sheet, number))


def test_a_row_that_was_deleted_from_the_slip_stays_rejected(rejected: TinySite) -> None:
    content = edited(slips(rejected)[0], lambda sheet: [delete(sheet, 4), delete(sheet, 5)][0])
    send_back(rejected, content)
    assert told(rejected, "改好了.xlsx.*.receipt.json")["counts"]["read"] == 1
    assert list(rejected.receipts("cs-a").glob("*.closing-*.json")) == []
    with rejected.work(COUNTY) as work:
        assert [each.rows for each in node_status(work).open] == [3]


def add_row(sheet: Worksheet) -> None:
    cells = basic("P9")
    sheet.append([None, None, None, *(cells.get(str(cell.value)) for cell in sheet[1][3:])])


def copy_row(sheet: Worksheet) -> None:
    line = line_of(sheet, 2)
    sheet.append([cell.value for cell in sheet[line]])


def other_number(number: str) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(line_of(sheet, 5), column_of(sheet, "__行号")).value = number

    return edit


def other_batch(sheet: Worksheet) -> None:
    sheet.cell(line_of(sheet, 5), column_of(sheet, "__批次")).value = "f" * 32


def other_source(sheet: Worksheet) -> None:
    sheet.cell(line_of(sheet, 5), column_of(sheet, "__来源")).value = "cs-b"


ODD: dict[str, tuple[Callable[[Worksheet], None], list[str], set[str]]] = {
    "added": (add_row, ["E081"], {"P2", "P4"}),
    "twice": (copy_row, ["E083", "E083"], {"P4"}),
    "accepted": (other_number("3"), ["E084"], {"P2", "P4"}),
    "beyond": (other_number("99"), ["E084"], {"P2", "P4"}),
    "words": (other_number("五"), ["E081"], {"P2", "P4"}),
    "batch": (other_batch, ["E082"], {"P2", "P4"}),
    "source": (other_source, ["E082"], {"P2", "P4"}),
}


@pytest.mark.parametrize("case", ODD)
def test_a_row_that_is_none_of_the_slips_is_refused_and_the_others_go_in(rejected: TinySite, case: str) -> None:
    """Whatever is in such a row: here it is right, or was made right."""
    edit, expected, settled = ODD[case]

    def mend_and_edit(sheet: Worksheet) -> None:
        for number, cells in ((2, GOOD), (4, GOOD), (5, {"applyer_page_code": basic("")["applyer_page_code"]})):
            for name, value in cells.items():
                sheet.cell(line_of(sheet, number), column_of(sheet, name)).value = value
        if case in {"added", "twice"}:
            delete(sheet, 5)
        edit(sheet)

    send_back(rejected, edited(slips(rejected)[0], mend_and_edit))
    found = codes(rejected, "改好了.xlsx")
    assert [code for _, code in found] == expected
    assert all(row > 5 for row, _ in found)  # type: ignore[operator] # numbered after all rows of the first file
    assert held(rejected) == {"P1", "P3"} | settled
    counts = Counts(**told(rejected, "改好了.xlsx.*.receipt.json")["counts"])
    assert counts.adds_up
    assert counts.rejected == len(expected)
    again = rows_of(slips(rejected)[-1])
    assert [row["__行号"] for row in again] == [None] * len(expected)
    assert all(row["project_no"] for row in again)


def test_rows_in_another_order_are_the_same_rows(rejected: TinySite) -> None:
    def turn_around(sheet: Worksheet) -> None:
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
        for line, values in zip(sheet.iter_rows(min_row=2), reversed(lines), strict=True):
            for cell, value in zip(line, values, strict=True):
                cell.value = value
        sheet.cell(line_of(sheet, 4), column_of(sheet, "apply_date")).value = GOOD["apply_date"]

    send_back(rejected, edited(slips(rejected)[0], turn_around))
    assert held(rejected) == {"P1", "P3", "P4"}
    assert [row["__行号"] for row in rows_of(slips(rejected)[-1])] == ["2", "5"]
    assert [row["project_no"] for row in rows_of(slips(rejected)[-1])] == ["P2", "P5"]


def test_a_slip_of_another_source_is_refused_and_left(rejected: TinySite) -> None:
    send_back(rejected, corrected(slips(rejected)[0], {2: GOOD}), "别人的.xlsx", source="cs-b")
    (notice,) = rejected.receipts("cs-b").glob("*.notice.json")
    assert json.loads(notice.read_bytes())["reason"]["zh"] == FOREIGN.zh
    assert [entry["file"] for entry in rejected.entries(COUNTY, "batch.recorded")] == ["jbxx_1.csv"]
    assert (rejected.folder("cs-b") / "别人的.xlsx").exists()
    assert list(rejected.settings.home.node(COUNTY).incoming.glob("*.part")) == []


def clear(*names: str) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        for line in range(2, sheet.max_row + 1):
            for name in names:
                sheet.cell(line, column_of(sheet, name)).value = None

    return edit


def unknown_batch(sheet: Worksheet) -> None:
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, column_of(sheet, "__批次")).value = "0" * 32


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (clear("__来源", "__批次", "__行号"), NO_MARKS.zh),
        (clear("__批次"), NO_MARKS.zh),
        (lambda sheet: sheet.delete_cols(column_of(sheet, "__来源"), 3), NO_MARKS.zh),
        (unknown_batch, UNKNOWN.zh),
    ],
)
def test_a_slip_that_cannot_be_known_again_is_left_with_the_reason(
    rejected: TinySite, edit: Callable[[Worksheet], None], reason: str
) -> None:
    send_back(rejected, edited(slips(rejected)[0], edit))
    (notice,) = rejected.receipts("cs-a").glob("*.notice.json")
    assert json.loads(notice.read_bytes())["reason"]["zh"] == reason


def test_a_workbook_that_is_no_slip_is_looked_into_once(rejected: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    rejected.drop_bytes("cs-a", "汇总.xlsx", b"no workbook")
    fetched: list[str] = []
    fetch = DropFolderSource.fetch
    monkeypatch.setattr(
        DropFolderSource, "fetch", lambda self, offer, to: [fetched.append(offer.name), fetch(self, offer, to)]
    )
    for _ in range(2):
        assert rejected.exchange() == []
    assert fetched == ["汇总.xlsx"]
    (entry,) = rejected.entries(COUNTY, "file.unrecognised")
    assert entry["reason_zh"] == UNRECOGNISED.zh


def test_a_slip_whose_name_matches_a_feed_is_a_slip(rejected: TinySite) -> None:
    contract = rejected.root / "config" / "sources" / "cs-a.yaml"
    contract.write_text(contract.read_text().replace("jbxx_*.csv", "jbxx_*"))
    send_back(rejected, corrected(slips(rejected)[0], {2: GOOD}), "jbxx_改.xlsx")
    assert "P2" in held(rejected)


def test_a_slip_without_one_of_the_departments_columns_is_refused_whole(rejected: TinySite) -> None:
    content = edited(slips(rejected)[0], lambda sheet: sheet.delete_cols(column_of(sheet, "apply_date")))
    send_back(rejected, content)
    receipt = told(rejected, "改好了.xlsx.*.receipt.json")
    assert (receipt["state"], receipt["reason"]["code"]) == ("refused", "E005")
    assert "apply_date" in receipt["reason"]["zh"]


def test_numbers_and_dates_typed_by_a_person_are_read_as_an_excel_file(rejected: TinySite) -> None:
    (slip,) = slips(rejected)
    changes = {2: {"apply_date": datetime(2026, 1, 5, 8, 30), "project_type": 1}, 4: GOOD}  # noqa: DTZ001 - as Excel has it
    send_back(rejected, corrected(slip, changes))
    assert held(rejected) == {"P1", "P2", "P3", "P4"}


def test_a_value_that_the_slip_could_not_show_whole_is_kept_when_nobody_touched_it(tmp_path: Path) -> None:
    """Cut at Excel's limit, or with characters that no workbook holds: the row is taken as it was sent."""
    site = make_site(tmp_path / "site")
    long, odd = "长" * 40_000, "备\x01注"
    site.drop("cs-a", "case_process", [])
    folder = site.root / "config" / "sources" / "cs-a.yaml"
    text = folder.read_text()
    folder.write_text(text.replace("jbxx_*.csv", "jbxx_*.json").replace("kind: csv", "kind: json", 1))
    row = {**basic("P1", **BAD), "另": long, "又": odd, "表": ["x", 1]}
    site.drop_bytes("cs-a", "jbxx_1.json", json.dumps([row]).encode())
    site.exchange()
    send_back(site, corrected(slips(site)[0], {1: {"project_type": "1"}}))
    kept = site.settings.home.node(COUNTY).batch(batch_of(site, "改好了.xlsx")).checked / "rejected.parquet"
    assert json.loads(pq.read_table(kept).to_pylist()[0]["cells"]) == row


def test_a_value_that_was_missing_in_every_row_has_a_place_in_the_slip(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    contract = site.root / "config" / "sources" / "cs-a.yaml"
    contract.write_text(contract.read_text().replace("jbxx_*.csv", "jbxx_*.json").replace("kind: csv", "kind: json", 1))
    row = basic("P1")
    del row["task_name"]
    site.drop_bytes("cs-a", "jbxx_1.json", json.dumps([row]).encode())
    site.exchange()
    (slip,) = slips(site)
    assert rows_of(slip)[0]["task_name"] is None
    send_back(site, corrected(slip, {1: {"task_name": "补上"}}))
    assert held(site) == {"P1"}
    assert told(site, "*.closing-1.json")["state"] == "closed"


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
