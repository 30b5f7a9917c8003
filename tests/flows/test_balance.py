"""Two levels that should hold the same: proven, or the exact records that differ."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from support.rows import basic, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.flows.balance import Unequal, balance, balance_live
from exchange.flows.publish import latest_balances


@pytest.fixture
def balanced(whole: TinySite, tmp_path: Path) -> TinySite:
    return whole.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("whole") / "site")
    site.drop("cs-a", "case_basic", [basic(f"P{at}") for at in range(6)])
    site.drop("cs-a", "case_process", [process("P1", 1)])
    site.drop("cs-a", "licence", [licence("苏1号")])
    site.drop("sz-b", "case_basic", [basic("own of the city")])
    assert site.exchange() == []
    return site


def tamper(site: TinySite, node: str, sql: str) -> None:
    """Change a store behind the hub's back."""
    with closing(duckdb.connect(str(site.settings.home.node(node).store))) as store:
        assert store.execute(sql).fetchall() == [(1,)]


def found(site: TinySite) -> list[tuple[str, str, str, str | None, int | None, bool, bool]]:
    with site.work(CITY) as work:
        (result,) = balance_live(work)
    assert result.equal is not bool(result.unequal)
    return [
        (each.origin, each.dataset, each.source, each.file, each.row, each.here is None, each.there is None)
        for each in result.differences
    ]


def test_levels_that_hold_the_same_are_equal(balanced: TinySite) -> None:
    with balanced.work(CITY) as work:
        (kept,), (live,) = balance(work), balance_live(work)
    assert kept.equal
    assert live.equal
    assert kept.records == live.records == 8
    assert live.differences == ()


@pytest.mark.parametrize("node", [CITY, COUNTY])
def test_one_changed_record_is_found_with_its_source_file_and_row(balanced: TinySite, node: str) -> None:
    tamper(balanced, node, "UPDATE held.case_basic SET task_name = '改过' WHERE project_no = 'P3'")
    assert found(balanced) == [(COUNTY, "case_basic", "cs-a", "jbxx_1.csv", 4, False, False)]


def test_one_record_that_is_gone_from_the_child_is_found(balanced: TinySite) -> None:
    tamper(balanced, COUNTY, "DELETE FROM held.case_basic WHERE project_no = 'P5'")
    assert found(balanced) == [(COUNTY, "case_basic", "cs-a", "jbxx_1.csv", 6, False, True)]


def test_one_record_that_is_gone_from_the_parent_is_found(balanced: TinySite) -> None:
    tamper(balanced, CITY, "DELETE FROM held.case_process")
    assert found(balanced) == [(COUNTY, "case_process", "cs-a", "gcxx_1.csv", 1, True, False)]


def test_a_changed_golden_record_is_found(balanced: TinySite) -> None:
    tamper(balanced, COUNTY, "UPDATE golden.licence SET certificate_name = '改过'")
    (difference,) = found(balanced)
    assert difference[:3] == (COUNTY, "licence", COUNTY)


def test_two_changes_that_keep_the_count_are_both_found(balanced: TinySite) -> None:
    tamper(balanced, COUNTY, "UPDATE held.case_basic SET task_name = '甲' WHERE project_no = 'P1'")
    tamper(balanced, COUNTY, "UPDATE held.case_basic SET task_name = '乙' WHERE project_no = 'P2'")
    assert [each[4] for each in sorted(found(balanced))] == [2, 3]


def test_what_the_child_has_not_sent_yet_shows_as_a_difference_live_and_not_in_the_proof(balanced: TinySite) -> None:
    balanced.drop("cs-a", "case_basic", [basic("new")], "2")
    with balanced.work(COUNTY) as work:
        from exchange.flows.check import check  # noqa: PLC0415 - beside its use
        from exchange.flows.collect import collect  # noqa: PLC0415
        from exchange.flows.merge import merge  # noqa: PLC0415

        collect(work, work.source("cs-a"))
        check(work)
        merge(work)
    assert found(balanced) == [(COUNTY, "case_basic", "cs-a", "jbxx_2.csv", 1, True, False)]
    with balanced.work(CITY) as work:
        assert [each.equal for each in balance(work)] == [True]


def test_the_proof_says_which_origin_and_dataset_and_how_many(balanced: TinySite) -> None:
    tamper(
        balanced,
        CITY,
        f"DELETE FROM hub.digests WHERE origin = '{COUNTY}' AND dataset = 'case_process' AND relation = 'held'",
    )
    with balanced.work(CITY) as work:
        (result,) = balance(work)
    assert result.unequal == (Unequal(COUNTY, "case_process", 0, 1),)


def test_the_ledger_says_how_things_stand_now(balanced: TinySite) -> None:
    """After a difference was mended, the newest balance is equal again, though an equal one stood there before."""
    kept = f"hub.digests SET records = records {{}} WHERE origin = '{COUNTY}' AND dataset = 'case_process'"
    tamper(balanced, CITY, f"UPDATE {kept.format('+ 1')}")
    with balanced.work(CITY) as work:
        balance(work)
        assert [each["equal"] for each in latest_balances(work)] == [False]
    tamper(balanced, CITY, f"UPDATE {kept.format('- 1')}")
    with balanced.work(CITY) as work:
        balance(work)
        assert [each["equal"] for each in latest_balances(work)] == [True]


def test_records_of_other_origins_do_not_count(balanced: TinySite) -> None:
    tamper(balanced, CITY, f"DELETE FROM held.case_basic WHERE _origin = '{CITY}'")
    assert found(balanced) == []
