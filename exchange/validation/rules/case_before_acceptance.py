"""W221: a step, a special procedure or a result is earlier than the acceptance of its case."""

from __future__ import annotations

from exchange.model.findings.rule_kinds import BEFORE_ACCEPTANCE
from exchange.validation.rules.case_rule import ACCEPTED, CASE, CaseRule, clock, found_in

_FIELDS = {"case_process": "event_start_time", "case_special": "special_time", "case_result": "result_date"}

RULE = CaseRule(
    (BEFORE_ACCEPTANCE,),
    {
        dataset: f"SELECT {found_in(dataset, BEFORE_ACCEPTANCE, field, {'accepted': clock('b.accepted')})} "
        f"FROM rule_{dataset} r JOIN {ACCEPTED} b USING (_origin, {CASE}) WHERE r.{field} < b.accepted"
        for dataset, field in _FIELDS.items()
    },
)
