"""How a department's value stands in a slip, and what it was when it comes back as it stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from exchange.model.row import Cell
from exchange.validation.coerce import text_of

LONGEST_CELL = 32_767
"""Excel's limit on the characters of a cell."""

MOST_COLUMNS = 1_000
"""So many columns are shown; a sheet has room for 16,384, and no person for more than these."""

_MOST_COUNTED = 100_000
"""A file in which every record has names of its own must not cost memory for each of them."""

# What XML 1.0 (section 2.2) cannot hold, and halves of surrogate pairs.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(cell: Cell) -> str:
    """The department's value as text; a list or object as it is written in Python."""
    try:
        return text_of(cell) or ""
    except ValueError:
        return str(cell)


def shown(value: object) -> str:
    """A text as a workbook can hold it: what XML cannot say is made �, and it is cut at Excel's limit."""
    return _NOT_XML.sub("�", str(value)[:LONGEST_CELL])


def own_columns(rows: Iterable[Mapping[str, Cell]], mapped: Iterable[str]) -> tuple[list[str], int]:
    """The department's own columns in the order in which they first appear, and how many there is no room for.

    Mapped columns that no row has come last, so that there is a place for a value that was missing everywhere; they
    are never left out.
    """
    wanted = dict.fromkeys(mapped)
    room = MOST_COLUMNS - len(wanted)
    shown_ones: dict[str, None] = {}
    left_out: set[str] = set()
    for row in rows:
        for name in row:
            if name in shown_ones:
                continue
            if name in wanted or room > 0:
                room -= name not in wanted
                shown_ones[name] = None
            elif len(left_out) < _MOST_COUNTED:
                left_out.add(name)
    return list(shown_ones | wanted), len(left_out)


def returned(text: str, column: str, sent: Iterable[Mapping[str, Cell]]) -> Cell:
    """A cell that came back: the value that was sent when the cell still shows it, else what stands there now.

    A value that the slip could not show as it is (cut, or with characters that no workbook can hold) would otherwise
    be taken for what the slip showed of it. `sent` are the rows that may have been shown, the newest first.
    """
    for row in sent:
        if column in row and _alike(shown(plain(row[column]))) == _alike(text):
            return row[column]
    return text


def _alike(text: str) -> str:
    """Without what a spreadsheet program changes when it saves a cell that nobody touched."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
