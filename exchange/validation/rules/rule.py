"""What a rule is, and the SQL that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from exchange.model.dataset import Dataset
from exchange.model.findings import Kind
from exchange.model.record_sql import ident, literal

_LONGEST_SHOWN = 60
_DAYS = (
    "accept_date",
    "plan_effective_date",
    "issue_date",
    "XK_JDRQ",
    "result_date",
    "event_start_time",
    "special_time",
)
"""Fields that say on which day a record's thing happened; of several the first that is filled counts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on the accepted records of a batch.

    `queries` gives, for a dataset, SQL over the view `records` (every field of the dataset as text in standard form,
    and `_row`) and the tables of `register_reference`; nothing for a dataset in which there is nothing to hold. Each
    query yields what `found` selects. A rule emits no other kinds than `kinds`.

    `signs` gives cheaper SQL that yields at least one row wherever the queries would find something: where it yields
    none they need not run. Without it they always do.
    """

    kinds: tuple[Kind, ...]
    queries: Callable[[Dataset], Iterable[str]]
    signs: Callable[[Dataset], str] | None = None


def found(kind: Kind, field: str, words: Mapping[str, str] | None = None) -> str:
    """The columns of a finding, to be selected: `_row`, field, code, and the words of the template as SQL."""
    return f"_row, {literal(field)} AS field, {literal(kind.code)} AS code, {word_map(words or {})} AS words"


def word_map(words: Mapping[str, str]) -> str:
    """SQL of the words of a template, each SQL too. One that is nothing is empty: a template finds all of its words."""
    if not words:
        return "MAP {}::MAP(VARCHAR, VARCHAR)"
    entries = (f"{literal(name)}: coalesce(CAST({value} AS VARCHAR), '')" for name, value in words.items())
    return f"MAP {{{', '.join(entries)}}}"


def shown(value: str) -> str:
    """SQL of a value as a message quotes it: shortened. Never for a field that holds personal data."""
    return f"CASE WHEN length({value}) > {_LONGEST_SHOWN} THEN left({value}, {_LONGEST_SHOWN}) || '…' ELSE {value} END"


def record_day(dataset: Dataset) -> str | None:
    """SQL of the day of a record, as 2024-05-01; None when the dataset has no field that could say it."""
    moment = record_moment(dataset)
    return None if moment is None else f"left({moment}, 10)"


def record_moment(dataset: Dataset) -> str | None:
    """SQL of the day or the moment of a record, as it stands: enough to be compared, and cheaper than the day."""
    names = [name for name in (*_DAYS, *dataset.version[:1]) if name in dataset.field_names]
    if not names:
        return None
    needed = next((at for at, name in enumerate(names, 1) if _is_required(dataset, name)), len(names))
    fields = ", ".join(ident(name) for name in names[:needed])
    return f"coalesce({fields})" if needed > 1 else fields


def _is_required(dataset: Dataset, name: str) -> bool:
    """Whether every record but a deletion has the field: what stands after it need not be read."""
    asked = [dataset.schema, *(rule.get("else", {}) for rule in dataset.schema.get("allOf", ()))]
    return any(name in each.get("required", ()) for each in asked)
