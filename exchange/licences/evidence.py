"""What speaks for two forms being one licence, and against: levels of agreement, their weights, and three outcomes.

A weight is the logarithm to base 2 of how much likelier a level is between two claims of one licence than between
claims of two that a block has brought together. The weights are declared from what the fields mean, not fitted to a set
of examples, so that a decision can be read back and does not move when the data does. Their sum and `PRIOR` give the
score, a probability.
"""

from __future__ import annotations

from collections.abc import Mapping

from exchange.licences.blocks import one_slip_sql
from exchange.licences.characters import normalise_sql
from exchange.licences.codes import sound_sql
from exchange.licences.holder import holder_name_sql
from exchange.licences.keys import normal_sql
from exchange.licences.survivorship import leading_sql

PRIOR = -10.0
SAME = 0.99
ASK = 0.75
CERTAINLY_DIFFERENT = 0.05
"""Below it two forms must not come together by way of a third one."""

WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "number": {"equal": 14, "core": 12, "slip": 6, "none": 0, "serial": -12, "different": -10},
    "holder": {
        "same": 8,
        "shared": 6,
        "name": 6,
        "slip": 5,
        "similar": 3,
        "none": 0,
        "other": -8,
        "namesake": -10,
        "conflict": -14,
    },
    "issuer": {"same": 4, "name": 3, "none": 0, "other": -8, "namesake": -12, "conflict": -16},
    "identifier": {"same": 14, "none": 0, "other": -8},
    "issued": {"same": 4, "near": 1, "none": 0, "far": -2},
    "until": {"same": 1, "none": 0, "other": -1},
}
"""`number.slip` needs one day of issue: with another it is another number. `serial` is any other number as close."""
FEATURES = (
    *("kind", "issuer", "number", "core", "holder"),
    *("identifier_first", "identifier_last", "issuer_name_first", "issuer_name_last"),
    *("holder_name_first", "holder_name_last", "issued_first", "issued_last", "until_first", "until_last", "rank"),
)
"""What is known of a form: its normal forms, and the first and last (by value) of what its claims say otherwise."""
_TAIL = 5
_UNPADDED = 6
NEAR_DAYS = 31
_SIMILAR = 0.92


def features_sql(rows: str) -> str:
    """A SELECT of one row a form, from a relation of claims with the role columns and `form`."""
    normal = normal_sql(rows, "form")
    spans = ", ".join(
        f"min({value}) AS {name}_first, max({value}) AS {name}_last" for name, value in _FROM_CLAIMS.items()
    )
    fixed = ", ".join(f"min({name}) AS {name}" for name in ("kind", "issuer", "number", "core", "holder"))
    return f"SELECT form, {fixed}, {spans}, max({leading_sql()}) AS rank FROM ({normal}) GROUP BY form"


_FROM_CLAIMS = {
    "identifier": "nullif(identifier, '')",
    "issuer_name": f"nullif({normalise_sql('issue_dept')}, '')",
    "holder_name": f"nullif({holder_name_sql('certificate_holder')}, '')",
    "issued": "try_cast(issue_date AS DATE)",
    "until": "try_cast(valid_to AS DATE)",
}


def scored_sql(pairs: str, forms: str) -> str:
    """A SELECT of pairs (a < b, two forms) with the level of each field, `score` and `rule`.

    `forms` has `FEATURES`, and how many forms there are in the number block (`number_forms`).
    """
    levels = ", ".join(f"{sql} AS {name}" for name, sql in _LEVELS.items())
    compared = f"SELECT p.a, p.b, {levels} FROM {pairs} p JOIN {forms} a ON a.form = p.a JOIN {forms} b ON b.form = p.b"
    total = " + ".join([str(PRIOR), *(_weight_sql(name) for name in WEIGHTS), _SLIP_ON_ANOTHER_DAY])
    return f"SELECT *, 1 / (1 + pow(2, -({total}))) AS score, {_RULE} AS rule FROM ({compared})"


def _weight_sql(name: str) -> str:
    cases = " ".join(f"WHEN '{level}' THEN {weight}" for level, weight in WEIGHTS[name].items())
    return f'CASE "{name}" {cases} END'


