"""A finding: one rule broken at one row and field, with a stable code and a text for people."""

from exchange.model.findings.finding import Finding, Kind, Severity
from exchange.model.findings.registry import ALL_KINDS, kind

__all__ = ["ALL_KINDS", "Finding", "Kind", "Severity", "kind"]
