"""On which physical line a record starts, for records that another program has counted."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from connectors.formats.csv import Lines, records
from connectors.formats.limits import CHUNK
from connectors.formats.table import Fault, is_blank
from exchange.model.straight import Straight

_LF, _CR, _QUOTE = 10, 13, 34
_Places = npt.NDArray[np.intp]
_Bytes = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]

_MAY_BE_BLANK = np.zeros(256, np.bool_)
"""The bytes of which a line may consist that holds nothing: white space of any script, quotes, and line ends."""
_MAY_BE_BLANK[list(b'\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f "\xc2\xe1\xe2\xe3')] = True
_MAY_BE_BLANK[0x80:0xC0] = True


def record_lines(straight: Straight, rows: Sequence[int]) -> list[int]:
    """The physical line (from 1) on which each wanted record starts; `rows` are record numbers from 1, ascending.

    Records are numbered as the careful reader numbers them: blank lines are none. ValueError when there are fewer.
    """
    if not rows:
        return []
    wanted = np.asarray(rows, np.intp)
    found = _by_parity(straight, wanted)
    if found is None:
        found = _by_parsing(straight, wanted)
    if len(found) < len(rows):
        raise ValueError(f"there are fewer than {rows[-1]} records")
    return found


class _OddQuotesError(Exception):
    """A quote stands where it neither opens nor closes a cell, so that counting quotes tells nothing."""


def _by_parity(straight: Straight, wanted: _Places) -> list[int] | None:
    """The lines, told by whether the quotes up to a line's end are even in number; None when that tells nothing."""
    if not straight.delimiter.isascii():
        return None
    walk = _Walk(ord(straight.delimiter), straight.skip)
    out: list[int] = []
    with straight.path.open("rb") as stream:
        for _ in range(straight.skip):
            stream.readline()
        try:
            for part in _parts(stream):
                first, starts = walk.starts(part)
                here = wanted[len(out) : np.searchsorted(wanted, first + len(starts))]
                out += starts[here - first].tolist()
                if len(out) == len(wanted):
                    break
        except _OddQuotesError:
            return None
    return None if walk.within and len(out) < len(wanted) else out


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a file in parts of whole physical lines."""
    while part := stream.read(CHUNK):
        yield part + stream.readline()


class _Walk:
    """The state between two parts: lines and records so far, and whether a quoted cell goes on."""

    def __init__(self, delimiter: int, skip: int) -> None:
        self._before = np.zeros(256, np.bool_)
        self._before[[delimiter, _LF, _QUOTE]] = True
        self._delimiter = chr(delimiter)
        self._behind = np.zeros(256, np.bool_)
        self._behind[[delimiter, _LF, _CR, _QUOTE]] = True
        self._lines = skip
        self._records = 0
        self.within = False

    def starts(self, part: bytes) -> tuple[int, _Places]:
        """The number of the first record that starts in a part, and the line of each that does."""
        seen = np.frombuffer(part, np.uint8)
        ends = np.flatnonzero(seen == _LF)
        if not len(ends) or ends[-1] != len(seen) - 1:
            ends = np.append(ends, len(seen))
        quotes = np.flatnonzero(seen == _QUOTE)
        self._check(seen, quotes)
        odd = (np.searchsorted(quotes, ends) + self.within) % 2 == 1
        begins = np.concatenate(([0], ends[:-1] + 1))
        fresh = np.flatnonzero(~np.concatenate(([self.within], odd[:-1])))
        blank = self._blank(part, begins[fresh], ends[fresh], odd[fresh])
        first, lines = self._records + 1, self._lines + 1 + fresh[~blank]
        self._records += len(lines)
        self._lines += len(ends)
        self.within = bool(odd[-1])
        return first, lines

    def _check(self, seen: _Bytes, quotes: _Places) -> None:
        """See that opening quotes stand behind a delimiter, a line end or a quote, and closing ones before one."""
        opening = quotes[int(self.within) :: 2]
        closing = quotes[1 - int(self.within) :: 2]
        before = seen[opening[opening > 0] - 1]
        behind = seen[closing[closing < len(seen) - 1] + 1]
        if not (self._before[before].all() and self._behind[behind].all()):
            raise _OddQuotesError

    def _blank(self, part: bytes, begins: _Places, ends: _Places, odd: _Mask) -> _Mask:
        """Which of the lines on which a record could start hold nothing.

        Few look as if they might, and these are looked at one by one.
        """
        seen = np.frombuffer(part, np.uint8)
        last = len(seen) - 1
        second = (begins + 1 >= ends) | _MAY_BE_BLANK[seen[np.minimum(begins + 1, last)]]
        may: _Mask = _MAY_BE_BLANK[seen[np.minimum(begins, last)]] & second
        for at in np.flatnonzero(may):
            line = part[begins[at] : ends[at]].decode(errors="replace")
            may[at] = self._delimiter not in line and is_blank(_cells(line, self._delimiter))
            if may[at] and odd[at]:  # a blank line that opens a quote
                raise _OddQuotesError
        return may


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _by_parsing(straight: Straight, wanted: _Places) -> list[int]:
    """The lines, told by Python's own parser."""
    places = _all_starts(straight)
    skipped = np.diff(wanted, prepend=0) - 1
    found = (next(islice(places, int(skip), None), None) for skip in skipped)
    return [line for line in found if line is not None]


def _all_starts(straight: Straight) -> Iterator[int]:
    with straight.path.open(encoding="utf-8", errors="replace", newline="") as stream:
        for record in islice(records(Lines(stream), straight.delimiter), straight.skip, None):
            if isinstance(record, Fault):
                yield record.line
            elif len(record[1]) > 1 or not is_blank(record[1]):
                yield record[0]
