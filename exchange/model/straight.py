"""A delimited file that an engine may read by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Straight:
    """A CSV file that an engine may read as UTF-8.

    `path` is the file itself or a copy in UTF-8, `columns` are its names, none of them blank. `skip` lines stand
    above the first record's, each of them one line. `lines` is the number of physical lines, the skipped ones too: when
    `lines - skip` is the number of records, every record is one line. `quotes`: there is a quote somewhere.
    """

    path: Path
    columns: tuple[str, ...]
    skip: int
    delimiter: str
    lines: int
    quotes: bool
