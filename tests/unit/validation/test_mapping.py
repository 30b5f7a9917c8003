from __future__ import annotations

import pytest

from exchange.errors import ConfigError
from exchange.model.dataset import Dataset, dataset_of
from exchange.model.row import Cell, Row
from exchange.validation.mapping import Origin, Prepared, RowMapper

DATASET: Dataset = dataset_of(
    "trial",
    1,
    {
        "title": "试验",
        "x-key": ["no"],
        "properties": {
            "no": {"title": "编号", "type": "string"},
            "count": {"title": "数量", "type": "integer"},
            "state": {"title": "状态", "type": "string", "x-codes": "state"},
            "day": {"title": "日期", "type": "string", "format": "date"},
            "level": {"title": "层级", "type": "string"},
            "unused": {"title": "未用", "type": "string"},
        },
    },
)
MAPPING: dict[str, Origin] = {
    "no": ("column", "办件编号"),
    "count": ("column", "SL"),
    "state": ("column", "ZT"),
    "day": ("column", "RQ"),
    "level": ("constant", "3"),
}
MAPPER = RowMapper(DATASET, MAPPING, {"state": {"办结": "1", "-": "9", "作废": ""}})


def prepare(**cells: Cell) -> Prepared:
    return MAPPER.prepare(Row(4, 9, {"办件编号": "A-1", **cells}))


def test_columns_codes_constants_and_forms_come_together() -> None:
    texts, record, findings = prepare(SL="０5", ZT="办结", RQ="2019/5/1", 其他="不要")
    assert texts == {"no": "A-1", "count": "5", "state": "1", "day": "2019-05-01", "level": "3", "unused": None}
    assert record == {"no": "A-1", "count": 5, "state": "1", "day": "2019-05-01", "level": "3"}
    assert [(each.field, each.code, each.row, each.line) for each in findings] == [
        ("count", "R101", 4, 9),
        ("count", "R107", 4, 9),
        ("day", "R104", 4, 9),
    ]
    assert findings[0].message.zh.startswith("“数量”")


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        ("办结", "1"),
        (" 办结\u200b", "1"),
        ("-", "9"),
        ("--", None),
        ("作废", None),
        ("2", "2"),
        ("别的", "别的"),
        ("", None),
    ],
)
def test_codes(source: str, ours: str | None) -> None:
    assert prepare(ZT=source).texts["state"] == ours


@pytest.mark.parametrize(("value", "text"), [(5, "5"), (5.0, "5"), (0.5, "0.5"), (True, "true"), (None, None)])
def test_json_values_become_text(value: Cell, text: str | None) -> None:
    assert prepare(办件编号=value).texts["no"] == text


@pytest.mark.parametrize("value", [["甲"], {"a": 1}, float("nan")])
def test_what_is_no_plain_value_is_rejected(value: Cell) -> None:
    texts, record, findings = prepare(SL=value)
    assert (texts["count"], "count" in record) == (None, False)
    assert [(each.field, each.code) for each in findings] == [("count", "E114")]


def test_a_missing_column_is_an_empty_field() -> None:
    assert prepare().record == {"no": "A-1", "level": "3"}


def test_it_names_the_columns_that_it_needs() -> None:
    assert MAPPER.columns == {"办件编号", "SL", "ZT", "RQ"}


@pytest.mark.parametrize(("mapping", "codes"), [({"nothing": ("column", "X")}, {}), ({}, {"nothing": {}})])
def test_a_field_that_the_dataset_does_not_have_is_a_mistake_in_the_contract(
    mapping: dict[str, Origin], codes: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(ConfigError, match="nothing"):
        RowMapper(DATASET, mapping, codes)


def test_many_different_values_do_not_stay_in_memory() -> None:
    mapper = RowMapper(DATASET, MAPPING)
    for number in range(20_000):
        assert mapper.prepare(Row(number, number, {"办件编号": f"Ａ{number}"})).texts["no"] == f"A{number}"
