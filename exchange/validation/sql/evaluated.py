"""Which properties a schema has looked at, for `unevaluatedProperties` (JSON Schema core, 11.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Protocol

from exchange.validation.sql.columns import Column
from exchange.validation.sql.logic import FALSE, TRUE, Sql, all_of, any_of, choice


class Conditions(Protocol):
    """What `SchemaSql` knows of a part of its schema."""

    columns: Mapping[str, Column]

    def accepts(self, schema: Mapping[str, Any] | bool, at: Column | None = None) -> Sql:
        """Whether the record, or a column's value, keeps to a part of the schema."""

    def present(self, name: str) -> Sql:
        """Whether the record has a property."""

    def resolved(self, reference: str) -> Mapping[str, Any] | bool:
        """The part of the schema that a reference names."""


def evaluates(of: Conditions, schema: Mapping[str, Any] | bool, name: str) -> Sql:
    """Whether a part of the schema looks at a property that is there; parts that fail look at nothing."""
    return FALSE if isinstance(schema, bool) else any_of(_by_keyword(of, schema, name))


def _by_keyword(of: Conditions, schema: Mapping[str, Any], name: str) -> Iterator[Sql]:
    yield TRUE if name in schema.get("properties", {}) else FALSE
    yield TRUE if any(re.search(pattern, name) for pattern in schema.get("patternProperties", {})) else FALSE
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        yield of.accepts(schema.get(keyword, False), of.columns[name])
    for needed, inner in schema.get("dependentSchemas", {}).items():
        yield all_of([of.present(needed), evaluates(of, inner, name)])
    for inner in chain.from_iterable(schema.get(keyword, ()) for keyword in ("allOf", "oneOf", "anyOf")):
        yield all_of([of.accepts(inner), evaluates(of, inner, name)])
    if "$ref" in schema:
        yield evaluates(of, of.resolved(schema["$ref"]), name)
    if "if" in schema:
        yield _conditionally(of, schema, name)


def _conditionally(of: Conditions, schema: Mapping[str, Any], name: str) -> Sql:
    met = any_of([evaluates(of, schema["if"], name), evaluates(of, schema.get("then", True), name)])
    return choice(of.accepts(schema["if"]), met, evaluates(of, schema.get("else", True), name))
