"""Numbers of organisations: USCC (GB 32100-2015), org code (GB 11714), the old registration number (GS 15)."""

from __future__ import annotations

import re
from operator import mul

from stdnum.iso7064 import mod_11_10

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_USCC_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_ORG_SHAPE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORG_CHECK = "0X987654321"

_REGISTRATION_SHAPE = re.compile(r"[0-9]{15}")


def is_uscc(text: str) -> bool:
    """Whether the text is a unified social credit code (统一社会信用代码) with both of its check characters right.

    python-stdnum is not used here: it refuses the registering bodies that are coded by a letter (Y others, N rural
    collectives) and does not look at the org code in places 9 to 17, which has a check digit of its own.
    """
    if _USCC_SHAPE.fullmatch(text) is None:
        return False
    return uscc_check(text[:17]) == text[17] and is_org_code(text[8:17])


def uscc_check(body: str) -> str:
    """The check character of the first 17 places of a unified social credit code, all of its alphabet."""
    return USCC_ALPHABET[-sum(map(mul, map(_USCC_VALUE.__getitem__, body), USCC_WEIGHTS)) % 31]


def is_org_code(text: str) -> bool:
    """Whether the text is an organisation code (组织机构代码), with or without the hyphen before its check digit."""
    if _ORG_SHAPE.fullmatch(text) is None:
        return False
    return org_check(text[:8]) == text[-1]


def org_check(body: str) -> str:
    """The check digit of the eight places of an organisation code, digits and capitals."""
    return ORG_CHECK[sum(map(mul, (int(character, 36) for character in body), ORG_WEIGHTS)) % 11]


def is_registration_no(text: str) -> bool:
    """Whether the text is a business registration number (工商注册号) of 15 digits, ISO 7064 MOD 11,10."""
    return _REGISTRATION_SHAPE.fullmatch(text) is not None and mod_11_10.checksum(text) == 1
