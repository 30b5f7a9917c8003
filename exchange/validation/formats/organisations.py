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
    total = sum(map(mul, map(_USCC_VALUE.__getitem__, text[:17]), USCC_WEIGHTS))
    return USCC_ALPHABET[-total % 31] == text[17] and is_org_code(text[8:17])


def is_org_code(text: str) -> bool:
    """Whether the text is an organisation code (组织机构代码), with or without the hyphen before its check digit."""
    if _ORG_SHAPE.fullmatch(text) is None:
        return False
    total = sum(int(character, 36) * weight for character, weight in zip(text[:8], ORG_WEIGHTS, strict=True))
    return ORG_CHECK[total % 11] == text[-1]


def is_registration_no(text: str) -> bool:
    """Whether the text is a business registration number (工商注册号) of 15 digits, ISO 7064 MOD 11,10."""
    return _REGISTRATION_SHAPE.fullmatch(text) is not None and mod_11_10.checksum(text) == 1
