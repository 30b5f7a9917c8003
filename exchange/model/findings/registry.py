"""Every kind of finding, by code. Codes are stable: one that is no longer emitted is kept, never reused."""

from __future__ import annotations

from exchange.model.findings import (
    crosscheck_kinds,
    file_kinds,
    licence_kinds,
    record_kinds,
    repair_kinds,
    row_kinds,
    rule_kinds,
    slip_kinds,
)
from exchange.model.findings.finding import Kind

_MODULES = (file_kinds, record_kinds, row_kinds, repair_kinds, rule_kinds, licence_kinds, slip_kinds, crosscheck_kinds)


def _collect() -> dict[str, Kind]:
    kinds = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Kind)]
    by_code = {kind.code: kind for kind in kinds}
    if len(by_code) != len(kinds):
        raise AssertionError("two kinds of finding share one code")
    return dict(sorted(by_code.items()))


ALL_KINDS: dict[str, Kind] = _collect()


def kind(code: str) -> Kind:
    """The kind with this code; KeyError when there is none."""
    return ALL_KINDS[code]
