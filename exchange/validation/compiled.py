"""The fast tier: a schema made once into one Python predicate that says exactly what `jsonschema` would say.

It only says yes or no; `jsonschema` explains every no, and has the last word there. A keyword that is not known here
sends the whole schema to `jsonschema`; it is never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Predicate = Callable[[Any], bool]
Schema = Mapping[str, Any] | bool

_is_type = Draft202012Validator.TYPE_CHECKER.is_type


class UnknownKeywordError(Exception):
    """The schema uses something that this tier does not know."""


def compiled(schema: Mapping[str, Any], checker: FormatChecker) -> Predicate | None:
    """The predicate of a schema with its formats asserted; None when the schema is beyond this tier."""
    try:
        return _Compiler(checker).keywords(schema)
    except UnknownKeywordError:
        return None


class _Compiler:
    """Makes predicates of schemas. Each keyword's maker takes its value and the schema it stands in."""

    def __init__(self, checker: FormatChecker) -> None:
        self._checker = checker
        self._applicators: Mapping[str, Callable[[Any, Mapping[str, Any]], Predicate]] = {
            "format": self._format,
            "properties": self._properties,
            "additionalProperties": _additional,
            "allOf": lambda schemas, _: _every([self.schema(each) for each in schemas]),
            "anyOf": lambda schemas, _: _some([self.schema(each) for each in schemas]),
            "oneOf": lambda schemas, _: _one([self.schema(each) for each in schemas]),
            "not": lambda schema, _: _negated(self.schema(schema)),
            "if": self._if,
        }

    def schema(self, schema: Schema) -> Predicate:
        """The predicate of a subschema; one that changes the dialect is not for us."""
        if isinstance(schema, bool):
            return lambda _value: schema
        if "$schema" in schema:
            raise UnknownKeywordError("$schema")
        return self.keywords(schema)

    def keywords(self, schema: Mapping[str, Any]) -> Predicate:
        """All keywords of one schema that `jsonschema` looks at."""
        return _every([self._keyword(each, schema) for each in schema if each in Draft202012Validator.VALIDATORS])

    def _keyword(self, keyword: str, schema: Mapping[str, Any]) -> Predicate:
        if keyword in _ASSERTIONS:
            return _ASSERTIONS[keyword](schema[keyword])
        if keyword in self._applicators:
            return self._applicators[keyword](schema[keyword], schema)
        raise UnknownKeywordError(keyword)

    def _format(self, name: str, _schema: Mapping[str, Any]) -> Predicate:
        if name not in self._checker.checkers:
            return lambda _value: True
        function, raises = self._checker.checkers[name]

        def test(value: object) -> bool:
            try:
                return bool(function(value))
            except raises:
                return False

        return test

    def _properties(self, properties: Mapping[str, Schema], schema: Mapping[str, Any]) -> Predicate:
        """`properties`, and the `additionalProperties: false` beside it, in one pass."""
        tests = {name: self.schema(each) for name, each in properties.items()}
        return _closed_record(tests) if schema.get("additionalProperties") is False else _open_record(tests)

    def _if(self, condition: Schema, schema: Mapping[str, Any]) -> Predicate:
        when = self.schema(condition)
        then, otherwise = self.schema(schema.get("then", True)), self.schema(schema.get("else", True))
        return lambda value: then(value) if when(value) else otherwise(value)


def _yes(_value: object) -> bool:
    return True


def _no(_value: object) -> bool:
    return False


def _closed_record(tests: Mapping[str, Predicate]) -> Predicate:
    def test(value: object) -> bool:
        if isinstance(value, dict):
            for name, each in value.items():
                if not tests.get(name, _no)(each):
                    return False
        return True

    return test


def _open_record(tests: Mapping[str, Predicate]) -> Predicate:
    """Conditions look at one or two fields of many, so the loop is over what they look at."""
    pairs = tuple(tests.items())

    def test(value: object) -> bool:
        if isinstance(value, dict):
            for name, each in pairs:
                if name in value and not each(value[name]):
                    return False
        return True

    return test


def _every(tests: Sequence[Predicate]) -> Predicate:
    if len(tests) == 1:
        return tests[0]

    def test(value: object) -> bool:
        for each in tests:  # noqa: SIM110 -- a generator for every value costs more than the tests
            if not each(value):
                return False
        return True

    return test


def _some(tests: Sequence[Predicate]) -> Predicate:
    return lambda value: any(test(value) for test in tests)


def _one(tests: Sequence[Predicate]) -> Predicate:
    return lambda value: sum(test(value) for test in tests) == 1


def _negated(test: Predicate) -> Predicate:
    return lambda value: not test(value)


def _type(types: str | list[str]) -> Predicate:
    if types == "string":
        return lambda value: isinstance(value, str)
    if isinstance(types, str):
        return lambda value: _is_type(value, types)
    return lambda value: any(_is_type(value, each) for each in types)


def _one_of(values: Sequence[Any]) -> Predicate:
    """Strings only: JSON's equality of numbers and booleans is not Python's."""
    if not all(isinstance(value, str) for value in values):
        raise UnknownKeywordError("enum of other values than strings")
    allowed = frozenset(values)
    return lambda value: isinstance(value, str) and value in allowed


def _pattern(pattern: str) -> Predicate:
    search = re.compile(pattern).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _required(names: Sequence[str]) -> Predicate:
    needed = tuple(names)

    def test(value: object) -> bool:
        if isinstance(value, dict):
            for name in needed:
                if name not in value:
                    return False
        return True

    return test


def _dependent_required(dependencies: Mapping[str, Sequence[str]]) -> Predicate:
    tests = {name: _required(needed) for name, needed in dependencies.items()}
    return lambda value: (
        not isinstance(value, dict) or all(name not in value or test(value) for name, test in tests.items())
    )


def _additional(extra: Schema, schema: Mapping[str, Any]) -> Predicate:
    """What `properties` beside it does not do already."""
    if not isinstance(extra, bool):
        raise UnknownKeywordError("additionalProperties with a schema")
    return _yes if extra or "properties" in schema else lambda value: not isinstance(value, dict) or not value


def _on_numbers(fails: Callable[[Any], bool]) -> Predicate:
    """Written as failing, as the library does: NaN is neither below nor above anything."""
    return lambda value: not _is_type(value, "number") or not fails(value)


_ASSERTIONS: Mapping[str, Callable[[Any], Predicate]] = {
    "type": _type,
    "const": lambda value: _one_of([value]),
    "enum": _one_of,
    "minLength": lambda limit: lambda value: not isinstance(value, str) or len(value) >= limit,
    "maxLength": lambda limit: lambda value: not isinstance(value, str) or len(value) <= limit,
    "pattern": _pattern,
    "minimum": lambda limit: _on_numbers(lambda value: bool(value < limit)),
    "maximum": lambda limit: _on_numbers(lambda value: bool(value > limit)),
    "exclusiveMinimum": lambda limit: _on_numbers(lambda value: bool(value <= limit)),
    "exclusiveMaximum": lambda limit: _on_numbers(lambda value: bool(value >= limit)),
    "required": _required,
    "dependentRequired": _dependent_required,
}
