"""W223: the result of a case is earlier than the end of its last step; a step without an end ends when it starts."""

from __future__ import annotations

from exchange.model.findings.rule_kinds import RESULT_BEFORE_STEP
from exchange.validation.rules.case_rule import CASE, CaseRule, clock, found_in

_QUERY = (
    f"SELECT {found_in('case_result', RESULT_BEFORE_STEP, 'result_date', {'ended': clock('p.ended')})} "
    f"FROM rule_case_result r JOIN ("
    f"SELECT _origin, {CASE}, max(coalesce(event_end_time, event_start_time)) AS ended FROM rule_case_process "
    f"GROUP BY _origin, {CASE}) p USING (_origin, {CASE}) WHERE r.result_date < p.ended"
)

RULE = CaseRule((RESULT_BEFORE_STEP,), {"case_result": _QUERY})
