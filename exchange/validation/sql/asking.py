"""The reference within SQL: functions of a connection that let `jsonschema` itself decide what SQL cannot say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from jsonschema import Draft202012Validator, FormatChecker

from exchange.validation.coerce import reader
from exchange.validation.formats.arrays import ON_ARRAYS, OnArray, by_distinct
from exchange.validation.sql.logic import Sql
from exchange.validation.sql.own import OwnFunctions


class Functions:
    """The functions that the SQL of one schema calls, by name. Each takes text and says yes or no."""

    def __init__(self, validator: Draft202012Validator, checker: FormatChecker) -> None:
        self._validator = validator
        self._checker = checker
        self._names: dict[str, int] = {}
        self._on_text: dict[str, OnArray] = {}
        self._on_records: dict[str, OnArray] = {}

    def format(self, name: str, cell: Sql) -> Sql:
        """Whether a text is of a format, by the function that the reference calls."""
        function = f"is_{''.join(each if each.isalnum() else '_' for each in name)}"
        self._on_text.setdefault(function, ON_ARRAYS.get(name) or by_distinct(self._conforms(name)))
        return f"{function}({cell})"

    def value(self, fragment: Mapping[str, Any], cell: Sql, keywords: Mapping[str, Any] | bool) -> Sql:
        """Whether the reference accepts a property's value under a part of the schema."""
        read, judge = reader(keywords), self._validator.evolve(schema=fragment)
        function = self._named("rule", fragment, keywords)
        self._on_text.setdefault(function, by_distinct(lambda text: judge.is_valid(read(text))))
        return f"{function}({cell})"

    def record(self, fragment: Mapping[str, Any] | bool, cells: Mapping[str, Sql], readers: Mapping[str, Any]) -> Sql:
        """The same for the whole record."""
        judge, names = self._validator.evolve(schema=fragment), tuple(cells)
        read = [reader(readers.get(each, True)) for each in names]

        def accepts(row: Sequence[str | None]) -> bool:
            filled = zip(names, read, row, strict=True)
            return bool(judge.is_valid({name: to(text) for name, to, text in filled if text is not None}))

        function = self._named("record", fragment)
        self._on_records[function] = lambda rows: pa.array([accepts(row) for row in rows.to_pylist()], pa.bool_())
        return f"{function}([{', '.join(cells.values())}])"

    def _named(self, kind: str, *asked: object) -> str:
        """The same name for the same question."""
        return f"{kind}_{self._names.setdefault(json.dumps([kind, asked], sort_keys=True), len(self._names))}"

    def register(self, own: OwnFunctions) -> None:
        """Make them known to a connection."""
        for argument, functions in (("VARCHAR", self._on_text), ("VARCHAR[]", self._on_records)):
            for name, function in functions.items():
                own.add(name, function, argument)

    def _conforms(self, name: str) -> Callable[[str], bool]:
        function, raises = self._checker.checkers[name]

        def conforms(text: str) -> bool:
            try:
                return bool(function(text))
            except raises:
                return False

        return conforms
