"""File names that departments choose, made safe before a path is built from one."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^\w.()\-\u3000-\u303f（）【】]+")
_LONGEST = 120


def safe_name(name: str) -> str:
    """The name with all but letters, digits, `.`, `_`, `-` and brackets made `_`; never empty, hidden or `..`."""
    plain = _UNSAFE.sub("_", name).lstrip(".") or "_"
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[: _LONGEST - len(suffix)]}{dot}{suffix}"[-_LONGEST:] if dot else plain[:_LONGEST]
