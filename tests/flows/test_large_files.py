"""A file that an engine reads by itself goes the same way through the flows as one that is read with care."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.rows import basic
from support.site import CITY, COUNTY, DATASETS, TinySite, as_csv, make_site
from support.slips import corrected, rows_of, slips

from exchange.store import open_store
from exchange.validation import file_check
from exchange.wiring import rebuild_store

COUNT = 700


def _row(number: int) -> dict[str, str]:
    if number % 97 == 5:
        return basic(f"P{number}", apply_date="昨天")
    if number % 97 == 7:
        return basic(f"P{number}", accept_date="2026/1/5", applyer_name=" 全角Ａ ")
    if number % 97 == 9:
        return basic(f"P{number}", address="第一行\n第二行", catalog_code="000000000000")
    return basic(f"P{number}", address="江苏省苏州市" * 20)


CONTENT = as_csv("case_basic", [_row(number) for number in range(COUNT)])


def _gb18030(content: bytes) -> bytes:
    return content.decode("utf-8-sig").encode("gb18030")


def _received(folder: Path, content: bytes, worth: int) -> TinySite:
    site = make_site(folder / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_check, "WORTH", worth)
        site.drop_bytes("cs-a", "jbxx_1.csv", content)
        assert site.exchange() == []
    return site


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    return _received(tmp_path_factory.mktemp("careful"), CONTENT, 1 << 40)


@pytest.fixture(scope="module", params=["utf-8", "gb18030"])
def fast(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    content = _gb18030(CONTENT) if request.param == "gb18030" else CONTENT
    site = _received(tmp_path_factory.mktemp("fast"), content, 1 << 12)
    assert _outcome(site) >= {"accepted.parquet", "clean.parquet"}
    return site


def _outcome(site: TinySite) -> set[str]:
    (checked,) = site.settings.home.node(COUNTY).root.glob("batches/*/*/checked")
    return {each.name for each in checked.iterdir()}


def _receipt(site: TinySite) -> dict[str, Any]:
    (path,) = site.receipts("cs-a").glob("jbxx_1.csv.*.receipt.json")
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def _records(site: TinySite, node: str = COUNTY) -> list[tuple[Any, ...]]:
    with open_store(site.settings.home.node(node), node, list(DATASETS.values()), read_only=True) as store:
        query = "SELECT * EXCLUDE (_batch) FROM held.case_basic ORDER BY project_no"
        return store._connection.execute(query).fetchall()


def test_receipt_records_and_slip_are_the_same(fast: TinySite, careful: TinySite) -> None:
    for name in ("counts", "findings"):
        assert _receipt(fast)[name] == _receipt(careful)[name]
    counts = _receipt(fast)["counts"]
    assert (counts["read"], counts["rejected"], counts["repaired"]) == (COUNT, 8, 16)
    assert {each["code"] for each in _receipt(fast)["findings"]} == {"E129", "R101", "R104", "R106", "W301", "W303"}
    assert _records(fast) == _records(careful)
    ours, theirs = (rows_of(slips(site)[0]) for site in (fast, careful))
    assert [{**row, "__批次": ""} for row in ours] == [{**row, "__批次": ""} for row in theirs]
    assert fast.totals() == careful.totals()


def test_nothing_but_the_outcome_is_left(fast: TinySite) -> None:
    assert _outcome(fast) == {"accepted.parquet", "clean.parquet", "rejected.parquet", "findings.parquet"}


@pytest.mark.parametrize("loss", [False, True])
def test_a_rebuilt_store_holds_the_same(fast: TinySite, tmp_path: Path, loss: bool) -> None:
    site = fast.copy(tmp_path / "site")
    if loss:
        for path in site.settings.home.node(COUNTY).root.glob("batches/*/*/checked"):
            shutil.rmtree(path)
    with site.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert site.totals() == fast.totals()


def test_its_slip_comes_back(fast: TinySite, tmp_path: Path) -> None:
    site = fast.copy(tmp_path / "site")
    site.drop_bytes("cs-a", "改好了.xlsx", corrected(slips(site)[0], {6: {"apply_date": "2026-01-05 00:00:00"}}))
    assert site.exchange() == []
    assert len(_records(site)) == len(_records(fast)) + 1
    assert next(row for row in _records(site, CITY) if "P5" in row)
