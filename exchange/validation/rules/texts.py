"""From what a rule found to what people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exchange.model.dataset import Dataset
from exchange.model.findings import kind

Words = Mapping[str, Any] | Sequence[tuple[str, Any]]
TEXT_COLUMNS = ("field", "code", "severity", "message_zh", "message_en", "hint_zh", "hint_en")


def texts(dataset: Dataset, found: Iterable[tuple[str, str, Words]]) -> list[tuple[str, ...]]:
    """Of each field, code and words: the values of `TEXT_COLUMNS`."""
    return [text(dataset, field, code, words) for field, code, words in found]


def text(dataset: Dataset, field: str, code: str, words: Words) -> tuple[str, ...]:
    """The values of `TEXT_COLUMNS` of one finding."""
    named: dict[str, Any] = dict(words)
    named["other_en"] = str(named.get("other", ""))
    for name, of in (("title", field), ("other_zh", named["other_en"])):
        named[name] = next((each.title for each in dataset.fields if each.name == of), of)
    made = kind(code).at(field=field, **named)
    return field, code, made.severity.value, *made.message, *made.hint
