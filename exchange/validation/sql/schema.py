"""A schema as one condition on a row: true exactly when `jsonschema` accepts the record that the row makes.

What SQL cannot say goes to the reference, rule by rule, as a function call in the same condition; `uncompiled` lists
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker

from exchange.validation.sql.asking import Functions
from exchange.validation.sql.assertions import ON_VALUES, Beyond, of_text
from exchange.validation.sql.columns import Column
from exchange.validation.sql.evaluated import evaluates
from exchange.validation.sql.formats import conforms
from exchange.validation.sql.logic import (
    FALSE,
    TRUE,
    Sql,
    all_of,
    any_of,
    choice,
    exactly_one,
    negation,
    text,
)
from exchange.validation.sql.patterns import translated

Schema = Mapping[str, Any] | bool
Path = tuple[str | int, ...]

KNOWN = frozenset(Draft202012Validator.VALIDATORS)
_OF_RECORDS_OR_LISTS = frozenset(
    {
        *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames"),
        *("required", "dependentRequired", "dependentSchemas", "minProperties", "maxProperties"),
        *("items", "prefixItems", "unevaluatedItems", "contains", "minItems", "maxItems", "uniqueItems"),
    }
)
_BESIDE = {"if": ("then", "else")}


class Uncompiled(NamedTuple):
    """A rule that the reference decides row by row, where it stands in the schema, and why."""

    rule: Path
    reason: str


class SchemaSql:
    """One schema over the columns of one kind of file. `columns` are the properties that a row can have, by name."""

    def __init__(self, schema: Mapping[str, Any], columns: Mapping[str, Column], checker: FormatChecker) -> None:
        self.schema = schema
        self.columns = columns
        self._checker = checker
        self._validator = Draft202012Validator(schema, format_checker=checker)
        self.functions = Functions(self._validator, checker)
        self._uncompiled: dict[Path, str] = {}
        self._on_records: Mapping[str, Callable[[Any, Mapping[str, Any], Path], Sql]] = {
            "properties": self._properties,
            "patternProperties": self._pattern_properties,
            "additionalProperties": self._additional,
            "unevaluatedProperties": self._unevaluated,
            "required": lambda names, _schema, _rule: all_of(self.present(each) for each in names),
            "dependentRequired": self._dependent_required,
            "dependentSchemas": self._dependent_schemas,
            "minProperties": lambda least, _schema, _rule: f"({self._count()} >= {least})",
            "maxProperties": lambda most, _schema, _rule: f"({self._count()} <= {most})",
            "type": lambda types, _schema, _rule: (
                TRUE if "object" in ([types] if isinstance(types, str) else types) else FALSE
            ),
        }

    @property
    def uncompiled(self) -> list[Uncompiled]:
        """The rules that were left to the reference, so far as conditions were asked for."""
        return [Uncompiled(rule, reason) for rule, reason in sorted(self._uncompiled.items(), key=str)]

    def accepts(self, schema: Schema | None = None, at: Column | None = None, rule: Path = ()) -> Sql:
        """Whether the record, or the value that a column holds, keeps to a part of the schema; all of it by default."""
        schema = self.schema if schema is None else schema
        if isinstance(schema, bool):
            return TRUE if schema else FALSE
        if "$schema" in schema and rule:
            return self._ask("a dialect of its own", schema, at, rule)
        return all_of(self.keyword(each, schema, at, rule) for each in schema if each in KNOWN)

    def keyword(self, keyword: str, schema: Mapping[str, Any], at: Column | None, rule: Path) -> Sql:
        """The same for one keyword of a part."""
        try:
            return self.compiled(keyword, schema, at, rule)
        except Beyond as reason:
            here = (*rule, keyword)
            if keyword == "unevaluatedProperties":  # it means nothing without what stands beside it
                whole = self._ask(str(reason), schema, at, here)
                return f"(CASE WHEN {whole} THEN true END)"
            beside = {each: schema[each] for each in _BESIDE.get(keyword, ()) if each in schema}
            return self._ask(str(reason), {keyword: schema[keyword], **beside}, at, here)

    def present(self, name: str) -> Sql:
        """Whether the record has a property."""
        return self.columns[name].present if name in self.columns else FALSE

    def resolved(self, reference: str) -> Schema:
        """The part that a reference within the file names; Beyond when it leads elsewhere or around in a circle."""
        if not re.fullmatch(r"#(/[^%]*)?", reference):
            raise Beyond("a reference that leaves the file or names an anchor")
        here: Any = self.schema
        for step in reference[2:].split("/") if len(reference) > 1 else ():
            name = step.replace("~1", "/").replace("~0", "~")
            try:
                here = here[int(name)] if isinstance(here, list) else here[name]
            except (KeyError, IndexError, ValueError, TypeError) as error:
                raise Beyond("a reference to nothing") from error
        if here is self.schema or not isinstance(here, (Mapping, bool)) or _refers_on(here):
            raise Beyond("a reference that leads around in a circle, perhaps")
        return here

    def compiled(self, keyword: str, schema: Mapping[str, Any], at: Column | None, rule: Path) -> Sql:
        """The same, without the reference's help at this keyword; Beyond when it cannot be done."""
        asked, here = schema[keyword], (*rule, keyword)
        if keyword in {"allOf", "anyOf", "oneOf"}:
            together = {"allOf": all_of, "anyOf": any_of, "oneOf": exactly_one}[keyword]
            return together([self.accepts(each, at, (*here, place)) for place, each in enumerate(asked)])
        if keyword == "not":
            return negation(self.accepts(asked, at, here))
        if keyword == "if":
            then, otherwise = (self.accepts(schema.get(each, True), at, (*rule, each)) for each in ("then", "else"))
            return choice(self.accepts(asked, at, here), then, otherwise)
        if keyword == "$ref":
            return self.accepts(self.resolved(asked), at, here)
        if keyword == "$dynamicRef":
            raise Beyond("a dynamic reference")
        return self._on_record(keyword, schema, rule) if at is None else self._on_value(keyword, asked, at)

    def _on_record(self, keyword: str, schema: Mapping[str, Any], rule: Path) -> Sql:
        if keyword in self._on_records:
            return self._on_records[keyword](schema[keyword], schema, rule)
        if keyword in {"enum", "const", "propertyNames"}:
            raise Beyond(f"{keyword} of whole records")
        return TRUE  # a keyword of lists, numbers or text

    def _on_value(self, keyword: str, asked: Any, at: Column) -> Sql:  # noqa: ANN401 - as the schema has it
        if keyword in _OF_RECORDS_OR_LISTS:
            return TRUE  # a cell is neither
        if keyword == "pattern":
            return of_text(self._matches(asked, at), at)
        if keyword == "format":
            if asked not in self._checker.checkers:
                return TRUE
            return of_text(at.told(asked) or conforms(asked, at.sql, self.functions), at)
        return ON_VALUES[keyword](asked, at)

    def _matches(self, pattern: str, at: Column) -> Sql:
        found = translated(pattern)
        matches = f"regexp_matches({at.sql}, {text(found.pattern)})"
        if not found.ascii_only:
            return matches
        asked = self.functions.value({"pattern": pattern}, at.sql, True)
        return f"(CASE WHEN strlen({at.sql}) = length({at.sql}) THEN {matches} ELSE {asked} END)"

    def _properties(self, properties: Mapping[str, Schema], _schema: Mapping[str, Any], rule: Path) -> Sql:
        return all_of(
            self.where_present(self.columns[name], self.accepts(each, self.columns[name], (*rule, "properties", name)))
            for name, each in properties.items()
            if name in self.columns
        )

    def where_present(self, at: Column, condition: Sql) -> Sql:
        """A condition on a value, true where there is none."""
        return any_of([at.absent, condition]) if condition != TRUE else TRUE

    def extra_columns(self, schema: Mapping[str, Any]) -> list[Column]:
        """The columns that `additionalProperties` speaks of."""
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        others = [each for name, each in self.columns.items() if name not in named]
        return [each for each in others if not any(re.search(pattern, each.name) for pattern in patterns)]

    def columns_like(self, pattern: str) -> list[Column]:
        """The columns that a pattern of `patternProperties` speaks of."""
        return [each for name, each in self.columns.items() if re.search(pattern, name)]

    def _pattern_properties(self, patterns: Mapping[str, Schema], _schema: Mapping[str, Any], rule: Path) -> Sql:
        return all_of(
            self.where_present(column, self.accepts(each, column, (*rule, "patternProperties", pattern)))
            for pattern, each in patterns.items()
            for column in self.columns_like(pattern)
        )

    def _additional(self, extra: Schema, schema: Mapping[str, Any], rule: Path) -> Sql:
        here = (*rule, "additionalProperties")
        return all_of(self.where_present(each, self.accepts(extra, each, here)) for each in self.extra_columns(schema))

    def _unevaluated(self, extra: Schema, schema: Mapping[str, Any], rule: Path) -> Sql:
        here = (*rule, "unevaluatedProperties")
        return all_of(
            any_of([each.absent, evaluates(self, schema, name), self.accepts(extra, each, here)])
            for name, each in self.columns.items()
        )

    def _dependent_required(self, needs: Mapping[str, list[str]], _schema: Mapping[str, Any], _rule: Path) -> Sql:
        return all_of(
            self.where_present(self.columns[name], all_of(self.present(each) for each in needed))
            for name, needed in needs.items()
            if name in self.columns
        )

    def _dependent_schemas(self, needs: Mapping[str, Schema], _schema: Mapping[str, Any], rule: Path) -> Sql:
        return all_of(
            self.where_present(self.columns[name], self.accepts(each, None, (*rule, "dependentSchemas", name)))
            for name, each in needs.items()
            if name in self.columns
        )

    def _count(self) -> Sql:
        return f"({' + '.join(f'CAST({each.present} AS INTEGER)' for each in self.columns.values()) or '0'})"

    def _ask(self, reason: str, fragment: Schema, at: Column | None, rule: Path) -> Sql:
        self._uncompiled[rule] = reason
        properties = self.schema.get("properties", {})
        if at is not None:
            return self.functions.value(_as_mapping(fragment), at.sql, properties.get(at.name, True))
        return self.functions.record(fragment, {name: each.sql for name, each in self.columns.items()}, properties)


def _refers_on(schema: object) -> bool:
    """Whether a part holds references of its own."""
    if isinstance(schema, Mapping):
        return "$ref" in schema or "$dynamicRef" in schema or any(_refers_on(each) for each in schema.values())
    return isinstance(schema, list) and any(_refers_on(each) for each in schema)


def _as_mapping(fragment: Schema) -> Mapping[str, Any]:
    return {"not": {}} if fragment is False else {} if fragment is True else fragment
