"""What one keyword asks of one value, by the value's form. Each returns SQL that says what `jsonschema` says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exchange.validation.sql.columns import Column, Form
from exchange.validation.sql.logic import FALSE, TRUE, Sql, any_of, is_one_of

_SAFE = 2**53
"""Up to here every integer is a double of its own."""
_BIGINT = 2**63


class Beyond(Exception):  # noqa: N818 - not an error of anybody: the reference takes the rule over
    """This rule cannot be said in SQL; the reason, for the log."""


def type_(types: str | Sequence[str], at: Column) -> Sql:
    """JSON Schema validation, 6.1.1: an integer is any number without a fraction, 1.0 too."""
    asked = {types} if isinstance(types, str) else set(types)
    number, integer = "number" in asked, bool(asked & {"number", "integer"})
    whole = f"({at.decimal} = trunc({at.decimal}))" if integer else FALSE
    boolean = TRUE if "boolean" in asked else FALSE
    return at.by_form(
        {
            Form.TEXT: TRUE if "string" in asked else FALSE,
            Form.INTEGER: TRUE if integer else FALSE,
            Form.DECIMAL: TRUE if number else whole,
            Form.TRUE: boolean,
            Form.FALSE: boolean,
        }
    )


def enum(values: Sequence[Any], at: Column) -> Sql:
    """6.1.2: numbers are equal by value, and true is not 1."""
    numbers = [each for each in values if isinstance(each, (int, float)) and not isinstance(each, bool)]
    return at.by_form(
        {
            Form.TEXT: is_one_of(at.sql, [each for each in values if isinstance(each, str)]),
            Form.INTEGER: any_of(_equals(at.integer, each) for each in numbers if _is_whole(each)),
            Form.DECIMAL: any_of(f"({at.decimal} = {_double(each)})" for each in numbers),
            Form.TRUE: TRUE if any(each is True for each in values) else FALSE,
            Form.FALSE: TRUE if any(each is False for each in values) else FALSE,
        }
    )


def min_length(limit: float, at: Column) -> Sql:
    """6.3.2, in characters. A cell that is there is not empty."""
    asked = TRUE if limit <= 1 else f"(length({at.sql}) >= {int(limit)})"
    return at.by_form(_of_text(asked))


def max_length(limit: float, at: Column) -> Sql:
    """6.3.1, in characters, of which there are no more than bytes; bytes need no counting."""
    return at.by_form(
        _of_text(f"(CASE WHEN strlen({at.sql}) <= {int(limit)} THEN true ELSE length({at.sql}) <= {int(limit)} END)")
    )


def multiple_of(divisor: float, at: Column) -> Sql:
    """6.2.1. The remainder of a whole divisor, the quotient by any other, as the reference reckons."""
    if isinstance(divisor, float):
        quotient = "{0} / " + _double(divisor)
        if divisor < 1e-200:
            raise Beyond("a divisor that small")
        return at.by_form(
            _of_number(*(_whole(quotient.format(each)) for each in (f"CAST({at.integer} AS DOUBLE)", at.decimal)))
        )
    if divisor >= _SAFE:
        raise Beyond("a divisor that great")
    return at.by_form(_of_number(f"({at.integer} % {divisor} = 0)", f"(fmod({at.decimal}, {_double(divisor)}) = 0)"))


def minimum(limit: float, at: Column) -> Sql:
    """6.2.4."""
    return _bounded(at, ">=", math.ceil(limit), limit)


def maximum(limit: float, at: Column) -> Sql:
    """6.2.2."""
    return _bounded(at, "<=", math.floor(limit), limit)


def exclusive_minimum(limit: float, at: Column) -> Sql:
    """6.2.5."""
    return _bounded(at, ">", math.floor(limit), limit)


def exclusive_maximum(limit: float, at: Column) -> Sql:
    """6.2.3."""
    return _bounded(at, "<", math.ceil(limit), limit)


ON_VALUES: Mapping[str, Callable[[Any, Column], Sql]] = {
    "type": type_,
    "enum": enum,
    "const": lambda value, at: enum([value], at),
    "minLength": min_length,
    "maxLength": max_length,
    "multipleOf": multiple_of,
    "minimum": minimum,
    "maximum": maximum,
    "exclusiveMinimum": exclusive_minimum,
    "exclusiveMaximum": exclusive_maximum,
}


def _bounded(at: Column, operator: str, whole: int, limit: float) -> Sql:
    """Whole numbers are held against a whole limit, so that neither side is rounded."""
    if abs(whole) >= _BIGINT:
        raise Beyond("a limit that great")
    return at.by_form(_of_number(f"({at.integer} {operator} {whole})", f"({at.decimal} {operator} {_double(limit)})"))


def _equals(number: Sql, value: float) -> Sql:
    return f"({number} = {int(value)})" if abs(value) < _BIGINT else FALSE


def _double(value: float) -> Sql:
    if isinstance(value, int) and abs(value) > _SAFE:
        raise Beyond("a number that no double holds")
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def _is_whole(value: float) -> bool:
    return isinstance(value, int) or value.is_integer()


def _whole(number: Sql) -> Sql:
    return f"(({number}) = trunc({number}))"


def _of_text(asked: Sql) -> Mapping[Form, Sql]:
    """A keyword that says nothing of numbers and booleans."""
    return {Form.TEXT: asked, Form.INTEGER: TRUE, Form.DECIMAL: TRUE, Form.TRUE: TRUE, Form.FALSE: TRUE}


def _of_number(integer: Sql, decimal: Sql) -> Mapping[Form, Sql]:
    """A keyword that says nothing of text and booleans."""
    return {Form.TEXT: TRUE, Form.INTEGER: integer, Form.DECIMAL: decimal, Form.TRUE: TRUE, Form.FALSE: TRUE}


def of_text(asked: Sql, at: Column) -> Sql:
    """What is asked of text alone."""
    return at.by_form(_of_text(asked))
