"""The reference verdict: the `jsonschema` library, draft 2020-12, with formats asserted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from exchange.errors import ConfigError
from exchange.model.findings import Finding, row_kinds
from exchange.text import Text
from exchange.validation.compiled import compiled
from exchange.validation.explain import Explainer, Fault, fault_of
from exchange.validation.formats import format_checker


class JsonschemaVerdicts:
    """Holds records against one schema.

    `code_tables` maps the names that `x-codes` uses to the codes of each table; without it code tables are not looked
    at. A code table never rejects a record (an `enum` beside it does): a code that is not in it is a warning.
    ConfigError when the schema is none, or names a table that is not there.
    """

    def __init__(self, schema: Mapping[str, Any], code_tables: Mapping[str, Collection[str]] | None = None) -> None:
        _must_be_a_schema(schema)
        checker = format_checker()
        # An empty registry: a reference to somewhere else is an error, never a request to the network.
        self._validator = Draft202012Validator(schema, format_checker=checker, registry=Registry())
        self._accepts = compiled(schema, checker)
        self._explainer = Explainer(schema)
        self.code_tables = code_tables or {}
        self._tables = [] if code_tables is None else _tables(schema, code_tables)

    def findings(self, record: Mapping[str, Any], *, row: int, line: int) -> Sequence[Finding]:
        """What breaks the schema; empty exactly when `jsonschema` accepts the record."""
        instance = record if isinstance(record, dict) else dict(record)
        if self._accepts is not None and self._accepts(instance):
            return ()
        return self.explained(self.faults(instance), instance, row=row, line=line)

    def faults(self, record: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Every error that `jsonschema` reports of a record."""
        instance = record if isinstance(record, dict) else dict(record)
        try:
            return tuple(fault_of(error, instance) for error in self._validator.iter_errors(instance))
        except Unresolvable as error:
            raise ConfigError(
                Text(f"数据规范引用了找不到的定义：{error.ref}", f"The schema refers to what is not there: {error.ref}")
            ) from error

    def explained(
        self, faults: Sequence[Fault], record: Mapping[str, Any], *, row: int, line: int
    ) -> Sequence[Finding]:
        """The findings that errors of this record, or of one that fails at the same places, come to."""
        return self._explainer.explained(faults, record, row=row, line=line)

    def warnings(self, record: Mapping[str, Any], *, row: int, line: int) -> Sequence[Finding]:
        """Values that are in no code table; such a record is accepted all the same."""
        if not self._tables:
            return ()
        return [
            self._explainer.finding(
                row_kinds.CODE_UNKNOWN, field, row, line, {"table": name, **self._explainer.quoted(field, value)}
            )
            for field, name, codes in self._tables
            if isinstance(value := record.get(field), str) and value not in codes
        ]


def _must_be_a_schema(schema: Mapping[str, Any]) -> None:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "/".join(str(step) for step in error.absolute_path) or "/"
        raise ConfigError(
            Text(
                f"数据规范不是有效的 JSON Schema（位置 {where}）：{error.message}",
                f"The schema is no valid JSON Schema (at {where}): {error.message}",
            )
        ) from error


def _tables(
    schema: Mapping[str, Any], code_tables: Mapping[str, Collection[str]]
) -> list[tuple[str, str, Collection[str]]]:
    """The fields whose codes only a table names, with the table's name and codes."""
    tables = []
    for field, keywords in schema.get("properties", {}).items():
        name = keywords.get("x-codes") if isinstance(keywords, Mapping) else None
        if name is None:
            continue
        if name not in code_tables:
            raise ConfigError(
                Text(
                    f"字段 {field} 引用的代码表 {name} 不存在，请在目录中补充。",
                    f"The field {field} names the code table {name}, which the catalogue does not have. Add it.",
                )
            )
        if "enum" not in keywords:
            tables.append((field, name, code_tables[name]))
    return tables