_SLIP_ON_ANOTHER_DAY = "CASE WHEN \"number\" = 'slip' AND issued IN ('near', 'far') THEN -12 ELSE 0 END"
_RULE = (
    "CASE WHEN identifier = 'same' THEN 'identifier' WHEN \"number\" IN ('slip', 'serial') THEN 'number-slip' "
    "WHEN holder IN ('name', 'similar', 'slip', 'shared') THEN 'number-holder' "
    "WHEN holder = 'same' THEN 'number-issuer' ELSE 'number-only' END"
)
_DIGITS_A, _DIGITS_B = (f"regexp_replace({side}.core, '[^0-9]', '', 'g')" for side in "ab")
_LETTERS_A, _LETTERS_B = (f"regexp_replace({side}.core, '[0-9]+', '#', 'g')" for side in "ab")
_RUN_A, _RUN_B = (f"regexp_extract({side}.core, '([0-9]*)[^0-9]*$', 1)" for side in "ab")
_SERIAL = (
    f"{_LETTERS_A} = {_LETTERS_B} AND CASE WHEN length({_DIGITS_A}) = length({_DIGITS_B}) "
    f"THEN levenshtein(a.core, b.core) = 1 AND {_DIGITS_A}[:-{_TAIL + 1}] = {_DIGITS_B}[:-{_TAIL + 1}] "
    f"ELSE least(length({_RUN_A}), length({_RUN_B})) <= {_UNPADDED} END"
)
"""One step in the last digits is how a body numbers its next licence, not how a pen slips."""
_UNATTESTED = " OR ".join(f"({side}.number_forms <= 1 AND {side}.identifier_first IS NULL)" for side in "ab")
"""A number that another form bears as well, or that came with an electronic identifier, was not mistyped."""
_NUMBER = (
    f"CASE WHEN a.number = '' OR b.number = '' THEN 'none' WHEN a.number = b.number THEN 'equal' "
    f"WHEN a.core = b.core THEN 'core' WHEN NOT {one_slip_sql('a.core', 'b.core')} THEN 'different' "
    f"WHEN {_SERIAL} OR NOT ({_UNATTESTED}) THEN 'serial' ELSE 'slip' END"
)
_SAME_NAME = (
    "coalesce(a.holder_name_first IN (b.holder_name_first, b.holder_name_last) "
    "OR a.holder_name_last IN (b.holder_name_first, b.holder_name_last), false)"
)
_BOTH_SOUND = f"{sound_sql('a.holder')} AND {sound_sql('b.holder')}"
_HOLDER = (
    "CASE WHEN a.holder <> '' AND a.holder = b.holder THEN 'same' "
    "WHEN a.holder <> '' AND b.holder <> '' AND len(list_intersect(string_split(a.holder, '+'), "
    "string_split(b.holder, '+'))) > 0 THEN 'shared' "
    f"WHEN left(a.holder, 1) = left(b.holder, 1) AND {_BOTH_SOUND} "
    f"THEN CASE WHEN {_SAME_NAME} THEN 'namesake' ELSE 'conflict' END "
    f"WHEN a.holder <> '' AND b.holder <> '' AND damerau_levenshtein(a.holder, b.holder) = 1 THEN 'slip' "
    f"WHEN {_SAME_NAME} THEN 'name' WHEN a.holder_name_first IS NULL OR b.holder_name_first IS NULL "
    "THEN 'none' WHEN contains(a.holder_name_first, b.holder_name_first) "
    "OR contains(b.holder_name_first, a.holder_name_first) "
    f"OR jaro_winkler_similarity(a.holder_name_first, b.holder_name_first) >= {_SIMILAR} "
    "THEN 'similar' ELSE 'other' END"
)
_SAME_ISSUER_NAME = (
    "(a.issuer_name_first IN (b.issuer_name_first, b.issuer_name_last) "
    "OR a.issuer_name_last IN (b.issuer_name_first, b.issuer_name_last))"
)
_CODED = "left(a.issuer, 1) = 'O' AND left(b.issuer, 1) = 'O'"
_ISSUER = (
    "CASE WHEN a.issuer <> '' AND a.issuer = b.issuer THEN 'same' "
    f"WHEN a.issuer_name_first IS NULL OR b.issuer_name_first IS NULL "
    f"THEN CASE WHEN {_CODED} AND {sound_sql('a.issuer')} AND {sound_sql('b.issuer')} THEN 'conflict' ELSE 'none' END "
    f"WHEN {_CODED} AND {sound_sql('a.issuer')} AND {sound_sql('b.issuer')} "
    f"THEN CASE WHEN {_SAME_ISSUER_NAME} THEN 'namesake' ELSE 'conflict' END "
    f"WHEN {_SAME_ISSUER_NAME} THEN 'name' ELSE 'other' END"
)
_IDENTIFIER = (
    "CASE WHEN a.identifier_first IS NULL OR b.identifier_first IS NULL THEN 'none' "
    "WHEN a.identifier_first IN (b.identifier_first, b.identifier_last) "
    "OR a.identifier_last IN (b.identifier_first, b.identifier_last) THEN 'same' ELSE 'other' END"
)
_ISSUED = (
    "CASE WHEN a.issued_first IS NULL OR b.issued_first IS NULL THEN 'none' "
    "WHEN a.issued_first IN (b.issued_first, b.issued_last) OR a.issued_last IN (b.issued_first, b.issued_last) "
    f"THEN 'same' WHEN abs(a.issued_first - b.issued_first) <= {NEAR_DAYS} THEN 'near' ELSE 'far' END"
)
_UNTIL = (
    "CASE WHEN a.until_first IS NULL OR b.until_first IS NULL THEN 'none' "
    "WHEN a.until_first IN (b.until_first, b.until_last) OR a.until_last IN (b.until_first, b.until_last) "
    "THEN 'same' ELSE 'other' END"
)
_LEVELS = {
    '"number"': _NUMBER,
    "holder": _HOLDER,
    "issuer": _ISSUER,
    "identifier": _IDENTIFIER,
    "issued": _ISSUED,
    "until": _UNTIL,
}
