"""Which single slip of the pen would make a wrong number right: a hint for the person who corrects it, never a change.

Looked for are an adjacent transposition, a character that looks like another, and a wrong check character. A proposal
is made only where there is exactly one; where two fit, a guess would mislead. A text names places and characters and
never shows the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from stdnum.iso7064 import mod_11_10, mod_37_36

from exchange.text import Text
from exchange.validation.formats import FORMATS, is_org_code
from exchange.validation.formats.citizen_id import citizen_check
from exchange.validation.formats.licence_id import LICENCE_OID
from exchange.validation.formats.organisations import USCC_ALPHABET, org_check, uscc_check

_ALIKE = {"O": "0", "I": "1", "Z": "2", "S": "5", "B": "8"}
_LOOKS_LIKE = {**_ALIKE, **{digit: letter for letter, digit in _ALIKE.items()}}
_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_LENGTH, _ORG_CODE = 18, slice(8, 17)

_Checks = Callable[[str], Mapping[int, str]]
"""The right check characters of a value by their places, from 0, all other places taken as right."""


def _of_uscc(value: str) -> dict[int, str]:
    if len(value) != _USCC_LENGTH or not set(value) <= set(USCC_ALPHABET):
        return {}
    return {17: uscc_check(value[:17]), 16: org_check(value[8:16])}


def _of_citizen_id(value: str) -> dict[int, str]:
    return {17: citizen_check(value[:17])} if len(value) == 18 and _is_of(value[:17], _DIGITS) else {}


def _of_org_code(value: str) -> dict[int, str]:
    body = value[:-1].removesuffix("-")
    return {len(value) - 1: org_check(body)} if len(body) == 8 and _is_of(body, _DIGITS + _LETTERS) else {}


def _of_registration_no(value: str) -> dict[int, str]:
    return {14: mod_11_10.calc_check_digit(value[:14])} if len(value) == 15 and _is_of(value[:14], _DIGITS) else {}


def _of_licence_id(value: str) -> dict[int, str]:
    body = value[:-1].removeprefix(LICENCE_OID).replace(".", "")
    known = value.startswith(LICENCE_OID) and _is_of(body, _DIGITS + _LETTERS)
    return {len(value) - 1: mod_37_36.calc_check_digit(body)} if known else {}


def _is_of(text: str, characters: str) -> bool:
    return bool(text) and set(text) <= set(characters)


_CHECKS: Mapping[str, _Checks] = {
    "uscc": _of_uscc,
    "citizen-id": _of_citizen_id,
    "org-code": _of_org_code,
    "registration-no": _of_registration_no,
    "licence-id": _of_licence_id,
}
_NATIONAL_TASKS = (31, 33)
"""Lengths of task codes that begin with the USCC of a body."""


class _Proposal(NamedTuple):
    """A value that may be right; its text is only made when it is."""

    value: str
    text: Callable[[], Text]


def correction(format_name: str, value: str) -> Text | None:
    """The one correction that would make a wrong value valid, or where its error lies; None when neither is clear.

    `format_name` is a `format` of the hub's schemas that has a check character. A valid value needs none.
    """
    if format_name == "task-code" and len(value) in _NATIONAL_TASKS:
        return correction("uscc", value[:_USCC_LENGTH])
    is_valid = FORMATS.get(format_name)
    if is_valid is None or format_name not in _CHECKS or not value or is_valid(value):
        return None
    slips = _unique(_slips(value), is_valid)
    checks = _unique(_other_checks(value, _CHECKS[format_name](value)), is_valid)
    found = {**slips, **checks}
    if len(found) == 1:
        return next(iter(found.values()))
    return _place_in_uscc(value) if format_name == "uscc" else None


def _unique(proposals: Iterator[_Proposal], is_valid: Callable[[str], bool]) -> dict[str, Text]:
    return {value: text() for value, text in proposals if is_valid(value)}


def _slips(value: str) -> Iterator[_Proposal]:
    """Every adjacent transposition, and every character changed for the one that looks like it."""
    for at, (one, other) in enumerate(pairwise(value), 1):
        if one != other:
            yield _Proposal(f"{value[: at - 1]}{other}{one}{value[at + 1 :]}", partial(_exchanged, at))
    for at, one in enumerate(value, 1):
        if one in _LOOKS_LIKE:
            other = _LOOKS_LIKE[one]
            yield _Proposal(_with(value, at - 1, other), partial(_instead, at, one, other))


def _other_checks(value: str, checks: Mapping[int, str]) -> Iterator[_Proposal]:
    """The right check characters, each in its place."""
    for at, other in checks.items():
        if value[at] != other:
            yield _Proposal(_with(value, at, other), partial(_check_character, at + 1, other))


def _exchanged(at: int) -> Text:
    return Text(
        f"第 {at} 位和第 {at + 1} 位很可能写颠倒了，对调后号码有效。",
        f"Places {at} and {at + 1} are most likely the wrong way round: exchanged, the number is valid.",
    )


def _check_character(at: int, other: str) -> Text:
    return Text(
        f"如果其余各位无误，第 {at} 位（校验码）应为“{other}”。",
        f'If all other places are right, place {at}, a check character, is "{other}".',
    )


def _instead(at: int, one: str, other: str) -> Text:
    if one in _DIGITS:
        return Text(
            f"第 {at} 位的数字“{one}”很可能应为字母“{other}”。",
            f'Place {at}, the digit "{one}", is most likely the letter "{other}".',
        )
    return Text(
        f"第 {at} 位的字母“{one}”很可能应为数字“{other}”。",
        f'Place {at}, the letter "{one}", is most likely the digit "{other}".',
    )


def _place_in_uscc(value: str) -> Text | None:
    """A USCC has two checks: that of the org code in places 9 to 17 says in which part of the code the error is."""
    if len(value) != _USCC_LENGTH:
        return None
    if is_org_code(value[_ORG_CODE]):
        return Text(
            "第 9 至 17 位自身的校验无误，错误很可能在第 1 至 8 位或第 18 位。",
            "Places 9 to 17 agree with their own check: the error is most likely in places 1 to 8, or in place 18.",
        )
    return Text(
        "第 9 至 17 位自身的校验有误，错误很可能在这几位。",
        "Places 9 to 17 disagree with their own check: the error is most likely among them.",
    )


def _with(value: str, at: int, character: str) -> str:
    return f"{value[:at]}{character}{value[at + 1 :]}"
