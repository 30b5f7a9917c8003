"""Rows in, verdicts out: mapping, normalising, the schema, findings and the department's error slip."""
