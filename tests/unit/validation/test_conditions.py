from __future__ import annotations

from typing import Any

import pytest

from exchange.validation.conditions import SOME_CONDITION, condition_of

ONE = {"properties": {"a": {"const": "1"}}, "required": ["a"]}


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (ONE, "当“甲”为“1”时", "a is “1”"),
        ({"properties": {"a": {"enum": ["1", "2"]}}}, "当“甲”为“1”或“2”时", "a is “1” or “2”"),
        ({"properties": {"a": {"not": {"const": "1"}}}}, "当“甲”不为“1”时", "a is not “1”"),
        ({"properties": {"a": {"not": {"enum": ["1", "2"]}}}}, "当“甲”不为“1”和“2”时", "a is neither “1” nor “2”"),
        ({"required": ["a"]}, "当“甲”已填写时", "a is filled in"),
        ({**ONE, "required": ["a", "b"]}, "当“甲”为“1”且“乙”已填写时", "a is “1” and b is filled in"),
    ],
)
def test_a_condition_in_words(condition: dict[str, Any], zh: str, en: str) -> None:
    said = condition_of(
        {"if": condition, "then": {"required": ["c"]}}, ["then", "required"], {"a": "甲", "b": "乙"}.__getitem__
    )
    assert said == (zh, en)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (ONE, "当“甲”不为“1”时", "a is not “1”"),
        ({"required": ["a"]}, "当“甲”为空时", "a is not filled in"),
        ({"properties": {"a": {"not": {"const": "1"}}}}, "当“甲”为“1”时", "a is “1”"),
    ],
)
def test_otherwise(condition: dict[str, Any], zh: str, en: str) -> None:
    schema = {"allOf": [{}, {"if": condition, "else": {"properties": {"c": False}}}]}
    assert condition_of(schema, ["allOf", 1, "else", "properties"], {"a": "甲"}.__getitem__) == (zh, en)


@pytest.mark.parametrize(
    "condition",
    [
        True,
        {"anyOf": [ONE]},
        {"properties": {"a": {"pattern": "x"}}},
        {"properties": {"a": {"not": {"pattern": "x"}}}},
        {"properties": {"a": {"const": "1", "maxLength": 1}}},
    ],
)
def test_a_condition_without_words_is_called_one(condition: object) -> None:
    assert condition_of({"if": condition, "then": {}}, ["then"], str) == SOME_CONDITION


def test_of_two_conditions_that_cannot_be_turned_round_nothing_is_claimed() -> None:
    schema = {"if": {"properties": {"a": {"const": "1"}, "b": {"const": "1"}}}, "else": {}}
    assert condition_of(schema, ["else"], str) == SOME_CONDITION


def test_a_rule_without_a_condition_has_none() -> None:
    assert condition_of({"allOf": [{"required": ["a"]}]}, ["allOf", 0, "required"], str) is None
    assert condition_of({"$ref": "#/$defs/x"}, ["$ref", "then", "required"], str) is None
