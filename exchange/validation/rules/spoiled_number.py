"""W209, W210: numbers that a spreadsheet or an export has taken for quantities, without leaving an E+17 behind."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import FLOATING_TAIL, ROUNDED_NUMBERS
from exchange.model.record_sql import ident
from exchange.validation.rules.rule import Rule, found

_PRECISION = 15
"""A spreadsheet keeps so many digits of a number; the rest become zeros."""
_LONG, _ROUNDED = r"[1-9][0-9]{15,30}", rf"[1-9][0-9]{{{_PRECISION - 1}}}0{{1,16}}"
_TAIL = r"[0-9]{5,}\.0"
_LOOKED_AT = 1000


def number_fields(dataset: Dataset) -> list[str]:
    """Text fields that hold numbers of things: the business key, and the identity of persons and licences."""
    named = {*dataset.key, *dataset.identity}
    return [
        field.name
        for field in dataset.fields
        if field.type == "string" and field.format is None and (field.name in named or field.pii == "identity")
    ]


def _queries(dataset: Dataset) -> Iterator[str]:
    for name in number_fields(dataset):
        column, sample = ident(name), f"(SELECT * FROM {_sample(name)})"
        words = {"count": f"(SELECT long FROM {sample})", "spoiled": f"(SELECT rounded FROM {sample})"}
        yield (
            f"SELECT {found(ROUNDED_NUMBERS, name, words)} FROM records "
            f"WHERE {column} LIKE '%0' AND regexp_full_match({column}, '{_ROUNDED}') "
            f"AND (SELECT {_MOSTLY_ROUNDED} FROM {sample})"
        )
        yield (
            f"SELECT {found(FLOATING_TAIL, name)} FROM records "
            f"WHERE {column} LIKE '%.0' AND regexp_full_match({column}, '{_TAIL}')"
        )


def _signs(dataset: Dataset) -> str:
    """What spoils the numbers of a column spoils them all, so that the first ones show it."""
    return " UNION ALL ".join(
        [
            "SELECT 1 WHERE false",
            *(f"SELECT 1 FROM {_sample(name)} WHERE {_MOSTLY_ROUNDED} OR tails > 0" for name in number_fields(dataset)),
        ]
    )


_MOSTLY_ROUNDED = "rounded > 1 AND rounded * 2 > long"
"""One number that ends in zeros may be right; when most of a column do, something was lost."""


def _sample(name: str) -> str:
    """How many of a column's first longer numbers are long, are rounded, and have a tail."""
    return (
        f"(SELECT count_if(regexp_full_match(number, '{_LONG}')) AS long, "
        f"count_if(regexp_full_match(number, '{_ROUNDED}')) AS rounded, "
        f"count_if(regexp_full_match(number, '{_TAIL}')) AS tails "
        f"FROM (SELECT {ident(name)} AS number FROM records WHERE strlen({ident(name)}) > {_PRECISION // 2} "
        f"LIMIT {_LOOKED_AT}))"
    )


RULE = Rule((ROUNDED_NUMBERS, FLOATING_TAIL), _queries, _signs)
