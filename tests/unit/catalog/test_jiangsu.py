"""The packaged catalogue: what it says of Jiangsu."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta

import pytest

from catalog.catalogue import Catalog
from catalog.loader import load_catalog


@pytest.fixture(scope="module")
def jiangsu() -> Catalog:
    return load_catalog()


def test_the_divisions_of_2023_are_all_there(jiangsu: Catalog) -> None:
    day = date(2023, 6, 30)
    levels = Counter(division.level for division in jiangsu.divisions if division.valid_on(day))
    assert levels == {"province": 1, "city": 13, "county": 104, "township": 1487}


@pytest.mark.parametrize(
    ("code", "last", "successor"),
    [("320684000000", "海门市", "海门区"), ("320611000000", "港闸区", "崇川区"), ("320621000000", "海安县", "海安市")],
)
def test_a_code_means_what_it_meant_on_the_day(jiangsu: Catalog, code: str, last: str, successor: str) -> None:
    then, now = jiangsu.division(code, date(2017, 6, 1)), jiangsu.division(code, date(2023, 6, 1))
    assert then is not None
    assert now is not None
    assert (then.name, now.name) == (last, successor)
    assert then.valid_to == now.valid_from
    assert jiangsu.division(now.code, date(2017, 6, 1)) is None


def test_an_alias_leads_to_its_division(jiangsu: Catalog) -> None:
    zone = jiangsu.division("320571000000")
    assert zone is not None
    assert (zone.code, zone.name) == ("320576000000", "苏州工业园区")
    assert jiangsu.division("329999000000") is None


def test_two_divisions_of_one_name_are_told_apart(jiangsu: Catalog) -> None:
    drum_towers = [division for division in jiangsu.divisions if division.name == "鼓楼区"]
    assert [division.parent for division in drum_towers] == ["320100000000", "320300000000"]


def test_the_items_cover_the_six_departments(jiangsu: Catalog) -> None:
    codes = {(item.department, item.catalog_code) for item in jiangsu.items}
    departments = Counter(department for department, _ in codes)
    assert set(departments) == {"公安", "民政", "人社", "市场监管", "税务", "自然资源"}
    assert min(departments.values()) >= 11
    assert sum(departments.values()) >= 66
    assert any(item.local_only for item in jiangsu.items)


def test_an_item_s_code_is_made_of_province_type_department_and_number(jiangsu: Catalog) -> None:
    departments = {item.department: item.catalog_code[4:6] for item in jiangsu.items}
    for item in jiangsu.items:
        assert item.catalog_code[:2] == ("32" if item.local_only else "00")
        assert item.catalog_code[2:4] == item.type
        assert item.catalog_code[4:6] == departments[item.department]
        assert item.type in jiangsu.code_table("item-type").codes


def test_on_each_day_one_version_of_an_item_is_in_force(jiangsu: Catalog) -> None:
    versions = Counter(item.catalog_code for item in jiangsu.items)
    changed = [code for code, number in versions.items() if number == 2]
    assert len(changed) >= 6
    for code in changed:
        first, second = sorted(
            (item for item in jiangsu.items if item.catalog_code == code), key=lambda item: item.version
        )
        assert first.valid_to == second.valid_from
        assert jiangsu.item(code, second.valid_from) == second
        assert jiangsu.item(code, second.valid_from - timedelta(days=1)) == first
        assert jiangsu.item(code, first.valid_from - timedelta(days=1)) is None
    assert jiangsu.item("000000000000", date(2024, 1, 1)) is None


def test_a_field_s_enum_is_its_code_table(jiangsu: Catalog) -> None:
    for name in jiangsu.datasets.names():
        dataset = jiangsu.datasets.get(name)
        for field in dataset.fields:
            enum = dataset.schema["properties"][field.name].get("enum")
            if field.codes in (None, "id-kind") or enum is None:  # of the ID kinds a person has only some
                continue
            assert enum == list(jiangsu.code_table(field.codes).codes), (name, field.name)


def test_it_loads_without_the_heavy_libraries() -> None:
    program = (
        "import sys; from catalog.loader import load_catalog; load_catalog();"
        "print(sorted({'duckdb', 'pyarrow', 'paramiko', 'jsonschema', 'airflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
