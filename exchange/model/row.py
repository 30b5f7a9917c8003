"""One record as a file holds it, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Cell = str | int | float | bool | None | list[object] | dict[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file.

    `number` counts records from 1 (the header is none), `line` is the physical line on which it starts, from 1.
    `cells` maps the file's own column names to what stands there: text for CSV and Excel, JSON values for JSON.
    """

    number: int
    line: int
    cells: Mapping[str, Cell]
