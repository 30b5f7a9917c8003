"""What a rule on the records of one case is. Such a rule is a function of the records, whichever of them came first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.model.findings import Kind
from exchange.model.record_sql import literal
from exchange.validation.rules.rule import word_map

LINEAGE = ("_origin", "_source", "_key", "_batch", "_file", "_row", "_seq")
CASE = "project_no"
CASE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case_basic": ("accept_date", "promise_date", "catalog_code"),
    "case_process": ("step_no", "event_start_time", "event_end_time"),
    "case_special": ("special_time", "end_time"),
    "case_result": ("result_date",),
}
"""The datasets that speak of a case, and the fields that the rules look at."""
ACCEPTED = (
    f"(SELECT _origin, {CASE}, min(accept_date) AS accepted, arg_min(promise_date, accept_date) AS promise_date, "
    f"arg_min(catalog_code, accept_date) AS catalog_code FROM rule_case_basic "
    f"WHERE accept_date IS NOT NULL GROUP BY _origin, {CASE})"
)
"""SQL of each case's acceptance; of several basics of one case at one node the earliest counts."""


@dataclass(frozen=True, slots=True)
class CaseRule:
    """One rule on the records of cases.

    `queries` gives for a dataset SQL that finds what is wrong with its records: none, where the cases have none. They
    read `rule_<dataset>` for each of `CASE_COLUMNS`: the live records of some cases with their `LINEAGE`,
    the case's number and those columns; and the tables of `register_reference`. They yield what `found_in` selects.
    """

    kinds: tuple[Kind, ...]
    queries: Mapping[str, str]


def found_in(dataset: str, kind: Kind, field: str, words: Mapping[str, str]) -> str:
    """The columns of a finding, to be selected: the dataset, lineage and case of the record `r`, and the finding."""
    lineage = ", ".join(f"r.{name}" for name in (*LINEAGE, CASE))
    return (
        f"{literal(dataset)} AS dataset, {lineage}, {literal(field)} AS field, {literal(kind.code)} AS code, "
        f"{word_map(words)} AS words"
    )


def clock(moment: str) -> str:
    """SQL of a moment as people read it: 2024-05-01 10:00."""
    return f"replace(left({moment}, 16), 'T', ' ')"
