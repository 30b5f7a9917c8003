"""W222: a step of a case begins before the step that precedes it by number, in the same source."""

from __future__ import annotations

from exchange.model.findings.rule_kinds import STEP_ORDER
from exchange.validation.rules.case_rule import CASE, CaseRule, found_in

_WORDS = {"step": "r.step_no", "earlier_step": "r.earlier_step"}

_QUERY = (
    f"SELECT {found_in('case_process', STEP_ORDER, 'event_start_time', _WORDS)} FROM ("
    f"SELECT *, lag(step_no) OVER steps AS earlier_step, lag(event_start_time) OVER steps AS earlier "
    f"FROM rule_case_process WHERE event_start_time IS NOT NULL "
    f"WINDOW steps AS (PARTITION BY _origin, _source, {CASE} ORDER BY step_no::BIGINT)) r "
    f"WHERE r.event_start_time < r.earlier"
)

RULE = CaseRule((STEP_ORDER,), {"case_process": _QUERY})
