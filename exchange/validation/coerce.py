"""Text cells to JSON values and back: the one reading that every engine of the hub shares (docs/text-to-json.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

# RFC 8259, section 6.
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 300
_BOOLEANS = {"true": True, "false": False}

Value = Any
"""A JSON value."""
Reader = Callable[[str], Value]


def reader(keywords: Mapping[str, Any] | bool) -> Reader:
    """How text becomes a JSON value in a property with these schema keywords; decided by `type` alone.

    A type that allows strings, or none at all, leaves text as it is. Text that is not in JSON's grammar of the type
    stays text too, and so breaks `type`. Empty text is not for the reader: such a property is absent.
    """
    declared = keywords.get("type", "string") if isinstance(keywords, Mapping) else "string"
    types = {declared} if isinstance(declared, str) else set(declared)
    if "string" in types:
        return _text
    numeric, boolean = bool(types & {"integer", "number"}), "boolean" in types
    if numeric and boolean:
        return lambda text: _BOOLEANS.get(text, _number(text))
    if numeric:
        return _number
    return _boolean if boolean else _text


def text_of(value: object) -> str | None:
    """A plain JSON value as a text cell: `true`, `12`, `0.5`, never `12.0` or `1e3`; None is None.

    ValueError for what is no plain value: a list, an object, NaN, infinity.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _digits(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{int(value)}" if value.is_integer() else f"{Decimal(repr(value)):f}"
    raise ValueError(type(value).__name__)


def _text(text: str) -> Value:
    return text


def _boolean(text: str) -> Value:
    return _BOOLEANS.get(text, text)


def _number(text: str) -> Value:
    number = _JSON_NUMBER.fullmatch(text)
    if number is None or len(text) > _LONGEST_NUMBER:
        return text
    if number["fraction"] is None and number["exponent"] is None:
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else text


def _digits(value: int) -> str:
    if abs(value) >= 10**_LONGEST_NUMBER:
        raise ValueError("a number of that many digits is no value")
    return str(value)
