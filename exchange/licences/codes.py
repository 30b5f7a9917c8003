"""One identity for the codes of one body or person.

The USCC, the organisation code in it and the old registration number are one; so are the citizen IDs of 18 and 15
places.

An identity is a text whose first letter says what it is: O an organisation code (GB 11714, positions 9 to 17 of a USCC,
GB 32100-2015, 5), P a citizen ID (GB 11643-1999), R an old registration number that no table knows, X anything else.
A letter is part of the identity, so that two kinds of code never meet by accident.
"""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql

PERSON_KINDS = ("111",)
BODY_KINDS = ("001", "099")
_BIRTH = "(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
PERSON_18 = f"[1-9][0-9]{{5}}{_BIRTH}[0-9]{{3}}[0-9X]"
PERSON_15 = "[1-6][0-9]{5}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}"
BODY_9 = "[0-9A-Z]{8}-?[0-9X]"
TELLS_NOTHING = "[^1-9A-Z]*"
"""A text without a letter and without a digit other than 0 (无, -, 000) is no code and no number."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BODY_CHECKS = "0X987654321"
"""The check character of an organisation code by its sum modulo 11: 11 − sum, where 10 is X and 11 is 0 (GB 11714)."""


def code_identity(value: str | None, kind: str | None) -> str:
    """The identity of one code; the empty text when there is none.

    `kind` is the code of its ID kind (001 USCC, 111 citizen ID); it decides where the form alone does not.
    """
    code = normalise(value)
    if re.fullmatch(TELLS_NOTHING, code):
        return ""
    if len(code) == 18 and code.isascii() and code.isalnum():
        return f"P{code}" if _is_person(code, kind) else f"O{code[8:17]}"
    if re.fullmatch(BODY_9, code):
        return f"O{code.replace('-', '')}"
    if re.fullmatch("[0-9]{15}", code):
        return f"P{_lengthened(code)}" if kind not in BODY_KINDS and re.fullmatch(PERSON_15, code) else f"R{code}"
    return f"X{code}"


def _is_person(code: str, kind: str | None) -> bool:
    return bool(re.fullmatch(PERSON_18, code)) and (kind in PERSON_KINDS or _check(code) == code[17])


def _check(code: str) -> str:
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, code, strict=False)) % 11]


def _lengthened(code: str) -> str:
    longer = f"{code[:6]}19{code[6:]}"
    return longer + _check(longer)


def code_sql(column: str, kind: str) -> str:
    """`code_identity` as SQL over two columns."""
    plain = normalise_sql(column)
    return f"(list_transform([{plain}], lambda code: {one_code_sql('code', kind)})[1])"


def one_code_sql(code: str, kind: str) -> str:
    """The same over a code that is in its normal form already."""
    persons, bodies = (", ".join(f"'{each}'" for each in kinds) for kinds in (PERSON_KINDS, BODY_KINDS))
    longer = f"(left({code}, 6) || '19' || substr({code}, 7))"
    return (
        f"CASE WHEN length({code}) = 18 AND regexp_full_match({code}, '[0-9A-Z]+') "
        f"THEN {_of_18_sql(code, persons, kind)} "
        f"WHEN regexp_full_match({code}, '{BODY_9}') THEN 'O' || replace({code}, '-', '') "
        f"WHEN regexp_full_match({code}, '[0-9]{{15}}') THEN "
        f"CASE WHEN coalesce({kind} NOT IN ({bodies}), true) AND regexp_full_match({code}, '{PERSON_15}') "
        f"THEN 'P' || {longer} || {_check_sql(longer)} ELSE 'R' || {code} END "
        f"WHEN regexp_full_match({code}, '{TELLS_NOTHING}') THEN '' ELSE 'X' || {code} END"
    )


def plain_code_sql(code: str, kind: str) -> str:
    """The same over a code that is known to be of capital letters and digits alone: most are, and of 18 places."""
    persons = ", ".join(f"'{each}'" for each in PERSON_KINDS)
    return f"CASE WHEN length({code}) = 18 THEN {_of_18_sql(code, persons, kind)} ELSE {one_code_sql(code, kind)} END"


def _of_18_sql(code: str, persons: str, kind: str) -> str:
    """A look at the century of birth spares most codes of bodies the look at the whole."""
    person = (
        f"substr({code}, 7, 2) IN ('18', '19', '20') AND regexp_full_match({code}, '{PERSON_18}') AND "
        f"(coalesce({kind} IN ({persons}), false) OR {_check_sql(code)} = right({code}, 1))"
    )
    return f"CASE WHEN {person} THEN 'P' || {code} ELSE 'O' || substr({code}, 9, 9) END"


def _check_sql(code: str) -> str:
    digits = f"list_transform(string_split(left({code}, 17), ''), lambda digit: digit::INTEGER)"
    return f"substr('{CHECKS}', 1 + list_dot_product({list(WEIGHTS)}, {digits})::INTEGER % 11, 1)"


def sound_sql(identity: str) -> str:
    """Whether an identity is a code whose check character holds, so that another one is certainly another body."""
    values = (
        f"list_transform(string_split(substr({identity}, 2, 8), ''), "
        f"lambda sign: strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', sign) - 1)"
    )
    check = f"substr('{BODY_CHECKS}', 1 + list_dot_product({list(BODY_WEIGHTS)}, {values})::INTEGER % 11, 1)"
    return (
        f"CASE left({identity}, 1) WHEN 'O' THEN {check} = right({identity}, 1) "
        f"WHEN 'P' THEN {_check_sql(f'substr({identity}, 2)')} = right({identity}, 1) ELSE false END"
    )
