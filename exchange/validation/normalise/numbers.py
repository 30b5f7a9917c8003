"""Numbers as people and spreadsheets write them, made JSON's."""

from __future__ import annotations

import re
from decimal import Decimal

_WRITTEN = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<fraction>[0-9]+))?")
_SPOILED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[Ee][+-]?[0-9]{1,3}")


def is_spoiled(text: str) -> bool:
    """Whether the text is what Excel shows of a long number (1.2E+17): in an identifier, the digits are lost."""
    return _SPOILED.fullmatch(text) is not None


def is_scientific(text: str) -> bool:
    """Whether the text is a number in scientific notation of any kind."""
    return _SCIENTIFIC.fullmatch(text) is not None


def standard_number(text: str, *, whole: bool) -> str | None:
    """The number without plus sign, leading zeros and thousands separators; None when it is not clearly a number.

    `whole`: of an integer's field; there ".0" goes too, and scientific notation is refused, since it hides digits.
    """
    written = _WRITTEN.fullmatch(text)
    if written:
        digits = written["whole"].replace(",", "").lstrip("0") or "0"
        fraction = written["fraction"] or ""
        if whole:
            fraction = fraction.rstrip("0")
        sign = "-" if written["sign"] == "-" and (digits != "0" or fraction) else ""
        return f"{sign}{digits}{'.' if fraction else ''}{fraction}"
    return f"{Decimal(text):f}" if is_scientific(text) and not whole else None
