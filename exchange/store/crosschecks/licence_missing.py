"""W411: a result says that a licence was issued, and none of that number has come within the declared time."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.model.crosscheck import CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.findings.crosscheck_kinds import LICENCE_MISSING
from exchange.store.crosschecks.cross_check import CrossCheck, day_sql, shown_number, told
from exchange.store.crosschecks.numbers import BORNE, NAMED

DAYS = "cross_days"
"""A relation (day, working): days, and how many working days there are up to and with each."""
GRANTED = "'0'"
"""出证办结: the outcome that names a certificate."""


def _query(_: Mapping[str, Dataset], terms: CrossTerms) -> str:
    words = {
        "number": shown_number("written"),
        "day": "settled",
        "within": f"{terms.within_days:d}",
        "as_of": f"'{terms.day.isoformat()}'",
    }
    come = f"(SELECT DISTINCT number FROM {BORNE})"
    return (
        f"SELECT {told(LICENCE_MISSING, 'case_result', 'result_cetr_no', terms, words)} "
        f"FROM {NAMED} n LEFT JOIN {DAYS} d ON d.day = try_cast(n.settled AS DATE) "
        f"ANTI JOIN {come} c ON c.number = n.number ANTI JOIN {come} w ON w.number = n.whole "
        f"WHERE n.outcome = {GRANTED} AND {_overdue(terms)}"
    )


def _overdue(terms: CrossTerms) -> str:
    """Working days between where both days are known, else calendar days."""
    today = day_sql(terms)
    working = f"(SELECT working FROM {DAYS} WHERE day = {today}) - d.working"
    return f"coalesce({working}, {today} - try_cast(n.settled AS DATE)) > {terms.within_days:d}"


CHECK = CrossCheck(frozenset({"case_result", "licence"}), _query)
