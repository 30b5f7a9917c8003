"""Codes without a check digit of their own: divisions and items."""

from __future__ import annotations

import re
from typing import Literal

from exchange.validation.formats.organisations import is_uscc

_DIVISION = re.compile(r"[0-9]{12}")
_NATIONAL = re.compile(r"[0-9A-Z]{18}[1-7][0-9A-Z]{12}(?P<variant>[0-9A-Z]{2})?")
_GB_39046 = re.compile(r"[0-9A-Z]{11,24}")

Generation = Literal["national", "national-variant", "gb-39046"]


def is_division_code(text: str) -> bool:
    """Whether the text is 12 digits (GB/T 2260, GB/T 10114, village); whether such a division exists is not asked."""
    return _DIVISION.fullmatch(text) is not None


def is_task_code(text: str) -> bool:
    """Whether the text is a task code (实施编码) of one of the generations that live side by side."""
    return task_code_generation(text) is not None


def task_code_generation(text: str) -> Generation | None:
    """Which generation of task code this is; None when it is none.

    "national": the body's USCC, the level at which it acts (1-7) and the 12-place catalogue code. "national-variant":
    the same with the two places of a 业务办理项. "gb-39046": GB/T 39046-2020, at most 24 places; how they are divided
    is not confirmed, so only the length is held against it (its catalogue code alone is 10 places or fewer).
    """
    national = _NATIONAL.fullmatch(text)
    if national is not None and is_uscc(text[:18]):
        return "national-variant" if national["variant"] else "national"
    return "gb-39046" if _GB_39046.fullmatch(text) else None
