"""The texts of all kinds: two languages, the same fields, and none that would hold more than a template can fill."""

from __future__ import annotations

import re
import string

import pytest

from exchange.model.findings import ALL_KINDS, Kind, Severity
from exchange.model.findings.registry import kind

NAMES = {"title": "field", "shown": "value"} | {
    f"{word}_zh": f"{word}_en" for word in ("type", "when", "bound", "other", "state")
}
OURS = [each for code, each in ALL_KINDS.items() if not code.startswith("E0")]


def fields(template: str) -> set[str]:
    return {NAMES.get(name, name) for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("each", OURS, ids=lambda each: each.code)
def test_both_languages_say_the_same(each: Kind) -> None:
    for text in (each.message, each.hint):
        assert fields(text.zh) == fields(text.en)
        assert re.search("[一-鿿]", text.zh)
        assert not re.search("[一-鿿]", text.en)


@pytest.mark.parametrize("each", OURS, ids=lambda each: each.code)
def test_the_code_says_the_severity(each: Kind) -> None:
    severity = {"E": Severity.REJECT, "W": Severity.WARN, "R": Severity.REPAIRED}
    assert each.severity is severity[each.code[0]]
    assert kind(each.code) is each
