"""Bad input costs its own file and nothing else, with the reason in Chinese and the file kept as it came."""

from __future__ import annotations

import json
import os
import threading
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook
from support.rows import basic
from support.site import CITY, COUNTY, DATASETS, TinySite, as_csv, make_site, write_contract

CSV = as_csv("case_basic", [basic("P1")])


def workbook() -> bytes:
    book, out = Workbook(), BytesIO()
    names = DATASETS["case_basic"].field_names
    book.active.append(list(names))  # type: ignore[union-attr]
    book.active.append([basic("X1").get(name, "") for name in names])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 400 MB."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            if not name.startswith("xl/worksheets"):
                bad.writestr(name, good.read(name))
        with bad.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(400):
                sheet.write(b"\0" * (1 << 20))
    return out.getvalue()


REFUSED = {
    "jbxx_empty.csv": b"",
    "jbxx_nul.csv": CSV[:100] + b"\0\0\0" + CSV[100:],
    "jbxx_encoding.csv": CSV.replace("保安".encode(), b"\xff\xfe\xff"),
    "jbxx_noheader.csv": CSV.partition(b"\r\n")[2],
    "jbxx_wrongcolumns.csv": b"a,b,c\r\n1,2,3\r\n",
    "jbxx_halfcolumns.csv": b"\r\n".join(line.partition(b",")[2] for line in CSV.split(b"\r\n") if line),
    "jbxx_repeated.csv": CSV.replace(b"catalog_code", b"project_no", 1),
    "jbxx_binary.csv": os.urandom(5000),
    "book_truncated.xlsx": workbook()[: len(workbook()) // 2],
    "book_bomb.xlsx": bomb(),
    "book_text.xlsx": CSV,
    "book_empty.xlsx": b"",
}


def source_of(name: str) -> str:
    return "cs-x" if name.startswith("book") else "cs-a"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """One source with every kind of bad file beside a good one, and a good source beside it."""
    sources = {"cs-a": COUNTY, "cs-x": COUNTY, "cs-b": COUNTY, "sz-b": CITY}
    site = make_site(tmp_path_factory.mktemp("bad") / "site", sources=sources)
    contract = site.root / "config" / "sources" / "cs-x.yaml"
    body = yaml.safe_load(contract.read_text())
    body["feeds"] = [{**body["feeds"][0], "files": "book_*.xlsx", "format": {"kind": "excel"}}]
    contract.write_text(yaml.safe_dump(body, allow_unicode=True))
    for name, content in REFUSED.items():
        site.drop_bytes(source_of(name), name, content)
    site.drop_bytes("cs-a", "jbxx_good.csv", CSV)
    site.drop_bytes("cs-x", "book_good.xlsx", workbook())
    site.drop("cs-b", "case_basic", [basic("B1")])
    site.drop("sz-b", "case_basic", [basic("S1")])
    assert site.round() == []
    return site


def batches(site: TinySite) -> dict[str, str]:
    """The batch of each file."""
    return {entry["file"]: entry["subject"] for entry in site.entries(COUNTY, "batch.recorded")}


def test_the_good_files_went_in(mixed: TinySite) -> None:
    at_city = {total.origin: total.records for total in mixed.totals()[CITY][0]}
    assert at_city == {COUNTY: 3, CITY: 1}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_a_reason_in_chinese_in_receipt_and_ledger(mixed: TinySite, name: str) -> None:
    (told,) = mixed.receipts(source_of(name)).glob(f"{name}.*.receipt.json")
    body = json.loads(told.read_bytes())
    assert body["state"] == "refused"
    assert body["counts"]["read"] == 0
    (entry,) = [each for each in mixed.entries(COUNTY, "batch.refused") if each["subject"] == batches(mixed)[name]]
    for text in (body["reason"]["zh"], body["reason"]["hint_zh"], entry["zh"]):
        assert any("\u4e00" <= character <= "\u9fff" for character in text)
    text = told.with_suffix(".txt").read_text("utf-8-sig")
    assert body["reason"]["zh"] in text
    assert body["reason"]["hint_zh"] in text


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_kept_byte_for_byte(mixed: TinySite, name: str) -> None:
    kept = mixed.settings.home.node(COUNTY).batch(batches(mixed)[name]).raw_file()
    assert kept.read_bytes() == REFUSED[name]
    assert (mixed.folder(source_of(name)) / name).read_bytes() == REFUSED[name]


def test_no_reason_repeats_what_stands_in_a_file_without_a_header(mixed: TinySite) -> None:
    told = json.dumps([dict(entry) for entry in mixed.entries(COUNTY)], ensure_ascii=False)
    for value in (basic("")["applyer_name"], basic("")["applyer_page_code"]):
        assert value not in told


NAMES = ["jbxx_..csv", "jbxx_a\nb.csv", "jbxx_\x1b[2J.csv", "jbxx_\u202evsc.csv", "jbxx_back\\slash.csv"]


@pytest.mark.parametrize("name", [*NAMES, os.fsdecode(b"jbxx_\xb0\xec\xbc\xfe.csv")])
def test_a_name_that_could_lead_elsewhere_is_left_with_a_reason(site: TinySite, name: str) -> None:
    site.drop_bytes("cs-a", name, CSV)
    site.drop("cs-a", "case_basic", [basic("good")])
    assert site.exchange() == []
    (entry,) = site.entries(COUNTY, "file.withheld")
    assert "文件名" in entry["reason_zh"]
    assert entry["file"].isprintable()
    assert [entry["file"] for entry in site.entries(COUNTY, "batch.recorded")] == ["jbxx_1.csv"]
    assert len(site.entries(COUNTY, "batch.merged")) == 1
    site.exchange()
    assert len(site.entries(COUNTY, "file.withheld")) == 1


def test_a_file_that_matches_no_feed_is_left_with_a_reason(site: TinySite) -> None:
    site.drop_bytes("cs-a", "说明.txt", b"?")
    site.drop("cs-a", "case_basic", [basic("good")])
    assert site.exchange() == []
    (entry,) = site.entries(COUNTY, "file.unrecognised")
    assert entry["file"] == "说明.txt"
    assert "文件名" in entry["reason_zh"]
    assert [each.records for each in site.totals()[COUNTY][0]] == [1]


def test_a_file_that_is_still_growing_is_left_for_the_next_round(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    write_contract(site.root, "cs-a", COUNTY, quiet_seconds=0.5)
    whole = as_csv("case_basic", [basic(f"P{at}") for at in range(50)])
    path = site.drop_bytes("cs-a", "jbxx_growing.csv", whole[:1000])
    site.drop("cs-a", "case_basic", [basic("good")])
    stop = threading.Event()

    def grow() -> None:
        at = 1000
        while not stop.is_set() and at < len(whole):
            with path.open("ab") as handle:
                handle.write(whole[at : at + 50])
            at += 50
            time.sleep(0.02)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert site.exchange() == []
    finally:
        stop.set()
        writer.join()
    assert [entry["file"] for entry in site.entries(COUNTY, "batch.recorded")] == ["jbxx_1.csv"]
    (entry,) = site.entries(COUNTY, "file.withheld")
    assert "写入" in entry["reason_zh"]
    path.write_bytes(whole)
    site.exchange()
    assert [each.records for each in site.totals()[COUNTY][0]] == [51]


def test_a_bad_row_costs_that_row(site: TinySite) -> None:
    site.drop("cs-a", "case_basic", [basic("P1"), basic("P2", apply_date="昨天"), basic("P3")])
    site.exchange()
    assert [each.records for each in site.totals()[COUNTY][0]] == [2]
    (told,) = site.receipts("cs-a").glob("*.receipt.json")
    body = json.loads(told.read_bytes())
    assert body["counts"] == {"read": 3, "accepted": 2, "rejected": 1, "duplicate": 0, "parked": 0, "repaired": 0}
    assert (site.receipts("cs-a") / body["slip"]).exists()
