"""The places at which a schema can fail: one condition for each error that `jsonschema` can report of a record.

Two rows that fail at the same places have the same errors, so that one of them explains both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from exchange.validation.sql.assertions import Beyond
from exchange.validation.sql.columns import Column
from exchange.validation.sql.logic import FALSE, TRUE, Sql, all_of, negation
from exchange.validation.sql.schema import KNOWN, Path, Schema, SchemaSql


class Site(NamedTuple):
    """One place: `path` in the record and `rule` in the schema as the library gives them; `broken` when it fails."""

    path: Path
    rule: Path
    broken: Sql


class _Place(NamedTuple):
    """Where the walk is: in the schema, at which value (None: the record), and under which conditions."""

    rule: Path
    at: Column | None
    guard: Sql

    @property
    def path(self) -> Path:
        return () if self.at is None else (self.at.name,)

    def site(self, broken: Sql, *rule: str | int) -> Site:
        return Site(self.path, (*self.rule, *rule), all_of([self.guard, broken]))

    def deeper(self, *rule: str | int) -> _Place:
        return self._replace(rule=(*self.rule, *rule))

    def under(self, guard: Sql) -> _Place:
        return self._replace(guard=all_of([self.guard, guard]))


def sites(of: SchemaSql) -> list[Site]:
    """Every place that can fail, in the order in which the library looks."""
    found = _sites(of, of.schema, _Place((), None, TRUE))
    return [each for each in found if each.broken != FALSE]


def _sites(of: SchemaSql, schema: Schema, place: _Place) -> Iterator[Site]:
    if isinstance(schema, bool):
        if not schema:
            yield place.site(TRUE)
        return
    for keyword in schema:
        if keyword in KNOWN:
            yield from _of_keyword(of, keyword, schema, place)


def _of_keyword(of: SchemaSql, keyword: str, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    asked = schema[keyword]
    try:
        if keyword == "allOf":
            for number, each in enumerate(asked):
                yield from _part(of, each, place.deeper("allOf"), number)
        elif keyword == "if":
            yield from _conditional(of, schema, place)
        elif keyword == "$ref":
            yield from _sites(of, of.resolved(asked), place)
        elif place.at is None and keyword in _ON_RECORDS:
            yield from _ON_RECORDS[keyword](of, schema, place)
        else:
            yield _whole(of, keyword, schema, place)
    except Beyond:
        yield _whole(of, keyword, schema, place)


def _whole(of: SchemaSql, keyword: str, schema: Mapping[str, Any], place: _Place) -> Site:
    """One error for all that the keyword asks. Where only the reference can tell, only it can tell the errors too."""
    try:
        broken = negation(of.compiled(keyword, schema, place.at, place.rule))
    except Beyond:
        broken = f"(CASE WHEN {of.keyword(keyword, schema, place.at, place.rule)} THEN false END)"
    return place.site(broken, keyword)


def _part(of: SchemaSql, schema: Schema, place: _Place, *step: str | int) -> Iterator[Site]:
    """A part that the library descends into: of `false` it does not say the last step."""
    return _sites(of, schema, place if schema is False else place.deeper(*step))


def _of_value(of: SchemaSql, schema: Schema, place: _Place, at: Column, step: str) -> Iterator[Site]:
    """A part about one value; of `false` the library does not say at which value."""
    return _part(of, schema, place if schema is False else place._replace(at=at), step)


def _conditional(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    condition = of.accepts(schema["if"], place.at, (*place.rule, "if"))
    for name, guard in (("then", condition), ("else", negation(condition))):
        if name in schema:
            yield from _part(of, schema[name], place.under(guard), name)


def _properties(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    for name, each in schema["properties"].items():
        if name in of.columns:
            column = of.columns[name]
            inside = place.deeper("properties").under(column.present)
            yield from _of_value(of, each, inside, column, name)


def _pattern_properties(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    for pattern, each in schema["patternProperties"].items():
        for column in of.columns_like(pattern):
            inside = place.deeper("patternProperties").under(column.present)
            yield from _of_value(of, each, inside, column, pattern)


def _additional(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    here = place.deeper("additionalProperties")
    for column in of.extra_columns(schema):
        if schema["additionalProperties"] is False:
            yield here.site(column.present)
        else:
            inside = here.under(column.present)._replace(at=column)
            yield from _sites(of, schema["additionalProperties"], inside)


def _required(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    for name in schema["required"]:
        yield place.site(negation(of.present(name)), "required")


def _dependent_required(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    for name, needed in schema["dependentRequired"].items():
        for each in needed:
            yield place.under(of.present(name)).site(negation(of.present(each)), "dependentRequired")


def _dependent_schemas(of: SchemaSql, schema: Mapping[str, Any], place: _Place) -> Iterator[Site]:
    for name, each in schema["dependentSchemas"].items():
        yield from _part(of, each, place.deeper("dependentSchemas").under(of.present(name)), name)


_ON_RECORDS = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "required": _required,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
}
