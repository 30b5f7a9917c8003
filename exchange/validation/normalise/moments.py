"""Whole columns of local times at once: which of them stand in one of the two regular forms."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.validation.formats.arrays import Bytes, Flags, are_days, on_places

_DIGITS = np.array([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18])
_WALL_CLOCK = {4: "-", 7: "-", 10: " ", 13: ":", 16: ":"}
_IN_BEIJING = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: "+", 20: "0", 21: "8", 22: ":", 23: "0", 24: "0"}


def regular_moments(texts: pa.Array) -> pa.Array:
    """Whether each text is a wall clock's time or one in Beijing; nothing is said of null."""
    return pc.or_(pc.or_(wall_clocks(texts), beijing_times(texts)), texts.is_null())


def wall_clocks(texts: pa.Array) -> pa.Array:
    """Whether each text is a moment like 2019-05-01 10:00:00 that the calendar has."""
    return on_places(texts, 19, lambda places: _are_moments(places, _WALL_CLOCK))


def beijing_times(texts: pa.Array) -> pa.Array:
    """Whether each text is a moment like 2019-05-01T10:00:00+08:00 that the calendar has."""
    return on_places(texts, 25, lambda places: _are_moments(places, _IN_BEIJING))


def _are_moments(places: Bytes, signs: dict[int, str]) -> Flags:
    digits = places[_DIGITS] - np.uint8(48)
    regular = (digits < 10).all(axis=0)
    for place, sign in signs.items():
        regular &= places[place] == ord(sign)
    hour, minute, second = (digits[place] * 10 + digits[place + 1] for place in (8, 10, 12))
    return np.asarray(regular & (hour < 24) & (minute < 60) & (second < 60) & are_days(digits[:8]))
