from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.validation.coerce import reader, text_of


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)).map(json.dumps))
def test_a_number_is_read_as_the_json_library_reads_it(text: str) -> None:
    value = reader({"type": "number"})(text)
    assert value == json.loads(text)
    assert type(value) is type(json.loads(text))


@given(st.text("0123456789+-.eE NaInfity,", min_size=1, max_size=8))
def test_what_the_json_grammar_does_not_know_stays_text(text: str) -> None:
    value = reader({"type": "integer"})(text)
    try:
        theirs = json.loads(text)
    except ValueError:
        theirs = text
    if text != text.strip() or (isinstance(theirs, float) and not math.isfinite(theirs)):
        theirs = text
    assert value == theirs


@pytest.mark.parametrize("text", ["1" * 301, "1e999", "NaN", "Infinity", "+5", "007", "1,234", " 5", "5 ", ".5", "٥"])
def test_no_other_numbers(text: str) -> None:
    assert reader({"type": ["integer", "null"]})(text) == text


def test_types_choose_the_reading() -> None:
    assert reader({"type": "string"})("5") == "5"
    assert reader({})("5") == "5"
    assert reader(True)("5") == "5"
    assert reader({"type": ["integer", "string"]})("5") == "5"
    assert reader({"type": "array"})("[]") == "[]"
    assert [reader({"type": "boolean"})(text) for text in ("true", "false", "True", "1")] == [True, False, "True", "1"]
    assert [reader({"type": ["boolean", "number"]})(text) for text in ("true", "2", "x")] == [True, 2, "x"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (5.0, "5"),
        (0.1, "0.1"),
        (1e22, "1" + "0" * 22),
        (1e-7, "0.0000001"),
        (None, None),
    ],
)
def test_plain_values_as_text(value: object, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("value", [[], {}, math.nan, math.inf, 10**300])
def test_other_values_are_no_text(value: object) -> None:
    with pytest.raises(ValueError, match=r"list|dict|float|number"):
        text_of(value)


@given(st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False)))
def test_text_and_back_is_the_same_number(value: float) -> None:
    text = text_of(value)
    assert text is not None
    if len(text) <= 300:
        assert reader({"type": "number"})(text) == value
