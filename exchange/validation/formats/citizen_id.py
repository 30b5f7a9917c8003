"""The citizen identity number (公民身份号码), GB 11643-1999."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

_SHAPE = re.compile(r"[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"


def is_citizen_id(text: str) -> bool:
    """Whether the text is 18 places with a real birth date and the right check digit (ISO 7064 MOD 11-2).

    The division code in front is not looked up: it is the one in force when the number was given, and may be retired.
    The x of the check digit is a capital.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None or citizen_check(text[:17]) != text[17]:
        return False
    try:
        date(*map(int, shape.groups()))
    except ValueError:
        return False
    return True


def citizen_check(body: str) -> str:
    """The check digit of the first 17 places, all of them digits."""
    return CHECK[sum(map(mul, map(int, body), WEIGHTS)) % 11]
