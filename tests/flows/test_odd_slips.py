"""Slips that were changed in ways in which they must not be: the reason is told, and nothing else is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support.rows import basic
from support.site import COUNTY, TinySite, make_site
from support.slips import (
    BAD,
    GOOD,
    batch_of,
    codes,
    column_of,
    corrected,
    edited,
    held,
    line_of,
    rows_of,
    send_back,
    slips,
    told,
)

from connectors.dropfolder.source import DropFolderSource
from exchange.flows.collect import UNRECOGNISED
from exchange.flows.slips import FOREIGN, NO_MARKS, UNKNOWN
from exchange.flows.status import node_status
from exchange.model.batch import Counts


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
