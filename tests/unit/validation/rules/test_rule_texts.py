"""What the rules say: which row counts, what stands there and what should, and never a person's number."""

from __future__ import annotations

import json
from random import Random

import pytest
from rule_bench import basic, licence, places, run

from catalog.catalogue import Catalog
from catalog.loader import load_catalog
from exchange.model.dataset import dataset_of

NEWER, OLDER = "2024-05-02T10:00:00+08:00", "2024-05-01T10:00:00+08:00"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_of_one_key_the_newest_row_counts(catalog: Catalog) -> None:
    rows = [
        {"project_no": "A", "cd_time": OLDER},
        {"project_no": "B", "cd_time": OLDER},
        {"project_no": "A", "cd_time": NEWER, "task_name": "x"},
        {"project_no": "A", "cd_time": OLDER},
    ]
    found = run(catalog, catalog.datasets.get("case_basic"), rows)
    assert places(found) == [(1, "project_no", "W201"), (4, "project_no", "W201")]
    assert all("3 行" in each["message_zh"] and "第 3 行" in each["message_zh"] for each in found)
    assert all("row 3 counts" in each["message_en"] for each in found)


def test_a_column_that_lost_its_digits_is_told_and_a_number_that_happens_to_end_in_zeros_is_not(
    catalog: Catalog,
) -> None:
    dataset = catalog.datasets.get("case_basic")
    lost = [{"project_no": f"2024{number:011}000"} for number in range(1, 8)]
    whole = [{"project_no": f"2025{number:014}"} for number in range(1001, 20000, 997)]
    assert {code for _, _, code in places(run(catalog, dataset, [*lost, *whole[:5]]))} == {"W209"}
    assert run(catalog, dataset, [*lost[:2], *whole]) == []
    (first, *_) = run(catalog, dataset, [*lost, *whole[:5]])
    assert "12 个长号码中有 7 个" in first["message_zh"]


def test_a_deviation_says_what_stands_there_and_what_the_catalogue_says(catalog: Catalog) -> None:
    wrong = {"catalog_code": "000711006000", "task_name": "婚姻登记", "accept_date": NEWER, "cd_time": NEWER}
    (found,) = run(catalog, catalog.datasets.get("case_basic"), [{"project_no": "A", **wrong}])
    assert (found["field"], found["code"], found["severity"]) == ("task_name", "W304", "warn")
    assert found["message_zh"] == "事项 000711006000 的名称“婚姻登记”与当日生效的目录“结婚登记”不一致。"


def test_no_text_holds_a_value_of_a_personal_field(catalog: Catalog) -> None:
    for name, make in (("case_basic", basic), ("licence", licence)):
        dataset = catalog.datasets.get(name)
        rng = Random(name)
        records = [make(rng, catalog) for _ in range(200)]
        personal = {field.name for field in dataset.fields if field.pii}
        values = {value for record in records for field, value in record.items() if field in personal}
        told = json.dumps(run(catalog, dataset, records), ensure_ascii=False)
        assert [value for value in values if len(value) > 6 and value in told] == []


def test_a_dataset_says_itself_which_dates_come_first(catalog: Catalog) -> None:
    moments = {name: {"type": "string", "format": "date", "title": name} for name in ("paid", "due", "cd_time")}
    schema = {"title": "缴费", "properties": moments, "x-key": ["paid"], "x-order": [["due", "paid"]]}
    dataset = dataset_of("fee", 1, schema)
    found = run(catalog, dataset, [{"paid": "2024-05-01", "due": "2024-05-02"}, {"paid": "2024-05-02"}])
    assert places(found) == [(1, "paid", "W202")]
    assert found[0]["message_zh"] == "“paid”早于“due”。"
