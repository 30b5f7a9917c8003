"""The fast tier against the `jsonschema` library, on random schemas and records and on the hub's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from exchange.validation.compiled import compiled
from exchange.validation.formats import format_checker

CHECKER = format_checker()
SCHEMAS = sorted((Path(__file__).parents[3] / "schemas").glob("*/*.json"))
NAMES = st.sampled_from("abc")
WORDS = st.sampled_from(
    ["", "x", "xyz", "甲乙", "5", "2024-05-01", "2024-02-30", "11010519491231002X", "91350100M000100Y43"]
)
SCALARS = st.one_of(WORDS, st.integers(-2, 3), st.sampled_from([0.5, 2.0, float("nan")]), st.booleans(), st.none())
RECORDS = st.dictionaries(NAMES, st.one_of(SCALARS, st.lists(SCALARS, max_size=1), st.just({"a": "x"})), max_size=3)

ASSERTIONS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "object", ["string", "null"]]),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 5),
        "pattern": st.sampled_from(["^x", "[0-9]+$", "^$"]),
        "format": st.sampled_from(["date", "uscc", "citizen-id", "date-time", "nobody-knows"]),
        "enum": st.lists(WORDS, min_size=1, max_size=3, unique=True),
        "const": WORDS,
        "minimum": st.integers(-1, 2),
        "exclusiveMaximum": st.integers(0, 3),
        "title": st.just("a title"),
        "x-pii": st.just("name"),
    },
)


def applicators(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.just("object"),
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
            "additionalProperties": st.booleans(),
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


RANDOM_SCHEMAS = st.recursive(st.one_of(ASSERTIONS, st.booleans()), applicators, max_leaves=8)


@given(RANDOM_SCHEMAS.filter(lambda schema: isinstance(schema, dict)), RECORDS)
def test_it_says_what_jsonschema_says(schema: dict[str, Any], record: dict[str, Any]) -> None:
    accepts = compiled(schema, CHECKER)
    assert accepts is not None
    assert accepts(record) is Draft202012Validator(schema, format_checker=CHECKER).is_valid(record)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {}}},
        {"properties": {"a": {"enum": [1, "x"]}}},
        {"properties": {"a": {"multipleOf": 2}}},
        {"patternProperties": {"^a": False}},
        {"additionalProperties": {"type": "string"}},
        {"properties": {"a": {"$schema": "http://json-schema.org/draft-04/schema#"}}},
        {"if": {"properties": {"a": {"contains": {}}}}},
    ],
)
def test_what_it_does_not_know_it_leaves_to_jsonschema(schema: dict[str, Any]) -> None:
    assert compiled(schema, CHECKER) is None


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_it_knows_every_schema_of_the_hub(path: Path) -> None:
    assert compiled(json.loads(path.read_text("utf-8")), CHECKER) is not None
