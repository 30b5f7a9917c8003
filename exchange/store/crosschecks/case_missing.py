"""W412: a licence of a source that also reports cases, issued since its first case, and no result names its number."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.model.crosscheck import CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.findings.crosscheck_kinds import CASE_MISSING
from exchange.store.crosschecks.cross_check import CrossCheck, shown_number, told
from exchange.store.crosschecks.numbers import BORNE, NAMED
from exchange.store.sql import held


def _query(datasets: Mapping[str, Dataset], terms: CrossTerms) -> str:
    words = {"number": shown_number("written"), "day": "issued", "first": "first"}
    since = (
        f"(SELECT _origin AS origin, _source AS source, min(left(accept_date, 10)) AS first "
        f"FROM {held(datasets['case_basic'])} WHERE NOT _deleted AND accept_date IS NOT NULL GROUP BY ALL)"
    )
    named = f"(SELECT number FROM {NAMED} UNION SELECT whole FROM {NAMED})"
    return (
        f"SELECT {told(CASE_MISSING, 'licence', 'certificate_number', terms, words)} "
        f"FROM {BORNE} JOIN {since} USING (origin, source) ANTI JOIN {named} USING (number) WHERE issued >= first"
    )


CHECK = CrossCheck(frozenset({"case_basic", "case_result", "licence"}), _query)
