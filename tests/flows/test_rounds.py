"""Whole rounds: what the departments drop comes out at the top, once, with a receipt for every file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.reference import claims, settled, sums
from support.rows import basic, deleted, licence, process, result
from support.site import CITY, COUNTY, DATASETS, TinySite, make_site

from exchange.flows.status import node_status
from exchange.model.batch import Counts
from exchange.packages import NodeKeys, verified


@pytest.fixture
def delivered(taken_in: TinySite, tmp_path: Path) -> TinySite:
    return taken_in.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("delivered") / "site")
    site.drop("cs-a", "case_basic", [basic("P1"), basic("P2"), basic("P1", 1, task_name="新名称")])
    site.drop("cs-a", "case_process", [process("P1", 1), process("P2", 1), process("P9", 1)])
    site.drop("cs-a", "licence", [licence("苏1号"), licence("")])
    site.drop("sz-b", "licence", [licence("苏1号", 9, certificate_name="新照")])
    assert site.round() == []
    return site


def receipts(site: TinySite, source: str) -> dict[str, dict[str, object]]:
    return {path.name: json.loads(path.read_bytes()) for path in sorted(site.receipts(source).glob("*.receipt*.json"))}


def test_what_is_held_is_what_plain_python_reckons(delivered: TinySite) -> None:
    sent = [
        *claims(COUNTY, "cs-a", DATASETS["case_basic"], [basic("P1"), basic("P2"), basic("P1", 1, task_name="新名称")]),
        *claims(COUNTY, "cs-a", DATASETS["case_process"], [process("P1", 1), process("P2", 1), process("P9", 1)]),
        *claims(COUNTY, "cs-a", DATASETS["licence"], [licence("苏1号")]),
    ]
    held, up = delivered.totals()[COUNTY]
    assert {(each.origin, each.dataset): (each.records, each.digest) for each in held} == sums(settled(sent))
    at_city = [each for each in delivered.totals()[CITY][0] if each.origin == COUNTY]
    assert at_city == up


def test_every_receipt_verifies_adds_up_and_says_what_became_of_the_rows(delivered: TinySite) -> None:
    key = NodeKeys(delivered.settings.home.secrets / "keys").public(COUNTY)
    found = {}
    for path in delivered.receipts("cs-a").glob("*.receipt*.json"):
        body = verified(path.read_bytes(), key)
        assert body is not None
        counts = Counts(**body["counts"])
        assert counts.adds_up
        found[body["dataset"]] = counts
        text = path.with_suffix(".txt").read_text("utf-8-sig")
        assert f"读取 read {counts.read} = 接收 accepted {counts.accepted}" in text
        assert "已入库" in text
    assert found == {
        "case_basic": Counts(read=3, accepted=2, duplicate=1),
        "case_process": Counts(read=3, accepted=2, parked=1),
        "licence": Counts(read=2, accepted=1, rejected=1),
    }


def test_a_tampered_receipt_does_not_verify(delivered: TinySite) -> None:
    key = NodeKeys(delivered.settings.home.secrets / "keys").public(COUNTY)
    for path in delivered.receipts("cs-a").glob("*.receipt*.json"):
        assert (
            verified(path.read_bytes().replace(b'"accepted": 2', b'"accepted": 3'), key) is None
            or b'"accepted": 2' not in path.read_bytes()
        )


def test_a_second_round_changes_nothing(delivered: TinySite) -> None:
    before, told = delivered.totals(), receipts(delivered, "cs-a")
    numbers = {node: len(delivered.entries(node)) for node in (CITY, COUNTY)}
    assert delivered.exchange() == []
    assert delivered.totals() == before
    assert receipts(delivered, "cs-a") == told
    new = [entry["kind"] for node in numbers for entry in delivered.entries(node)[numbers[node] :]]
    assert set(new) <= {"snapshot.published", "package.acknowledged"}
    assert delivered.exchange() == []
    assert delivered.totals() == before


@pytest.mark.parametrize("name", ["jbxx_1.csv", "jbxx_again.csv"])
def test_a_file_that_is_sent_again_gets_the_original_receipt_and_changes_nothing(
    delivered: TinySite, name: str
) -> None:
    before = delivered.totals()
    original = next(delivered.receipts("cs-a").glob("jbxx_1.csv.*.receipt.json")).read_bytes()
    path = delivered.folder("cs-a") / name
    path.write_bytes((delivered.folder("cs-a") / "jbxx_1.csv").read_bytes())
    os.utime(path, ns=(1, 1_700_000_000_000_000_000))
    assert delivered.exchange() == []
    assert delivered.totals() == before
    assert next(delivered.receipts("cs-a").glob(f"{name}.*.receipt.json")).read_bytes() == original
    assert len(delivered.entries(COUNTY, "batch.merged")) == 3
    assert len(delivered.entries(COUNTY, "delivery")) == 4


def test_the_same_rows_in_another_file_are_all_duplicates(delivered: TinySite) -> None:
    before = delivered.totals()
    delivered.drop("cs-a", "case_basic", [basic("P2"), basic("P1", 1, task_name="新名称")], "other")
    delivered.exchange()
    assert delivered.totals() == before
    told = next(iter(json.loads(path.read_bytes()) for path in delivered.receipts("cs-a").glob("jbxx_other*.json")))
    assert told["counts"] == Counts(read=2, duplicate=2).as_dict()


def test_parked_rows_are_let_in_when_their_case_arrives_and_the_receipt_has_a_sequel(delivered: TinySite) -> None:
    original = next(delivered.receipts("cs-a").glob("gcxx_1.csv.*.receipt.json"))
    before = original.read_bytes()
    delivered.drop("cs-a", "case_basic", [basic("P9")], "late")
    delivered.exchange()
    assert original.read_bytes() == before
    sequel = next(delivered.receipts("cs-a").glob("gcxx_1.csv.*.receipt-1.json"))
    body = verified(sequel.read_bytes(), NodeKeys(delivered.settings.home.secrets / "keys").public(COUNTY))
    assert body is not None
    assert body["counts"] == Counts(read=3, accepted=3).as_dict()
    up = {total.dataset: total.records for total in delivered.totals()[CITY][0] if total.origin == COUNTY}
    assert up["case_process"] == 3


def test_a_deletion_reaches_the_top_and_a_later_row_raises_the_record_again(delivered: TinySite) -> None:
    def at_the_top() -> int:
        return sum(total.records for total in delivered.totals()[CITY][0] if total.dataset == "case_basic")

    delivered.drop("cs-a", "case_basic", [deleted(basic("P2"), 5)], "2")
    delivered.exchange()
    assert at_the_top() == 1
    delivered.drop("cs-a", "case_basic", [basic("P2", 6)], "3")
    delivered.exchange()
    assert at_the_top() == 2


def test_the_status_is_told_from_the_ledger(delivered: TinySite) -> None:
    with delivered.work(COUNTY) as work:
        status = node_status(work)
    assert (status.batches, status.unfinished, status.refused, status.unanswered) == (3, 0, 0, 0)
    assert status.counts == Counts(read=8, accepted=5, rejected=1, duplicate=1, parked=1)
    with delivered.work(CITY) as work:
        assert node_status(work).balanced is True


def test_the_slip_goes_only_to_the_source_that_sent_the_rows(delivered: TinySite) -> None:
    slips = list(delivered.root.rglob("*整改单*.xlsx"))
    assert [slip.parent for slip in slips] == [delivered.receipts("cs-a")]


def test_a_step_that_fails_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    """A source whose folder is missing costs that source; one node whose store is no database costs that node."""
    site = make_site(tmp_path / "site", sources={"cs-a": COUNTY, "cs-gone": COUNTY, "sz-b": CITY})
    site.folder("cs-gone").rmdir()
    site.drop("cs-a", "case_basic", [basic("P1")])
    site.drop("sz-b", "case_result", [result("P7")])
    (failure,) = site.round()
    assert (failure.node, failure.step) == (COUNTY, "collect cs-gone")
    assert "cs-gone" in failure.reason.zh
    assert [total.records for total in site.totals()[CITY][0]] == [1]


@pytest.mark.parametrize("damage", ["garbage", "cut", "one byte"])
def test_a_store_that_is_damaged_is_told_with_what_to_do_and_the_other_nodes_go_on(
    delivered: TinySite, damage: str
) -> None:
    store = delivered.settings.home.node(COUNTY).store
    whole = bytearray(store.read_bytes())
    first_block = 3 * 4096  # after DuckDB's three headers
    whole[first_block + 100] ^= 0xFF
    store.write_bytes({"garbage": b"no database" * 999, "cut": whole[:first_block], "one byte": whole}[damage])
    delivered.drop("sz-b", "case_basic", [basic("P8")])
    failures = delivered.exchange()
    assert {failure.node for failure in failures} == {COUNTY}
    assert all("hub rebuild" in failure.reason.zh and "hub rebuild" in failure.reason.en for failure in failures)
    told = next(iter(delivered.receipts("sz-b").glob("jbxx_1*.json")))
    assert json.loads(told.read_bytes())["state"] == "merged"
