"""What a cross-check is, and how its findings are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter

from exchange.model.crosscheck import CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.findings import Kind
from exchange.model.record_sql import literal
from exchange.store.masks import masked_sql

_LONGEST_SHOWN = 32
_TEXTS = ("message_zh", "message_en", "hint_zh", "hint_en")


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """One cross-check. It needs the datasets of these names, and `query` gives SQL of what `told` selects."""

    needs: frozenset[str]
    query: Callable[[Mapping[str, Dataset], CrossTerms], str]


def told(kind: Kind, dataset: str, field: str, terms: CrossTerms, words: Mapping[str, str]) -> str:
    """The columns of `hub.cross_findings`, to be selected; `words` are those of the templates, each SQL.

    What it selects from has origin, source, key, case_no, licence_id, batch, file and row.
    """
    texts = zip(_TEXTS, (*kind.message, *kind.hint), strict=True)
    filled = ", ".join(f"{_filled(template, words)} AS {name}" for name, template in texts)
    return (
        f"origin, source, {literal(dataset)} AS dataset, key, case_no, licence_id, batch, file, row, "
        f"{day_sql(terms)} AS as_of, {literal(field)} AS field, {literal(kind.code)} AS code, "
        f"{literal(kind.severity.value)} AS severity, {filled}"
    )


def day_sql(terms: CrossTerms) -> str:
    """The day as of which is looked, as SQL."""
    return f"DATE {literal(terms.day.isoformat())}"


def shown_number(column: str) -> str:
    """SQL of a licence's number as a text shows it: masked, as it may be the citizen ID of its holder."""
    return masked_sql("identity", f"left({column}, {_LONGEST_SHOWN})")


def _filled(template: str, words: Mapping[str, str]) -> str:
    """A template as SQL that puts the words in their places; a word that is nothing is empty."""
    parts = []
    for plain, name, _, _ in Formatter().parse(template):
        parts += [literal(plain)] if plain else []
        parts += [words[name]] if name else []
    return f"concat({', '.join(parts)})"
