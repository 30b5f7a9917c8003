"""Where records deviate from the item catalogue (三级四同)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deviation:
    """The records of one source at one node that deviate from one item in one field in one way.

    `found` stands in the records, `wanted` in the version of the catalogue that was in force on their day (empty where
    there is none). `first` and `last` are the days of the earliest and the latest of these records, as 2024-05-01.
    """

    origin: str
    source: str
    dataset: str
    item: str
    field: str
    code: str
    found: str
    wanted: str
    records: int
    first: str
    last: str
