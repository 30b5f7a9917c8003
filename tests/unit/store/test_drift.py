"""三级四同 over a store: deviations counted by hand, up to the parent, and what a catalogue to come would change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random

import pytest
from support.rows import Row, basic, licence
from support.stores import StoreBox

from catalog.catalogue import Catalog, in_force
from catalog.loader import load_catalog
from catalog.rule_tables import item_versions, rule_reference
from exchange.model.deviation import Deviation

FOOD, FOOD_CALLED = "000131004000", "食品经营许可"
DATASETS = ("case_basic", "licence")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def box_of(root: Path, catalog: Catalog, node: str = "320581000000") -> StoreBox:
    return StoreBox(root, node, [catalog.datasets.get(name) for name in DATASETS], reference=rule_reference(catalog))


def case(number: int, name: str, day: str, code: str = FOOD) -> Row:
    accepted = f"{day}T10:00:00+08:00"
    task = "113205000141492526" + "3" + code
    return basic(f"P{number}", catalog_code=code, task_code=task, task_name=name, accept_date=accepted)


def drift(box: StoreBox) -> list[Deviation]:
    with box.open(read_only=True) as store:
        return store.drift()


def test_the_table_is_what_is_counted_by_hand(tmp_path: Path, catalog: Catalog) -> None:
    rng = Random(3)
    items = [each for each in catalog.items if not each.local_only]
    rows: list[Row] = []
    days: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for number in range(120):
        item, day = rng.choice(items), f"{rng.randrange(2016, 2026)}-{rng.randrange(1, 13):02}-11"
        name = rng.choice((item.name, item.name, item.name + "（新）"))
        rows.append(case(number, name, day, item.catalog_code))
        on = date.fromisoformat(day)
        current = next((each for each in items if each.catalog_code == item.catalog_code and in_force(each, on)), None)
        if current is None:
            days[item.catalog_code, "", "W302"].append(day)
        elif name != current.name:
            days[item.catalog_code, name, "W304"].append(day)
    box = box_of(tmp_path, catalog)
    box.merge(catalog.datasets.get("case_basic"), rows)
    found = {
        (each.item, each.found if each.code == "W304" else "", each.code): (each.records, each.first, each.last)
        for each in drift(box)
    }
    assert found == {key: (len(each), min(each), max(each)) for key, each in days.items()}


def test_the_parent_sees_the_county_and_its_source_of_cases_and_of_licences(tmp_path: Path, catalog: Catalog) -> None:
    county, city = box_of(tmp_path / "a", catalog), box_of(tmp_path / "b", catalog, "320500000000")
    county.merge(
        catalog.datasets.get("case_basic"), [case(1, "食品许可", "2024-05-01"), case(2, FOOD_CALLED, "2024-05-02")]
    )
    county.merge(catalog.datasets.get("licence"), [licence("1", certificate_type="没有的证"), licence("2")])
    county.send_to(city, 1, 0)
    wanted = [
        Deviation(
            county.node, "src", "case_basic", FOOD, "task_name", "W304", "食品许可", FOOD_CALLED, 1, *["2024-05-01"] * 2
        ),
        Deviation(
            *(county.node, "src", "licence", "没有的证", "certificate_type", "W307", "没有的证", "", 1),
            *["2026-01-05"] * 2,
        ),
    ]
    assert drift(county) == wanted
    assert drift(city) == wanted


def test_what_was_corrected_or_taken_back_deviates_no_more(tmp_path: Path, catalog: Catalog) -> None:
    box, of = box_of(tmp_path, catalog), catalog.datasets.get("case_basic")
    wrong = [case(number, "食品许可", "2024-05-01") for number in (1, 2)]
    box.merge(of, wrong)
    later = {"cd_time": "2026-06-01T00:00:00+08:00"}
    box.merge(of, [{**wrong[0], "task_name": FOOD_CALLED, **later}, {**wrong[1], "cd_operation": "D", **later}])
    assert drift(box) == []


def test_impact_tells_the_recent_records_that_would_newly_deviate(tmp_path: Path, catalog: Catalog) -> None:
    box = box_of(tmp_path, catalog)
    rows = [
        case(1, FOOD_CALLED, "2025-11-01"),
        case(2, "食品许可", "2025-11-02"),
        case(3, FOOD_CALLED, "2025-06-01"),
        case(4, "旅馆业特种行业许可", "2025-11-03", "000109003000"),
    ]
    box.merge(catalog.datasets.get("case_basic"), rows)
    coming = []
    for each in item_versions(catalog.items):
        changed = each.catalog_code == FOOD and each.valid_to is None
        coming.append(each._replace(valid_to=date(2026, 12, 31)) if changed else each)
    coming.append(
        next(each for each in coming if each.catalog_code == FOOD)._replace(
            version=9, name="食品经营核准", valid_from=date(2026, 12, 31), valid_to=None
        )
    )
    with box.open(read_only=True) as store:
        (found,) = store.impact(coming, 90)
        assert (found.item, found.field, found.code, found.found) == (FOOD, "task_name", "W304", FOOD_CALLED)
        assert (found.wanted, found.records, found.first) == ("食品经营核准", 1, "2025-11-01")
        assert [each.records for each in store.impact(coming, 400)] == [2]
        assert store.impact(item_versions(catalog.items), 400) == []
        gone = [each for each in item_versions(catalog.items) if each.catalog_code != "000109003000"]
        assert [(each.item, each.code) for each in store.impact(gone, 90)] == [("000109003000", "W301")]
