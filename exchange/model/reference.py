"""What rules look up: divisions, items and working days, as plain values that the catalogue fills in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class DivisionSpan(NamedTuple):
    """A division while it was valid: `valid_to` is the first day on which it no longer was; None: always, or still."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None


class ItemVersion(NamedTuple):
    """One version of a catalogue item; a `local_only` item (独有) is not compared with the catalogue."""

    catalog_code: str
    version: int
    name: str
    type: str
    by_law: str
    promise_day: int
    local_only: bool
    certificate: str | None
    valid_from: date
    valid_to: date | None


class CountedDay(NamedTuple):
    """A day, and how many working days there are from the first day that is known up to and with it."""

    day: date
    working: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference values of one catalogue.

    `province` is the two places with which its divisions begin. `aliases` are other codes with the code that they stand
    for. `id_prefixes` are the six places with which citizen IDs of the province may begin: present and former
    divisions. `days` are the days of the years whose holidays are known, without gaps within a year. `issuers` and
    `holders` are identities (`exchange.licences`) of former bodies and of old codes, with those that they are now.
    """

    province: str
    divisions: tuple[DivisionSpan, ...]
    aliases: tuple[tuple[str, str], ...]
    id_prefixes: tuple[str, ...]
    items: tuple[ItemVersion, ...]
    days: tuple[CountedDay, ...]
    issuers: tuple[tuple[str, str], ...] = field(default=())
    holders: tuple[tuple[str, str], ...] = field(default=())
