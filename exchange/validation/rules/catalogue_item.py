"""W301 to W306 (三级四同): a record's item held against the version of the catalogue that was in force on its day.

Plan of Jiangsu 2017: name, code, type and basis of an item are the same at every level. An item that only one place has
(独有) is exempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from exchange.model.dataset import Dataset
from exchange.model.findings import Kind
from exchange.model.findings.rule_kinds import (
    ITEM_BASIS,
    ITEM_CODE,
    ITEM_NAME,
    ITEM_NOT_IN_FORCE,
    ITEM_TYPE,
    ITEM_UNKNOWN,
)
from exchange.model.record_sql import ident, is_deletion, literal
from exchange.validation.rules.rule import Rule, record_moment, shown, word_map
from exchange.validation.rules.same_text import same_text

CODE = "catalog_code"
_TASK = "task_code"
_NATIONAL = (31, 33)
"""Lengths of task codes that hold a catalogue code, in places 20 to 31."""
_CATALOGUED = 12
"""Length of the catalogue's codes; one of GB/T 39046-2020 (10 at most) is of another generation and is not judged."""


class Compared(NamedTuple):
    """A field of a record, the column of the catalogue that it must agree with, and the finding when it does not."""

    field: str
    column: str
    kind: Kind


_COMPARED = (
    Compared("task_name", "name", ITEM_NAME),
    Compared("task_type", "type", ITEM_TYPE),
    Compared("by_law", "by_law", ITEM_BASIS),
)


def speaks_of_items(dataset: Dataset) -> bool:
    """Whether records of this dataset name an item of the catalogue."""
    return CODE in dataset.field_names and record_moment(dataset) is not None


def deviations(dataset: Dataset, source: str, kept: Sequence[str], items: str = "rule_items") -> str:
    """SQL of every deviation of the records of `source`: `kept` columns, item, day, field, code, found and wanted.

    `items` is a table of item versions (`register_items`).
    """
    fields = [each for each in _COMPARED if each.field in dataset.field_names]
    own = [name for name in (CODE, _TASK, *(each.field for each in fields)) if name in dataset.field_names]
    same = " AND ".join([f"d.{ident(each.field)} = i.{each.column}" for each in fields] or ["true"])
    columns = ", ".join([*kept, *(ident(name) for name in own)])
    return (
        f"WITH dated AS (SELECT {columns}, {record_moment(dataset)} AS moment FROM {source} "
        f"WHERE {CODE} IS NOT NULL AND moment IS NOT NULL AND NOT {is_deletion(dataset)}), "
        f"judged AS MATERIALIZED (SELECT d.*, i.version, i.name, i.type, i.by_law AS basis, i.local_only FROM dated d "
        f"LEFT JOIN {items} i ON i.catalog_code = d.{CODE} AND i.valid_from <= d.moment AND d.moment < i.valid_to "
        f"WHERE i.version IS NULL OR {_inner_differs('d.') if _TASK in own else 'false'} "
        f"OR NOT coalesce({same}, false)) "
        f"{' UNION ALL '.join(_parts(fields, own, kept, items))}"
    )


def _inner_differs(of: str = "") -> str:
    task = f"{of}{_TASK}"
    lengths = " OR ".join(f"length({task}) = {length}" for length in _NATIONAL)
    return f"coalesce(({lengths}) AND substr({task}, 20, {_CATALOGUED}) <> {of}{CODE}, false)"


def _parts(fields: Sequence[Compared], own: Sequence[str], kept: Sequence[str], items: str) -> Iterator[str]:
    known = f"EXISTS (SELECT 1 FROM {items} k WHERE k.catalog_code = judged.{CODE})"
    start = f"SELECT {', '.join([*kept, f'{CODE} AS item', 'left(moment, 10) AS day'])}"
    unknown = f"FROM judged WHERE version IS NULL AND length({CODE}) = {_CATALOGUED}"
    yield f"{start}, {_columns(CODE, ITEM_UNKNOWN, CODE, literal(''))} {unknown} AND NOT {known}"
    yield f"{start}, {_columns(CODE, ITEM_NOT_IN_FORCE, CODE, literal(''))} {unknown} AND {known}"
    if _TASK in own:
        inner = f"substr({_TASK}, 20, {_CATALOGUED})"
        yield f"{start}, {_columns(_TASK, ITEM_CODE, inner, CODE)} FROM judged WHERE {_inner_differs()}"
    for each in fields:
        wanted = "basis" if each.column == "by_law" else each.column
        yield (
            f"{start}, {_columns(each.field, each.kind, ident(each.field), wanted)} FROM judged "
            f"WHERE local_only = 'false' AND {ident(each.field)} <> {wanted} "
            f"AND NOT {same_text(ident(each.field), wanted)}"
        )


def _columns(field: str, kind: Kind, found_value: str, wanted: str) -> str:
    columns: Mapping[str, str] = {
        "field": literal(field),
        "code": literal(kind.code),
        "found": found_value,
        "wanted": wanted,
    }
    return ", ".join(f"{value} AS {name}" for name, value in columns.items())


def _queries(dataset: Dataset) -> Iterator[str]:
    if not speaks_of_items(dataset):
        return
    words = {"item": "item", "day": "day", "found": shown("found"), "wanted": shown("wanted")}
    yield f"SELECT _row, field, code, {word_map(words)} AS words FROM ({deviations(dataset, 'records', ['_row'])})"


RULE = Rule((ITEM_UNKNOWN, ITEM_NOT_IN_FORCE, ITEM_CODE, ITEM_NAME, ITEM_TYPE, ITEM_BASIS), _queries)
