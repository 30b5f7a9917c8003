"""W224: a case took more working days than were promised.

The day of acceptance does not count (as for every period of 行政许可法), the day of the result does. Working days
within a special procedure, from the day after it begins to the day on which it ends, are taken off, each once.
Promised is what `promise_date` allows; without one, the working days of the item in the catalogue. Nothing is said of
a time that reaches into a year whose holidays are not known.
"""

from __future__ import annotations

from exchange.model.findings.rule_kinds import OVERDUE
from exchange.validation.rules.case_rule import ACCEPTED, CASE, CaseRule, found_in

_SETTLED = (
    f"SELECT r.*, left(b.accepted, 10) AS began, left(r.result_date, 10) AS ended, b.promise_date, i.promise_day "
    f"FROM rule_case_result r JOIN {ACCEPTED} b USING (_origin, {CASE}) "
    f"LEFT JOIN rule_items i ON i.catalog_code = b.catalog_code "
    f"AND i.valid_from <= b.accepted AND b.accepted < i.valid_to"
)
_COUNTED = (
    "SELECT s.*, last.working - first.working AS gross, CASE WHEN s.promise_date IS NULL THEN s.promise_day::INTEGER "
    "WHEN s.promise_date >= s.began THEN due.working - first.working END AS promised FROM settled s "
    "JOIN rule_days first ON first.day = s.began JOIN rule_days last ON last.day = s.ended "
    "LEFT JOIN rule_days due ON due.day = s.promise_date"
)
_WORKED = (
    "SELECT day FROM (SELECT day, working > lag(working, 1, 0) OVER (ORDER BY day) AS worked FROM rule_days) "
    "WHERE worked"
)
_STOPPED = (
    f"SELECT l._origin, l._source, l._key, count(DISTINCT w.day) AS days FROM late l "
    f"JOIN rule_case_special s ON s._origin = l._origin AND s.{CASE} = l.{CASE} "
    f"JOIN ({_WORKED}) w ON w.day > greatest(left(s.special_time, 10), l.began) "
    f"AND w.day <= least(left(coalesce(s.end_time, l.result_date), 10), l.ended) GROUP BY ALL"
)
_WORDS = {"used": "r.used", "promised": "r.promised"}

_QUERY = (
    f"WITH settled AS ({_SETTLED}), counted AS ({_COUNTED}), "
    f"late AS MATERIALIZED (SELECT * FROM counted WHERE gross > promised), stopped AS ({_STOPPED}) "
    f"SELECT {found_in('case_result', OVERDUE, 'result_date', _WORDS)} FROM ("
    f"SELECT l.*, gross - coalesce(x.days, 0) AS used FROM late l "
    f"LEFT JOIN stopped x USING (_origin, _source, _key)) r WHERE r.used > r.promised"
)

RULE = CaseRule((OVERDUE,), {"case_result": _QUERY})
