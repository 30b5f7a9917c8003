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
    titles = {field.name: field.title for field in dataset.fields}
    return [_text(titles, field, code, dict(words)) for field, code, words in found]


def _text(titles: Mapping[str, str], field: str, code: str, words: Mapping[str, Any]) -> tuple[str, ...]:
    other = str(words.get("other", ""))
    named = {**words, "title": titles.get(field, field), "other_title": titles.get(other, other)}
    made = kind(code).at(field=field, **named)
    return field, code, made.severity.value, *made.message, *made.hint
