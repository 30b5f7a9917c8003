"""Personal data of rejected rows is in the source's own slip and the kept files, and nowhere else."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from support.rows import basic, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

MARKS = {
    "applyer_name": "欧阳标记甲",
    "applyer_page_code": "440524188001010015",
    "contact_name": "司马标记乙",
    "contact_mobile": "139标记1234",
    "address": "标记路一百二十三号",
    "handle_user_name": "上官标记丁",
}
HOLDER = {
    "certificate_holder": "诸葛标记戊",
    "certificate_holder_code": "340524198001010011",
    "certificate_holder_type": "111",
}
SECRETS = [*MARKS.values(), "诸葛标记戊", "340524198001010011", "皇甫标记己"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, str]:
    """A site after a round whose rows are all rejected, and everything that was logged or printed meanwhile."""
    site = make_site(tmp_path_factory.mktemp("pii") / "site")
    site.drop("cs-a", "case_basic", [basic("P1", **MARKS), basic("P2", **MARKS, apply_date="昨天", task_name="")])
    site.drop("cs-a", "case_process", [process("P1", 1, handle_user_name="皇甫标记己", event_name="x")])
    site.drop("cs-a", "licence", [licence("苏1号", **HOLDER)])
    site.drop("sz-b", "case_basic", [basic("S1")])
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.exc_text or ''} {record.__dict__}")

    keep = Keep(logging.DEBUG)
    logging.getLogger().addHandler(keep)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        assert site.round() == []
    finally:
        logging.getLogger().removeHandler(keep)
        logging.getLogger().setLevel(logging.WARNING)
    return site, "\n".join(lines)


def holds(content: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in content or secret.encode("gb18030") in content]


def test_the_rows_were_rejected(told: tuple[TinySite, str]) -> None:
    site, _ = told
    assert sum(entry["rejected"] for entry in site.entries(COUNTY, "batch.checked")) == 4
    assert [each.records for each in site.totals()[CITY][0]] == [1]


def test_nothing_is_in_the_ledgers_database(told: tuple[TinySite, str]) -> None:
    ledger = told[0].settings.home.ledger
    connection = sqlite3.connect(ledger)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"jbxx_1.csv" in ledger.read_bytes()
    assert holds(ledger.read_bytes()) == []


def test_nothing_is_in_a_receipt(told: tuple[TinySite, str]) -> None:
    receipts = [path for path in told[0].root.rglob("receipts/**/*") if path.suffix in {".json", ".txt"}]
    assert len(receipts) == 8
    assert [path.name for path in receipts if holds(path.read_bytes())] == []


def test_nothing_is_in_the_text_of_a_finding(told: tuple[TinySite, str]) -> None:
    findings = [row for path in told[0].root.rglob("findings.parquet") for row in pq.read_table(path).to_pylist()]
    assert len(findings) >= 6
    assert [row for row in findings if holds(repr(row).encode())] == []


def test_nothing_is_in_a_log(told: tuple[TinySite, str]) -> None:
    assert holds(told[1].encode()) == []


def test_nothing_went_up_to_another_node_or_into_a_snapshot(told: tuple[TinySite, str]) -> None:
    site = told[0]
    places = [site.settings.home.node(CITY).root, site.settings.home.uplink, site.settings.home.node(COUNTY).snapshots]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path.name for path in files if holds(path.read_bytes())] == []


def test_the_slip_shows_the_department_its_own_rows(told: tuple[TinySite, str]) -> None:
    cells: set[str] = set()
    for slip in told[0].receipts("cs-a").glob("*整改单*.xlsx"):
        book = load_workbook(slip)
        cells |= {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert set(MARKS.values()) - cells == set()


def test_every_file_that_holds_any_of_it_is_closed_to_other_users(told: tuple[TinySite, str]) -> None:
    site = told[0]
    for path in (site.root / "nodes").rglob("*"):
        if path.is_file() and holds(path.read_bytes()):
            folders: list[Path] = [each for each in path.parents if site.root in each.parents]
            assert path.stat().st_mode & 0o007 == 0 or any(each.stat().st_mode & 0o001 == 0 for each in folders), path
