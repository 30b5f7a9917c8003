"""Rules beyond one field: they warn, and never reject. One rule a file, which declares the findings it can emit."""

from exchange.validation.rules.batch import BATCH_RULES, FINDING_COLUMNS, run_rules
from exchange.validation.rules.rule import Rule
from exchange.validation.rules.tables import register_reference

__all__ = ["BATCH_RULES", "FINDING_COLUMNS", "Rule", "register_reference", "run_rules"]
