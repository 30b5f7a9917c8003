"""Division codes as they are built: what a code says of the divisions above it."""

from __future__ import annotations

from collections.abc import Iterable

LEVELS = (2, 4, 6, 9)
"""How many places name a province, a city, a county (GB/T 2260) and a township (GB/T 10114); all 12 name a village."""


def prefix(code: str) -> str:
    """The places of a 12-digit code with which the codes of all divisions within it begin."""
    return next((code[:places] for places in LEVELS if not code[places:].strip("0")), code)


def prefixes_within(code: str, aliases: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """With which places a code of 6 to 12 digits begins that lies within a division, other lists' codes among them.

    `aliases` are pairs of a 12-digit code that another list uses and the division that it stands for.
    """
    own = prefix(code)
    return (own, *sorted(prefix(alias) for alias, meant in aliases if meant.startswith(own)))
