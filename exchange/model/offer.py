"""What a source has for the hub to fetch."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.text import Text


@dataclass(frozen=True, slots=True)
class Offer:
    """One file that is whole and can be fetched now; `name` is relative to the source's folder."""

    name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """One file that the source has but that cannot be taken now; `reason` says why and what to do."""

    name: str
    size: int
    mtime_ns: int
    reason: Text
