"""The rules on the records of cases, run over the cases that a store says have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from exchange.model.dataset import Dataset
from exchange.validation.rules import case_before_acceptance, case_overdue, case_result_before_step, case_step_order
from exchange.validation.rules.case_rule import CASE, LINEAGE, CaseRule
from exchange.validation.rules.texts import TEXT_COLUMNS, text

CASE_RULES: tuple[CaseRule, ...] = (
    case_before_acceptance.RULE,
    case_step_order.RULE,
    case_result_before_step.RULE,
    case_overdue.RULE,
)
_PLACE = ", ".join((*LINEAGE, CASE))


def find_in_cases(connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset]) -> bool:
    """Find what is wrong with the records of `datasets`; false when nothing is.

    All findings are left in the temporary table `case_findings`: dataset, `LINEAGE`, the case's number, and the texts
    of a finding. The tables that `CaseRule` names must be there.
    """
    names = {dataset.name for dataset in datasets}
    queries = [f"({query})" for rule in CASE_RULES for name, query in rule.queries.items() if name in names]
    if not queries:
        return False
    connection.execute(f"CREATE OR REPLACE TEMP TABLE case_found AS {' UNION ALL '.join(queries)}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE case_words AS SELECT (row_number() OVER ())::BIGINT AS id, * FROM ("
        "SELECT DISTINCT dataset, field, code, words FROM case_found)"
    )
    said = connection.execute("SELECT id, dataset, field, code, words FROM case_words").fetchall()
    if not said:
        return False
    connection.register("case_texts", _texts(said, {dataset.name: dataset for dataset in datasets}))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE case_findings AS SELECT f.dataset, {_PLACE}, t.* EXCLUDE (id) "
        f"FROM case_found f JOIN case_words w USING (dataset, field, code, words) JOIN case_texts t USING (id)"
    )
    connection.unregister("case_texts")
    return True


def _texts(said: Sequence[tuple[Any, ...]], datasets: Mapping[str, Dataset]) -> pa.Table:
    told = [(number, *text(datasets[name], *finding)) for number, name, *finding in said]
    return pa.table(dict(zip(("id", *TEXT_COLUMNS), zip(*told, strict=True), strict=True)))
