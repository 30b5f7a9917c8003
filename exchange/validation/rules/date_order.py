"""W202: dates of one record that cannot come in this order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import DATE_ORDER
from exchange.model.record_sql import ident, literal
from exchange.validation.rules.rule import Rule, found

_ORDERS = (
    ("apply_date", "accept_date", "promise_date"),
    ("event_start_time", "event_end_time"),
    ("special_time", "end_time"),
    ("issue_date", "valid_from", "valid_to"),
    ("plan_effective_date", "plan_cancel_date"),
    ("XK_JDRQ", "XK_YXQZI"),
    ("XK_YXQZ", "XK_YXQZI"),
)
"""The orders of the hub's own datasets, whose published schemas say nothing of it; a new schema says `x-order`."""


def orders(dataset: Dataset) -> list[Sequence[str]]:
    """The fields of a dataset that must not get earlier: those that `x-order` lists, or those that are known."""
    declared = dataset.schema.get("x-order")
    listed: Sequence[Sequence[str]] = _ORDERS if declared is None else declared
    present = [[name for name in order if name in dataset.field_names] for order in listed]
    return [order for order in present if len(order) > 1]


def _queries(dataset: Dataset) -> Iterator[str]:
    pairs = [(order[:at], order[at]) for order in orders(dataset) for at in range(1, len(order))]
    if not pairs:
        return
    names = sorted({name for before, later in pairs for name in (*before, later)})
    wrong = [_earlier(dataset, later, before) for before, later in pairs]
    found_rows = (
        f"SELECT {found(DATE_ORDER, later, {'other': _nearest_name(before)})} FROM suspect WHERE {condition}"
        for (before, later), condition in zip(pairs, wrong, strict=True)
    )
    yield (
        f"WITH suspect AS MATERIALIZED (SELECT _row, {', '.join(map(ident, names))} FROM records "
        f"WHERE {' OR '.join(wrong)}) {' UNION ALL '.join(found_rows)}"
    )


def _earlier(dataset: Dataset, later: str, before: Sequence[str]) -> str:
    """Whether a field is earlier than the nearest filled one before it."""
    cases = [(name, _is_before(dataset, later, name)) for name in reversed(before)]
    if len(cases) == 1:
        return cases[0][1]
    whens = " ".join(f"WHEN {ident(name)} IS NOT NULL THEN {wrong}" for name, wrong in cases)
    return f"CASE {whens} ELSE false END"


def _is_before(dataset: Dataset, later: str, name: str) -> str:
    """By the day where one of them has no time. As texts a day is less than its own moments, hence the second look."""
    one, other = ident(later), ident(name)
    if "date" not in (dataset.field(later).format, dataset.field(name).format):
        return f"({one} < {other})"
    return f"({one} < {other} AND left({one}, 10) < left({other}, 10))"


def _nearest_name(before: Sequence[str]) -> str:
    whens = " ".join(f"WHEN {ident(name)} IS NOT NULL THEN {literal(name)}" for name in reversed(before))
    return f"CASE {whens} END"


RULE = Rule((DATE_ORDER,), _queries)
