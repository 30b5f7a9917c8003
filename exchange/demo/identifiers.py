"""Made-up identifiers with right check characters, reckoned here and not by the hub's own checks."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from exchange.demo.chance import digits

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_FIRST_BIRTHDAY = date(1945, 1, 1)
_BIRTHDAYS = (date(2005, 12, 31) - _FIRST_BIRTHDAY).days


def uscc(kind: str, division: str, serial: str) -> str:
    """A unified social credit code (GB 32100-2015): kind of body (2), division (6), serial of the org code (8)."""
    total = sum(_ORG.index(sign) * weight for sign, weight in zip(serial, _ORG_WEIGHTS, strict=True))
    check = 11 - total % 11
    body = kind + division + serial + {10: "X", 11: "0"}.get(check, str(check))
    total = sum(_USCC.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def company_code(rng: Random, division: str) -> str:
    """The USCC of a made-up company of a division (6 digits)."""
    return uscc("91", division, "MA" + digits(rng, 6))


def citizen_id(rng: Random, division: str) -> str:
    """A citizen ID (GB 11643-1999) of a made-up person from a division (6 digits)."""
    born = _FIRST_BIRTHDAY + timedelta(days=rng.randrange(_BIRTHDAYS))
    body = f"{division}{born:%Y%m%d}{digits(rng, 3)}"
    total = sum(int(sign) * weight for sign, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECK[total % 11]


def spoil_check(code: str) -> str:
    """The same code with a last place that cannot be right: another digit, and of a citizen ID never an X."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def licence_id(kind: str, issuer: str, serial: str) -> str:
    """An identifier of an electronic licence (GB/T 36904), version 001, with its ISO 7064 MOD 37,36 check."""
    parts = (kind, issuer, serial, "001")
    check = 36
    for sign in "".join(parts):
        check = (check + _ORG.index(sign)) % 36 or 36
        check = check * 2 % 37
    return ".".join(("1.2.156.3005.2", *parts, _ORG[(37 - check) % 36]))
