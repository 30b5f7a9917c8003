"""One feed as SQL: every row of its file with the record that it makes, and whether it is good as it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from jsonschema import FormatChecker

from exchange.model.dataset import Dataset, Field
from exchange.validation.formats.arrays import ON_ARRAYS
from exchange.validation.mapping import Origin
from exchange.validation.normalise.arrays import CleanCells
from exchange.validation.normalise.clean import clean_cell, translated
from exchange.validation.sql import Column, SchemaSql, Uncompiled, column
from exchange.validation.sql.facts import FACTS, Facts
from exchange.validation.sql.logic import TRUE, Sql, all_of, any_of, is_one_of, name, text
from exchange.validation.sql.own import OwnFunctions

CLEAN, CELLS = "_clean", "_cells"


class Filled(NamedTuple):
    """A field that the file fills: what stands in it, when that is clean, a format that is proven then."""

    name: str
    value: Sql
    clean: Sql = TRUE
    proven: str | None = None


class FeedSql:
    """The fast path of one feed.

    `columns` are the file's own columns in their order; in SQL they are c0, c1 … A row is clean when its cells are, and
    the record then keeps to the schema, has no code that its table lacks, and is not the header once more.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        columns: Sequence[str],
        fields: Sequence[Filled],
        facts: Facts,
        checker: FormatChecker,
    ) -> None:
        self.columns = tuple(columns)
        self._fields = fields
        self._facts = facts
        self._cells = [f"c{place}" for place in range(len(columns))]
        properties = schema.get("properties", {})
        held = {each.name: self._column(each, place, properties) for place, each in enumerate(fields)}
        self._schema = SchemaSql(schema, held, checker)
        header = f"(c0 IS DISTINCT FROM {text(self.columns[0])})" if columns else TRUE
        self.clean = all_of([header, *(each.clean for each in fields), facts.hold, self._schema.accepts()])

    @property
    def uncompiled(self) -> list[Uncompiled]:
        """The rules that `jsonschema` decides, row by row."""
        return self._schema.uncompiled

    def register(self, own: OwnFunctions) -> None:
        """Make known to a connection what the SQL calls."""
        self._schema.functions.register(own)
        self._facts.register(own)

    def rows(self, source: Sql, fields: Sequence[str]) -> Sql:
        """Every row of `source` (which has c0, c1 …): the fields as text, CLEAN, and CELLS where it is not clean."""
        values = [f"{each.value} AS v{place}" for place, each in enumerate(self._fields)]
        inner = ", ".join([*self._cells, *values, f"{self._facts.column} AS {FACTS}"])
        places = {each.name: f"v{place}" for place, each in enumerate(self._fields)}
        wanted = [f"{places.get(each, 'CAST(NULL AS VARCHAR)')} AS {name(each)}" for each in fields]
        outer = ", ".join([*wanted, CLEAN, f"CASE WHEN NOT {CLEAN} THEN [{', '.join(self._cells)}] END AS {CELLS}"])
        judged = f"SELECT *, coalesce({self.clean}, false) AS {CLEAN} FROM (SELECT {inner} FROM {source})"
        return f"SELECT {outer} FROM ({judged})"

    def _column(self, field: Filled, place: int, properties: Mapping[str, Any]) -> Column:
        """The field as the schema sees it; the formats that arithmetic tells are facts about the file's own cell."""
        held = column(field.name, f"v{place}", properties.get(field.name, True))
        return replace(held, told=partial(self._told, field))

    def _told(self, field: Filled, asked: str) -> Sql | None:
        if asked == field.proven:
            return TRUE
        judge = ON_ARRAYS.get(asked)
        return self._facts.ask(field.value, asked, judge) if judge and field.value in self._cells else None


def feed_sql(
    dataset: Dataset,
    columns: Sequence[str],
    mapping: Mapping[str, Origin],
    codes: Mapping[str, Mapping[str, str]],
    tables: Mapping[str, Collection[str]],
    checker: FormatChecker,
) -> FeedSql:
    """The feed that a contract describes. `tables` are the code tables that `x-codes` names."""
    keys = {*dataset.key, *(each for reference in dataset.references for each in reference.fields)}
    cells = {each: f"c{place}" for place, each in enumerate(columns)}
    facts = Facts()
    fields = []
    for field in dataset.fields:
        origin, value = mapping.get(field.name, ("constant", ""))
        if origin == "constant" and value:
            fields.append(Filled(field.name, text(value)))
        elif origin == "column" and value in cells:
            keywords = dataset.schema["properties"][field.name]
            found = clean_cell(field, cells[value], keywords, key=field.name in keys)
            if field.name in codes:
                found = translated(found, cells[value], codes[field.name], facts)
            if isinstance(found.judge, CleanCells):
                facts.require_of_cells(cells[value], found.judge)
            elif found.judge is not None:
                facts.require(cells[value], found.judge)
            clean = all_of([found.condition, _known_code(field, keywords, found.value, tables)])
            fields.append(Filled(field.name, found.value, _where_there(cells[value], clean), found.proven))
    return FeedSql(dataset.schema, columns, fields, facts, checker)


def as_it_is(schema: Mapping[str, Any], columns: Sequence[str], checker: FormatChecker) -> FeedSql:
    """A file's own columns as the fields, nothing mapped or repaired."""
    fields = [Filled(each, f"c{place}") for place, each in enumerate(columns)]
    return FeedSql(schema, columns, fields, Facts(), checker)


def _where_there(cell: Sql, condition: Sql) -> Sql:
    return condition if condition == TRUE else f"(CASE WHEN {cell} IS NULL THEN true ELSE {condition} END)"


def _known_code(field: Field, keywords: Mapping[str, Any], value: Sql, tables: Mapping[str, Collection[str]]) -> Sql:
    """Whether no warning is due: a code that is in no table is one, where no `enum` rejects it."""
    if field.codes is None or "enum" in keywords or field.codes not in tables:
        return TRUE
    return any_of([f"({value} IS NULL)", is_one_of(value, sorted(tables[field.codes]))])
