"""CSV after RFC 4180: quoted cells, quoted line breaks, and the physical line of every record."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from connectors.formats.limits import CELL_MIB, MIB, RECORD_MIB
from connectors.formats.scan import scan
from connectors.formats.table import Fault, Record, Table
from exchange.model.findings import Finding, file_kinds, record_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every record of a CSV file, in constant memory."""
    codec = scan(path, spec.encoding)
    if isinstance(codec, Finding):
        yield codec
        return
    with path.open(encoding=codec, newline="") as stream:
        yield from Table(_records(stream, spec.delimiter), spec, pad=False).rows(expected)


class _TooLongError(Exception):
    """A record has grown over the limit while its lines were put together."""


class _Lines:
    """The physical lines, counted up against the record's limit."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.size += len(line)
            if self.size > RECORD_MIB * MIB:
                raise _TooLongError
            yield line


def _records(stream: TextIO, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(CELL_MIB * MIB)  # one value for the whole process: csv knows no other way
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLongError:
            yield Fault(line, file_kinds.RECORD_TOO_LONG, RECORD_MIB, refuses=True)
            return
        except csv.Error:
            fault = _fault(line, one_line=reader.line_num == line, too_long=lines.size > CELL_MIB * MIB)
            yield fault
            if fault.refuses:
                return
        else:
            yield line, cells
        line = reader.line_num + 1
        lines.size = 0


def _fault(line: int, *, one_line: bool, too_long: bool) -> Fault:
    """What csv's error means.

    Within one line only that line is lost; over several lines an open quote may have swallowed whole records, and no
    one can say which.
    """
    if not one_line:
        return Fault(line, file_kinds.UNTERMINATED_QUOTE, refuses=True)
    if too_long:
        return Fault(line, record_kinds.CELL_TOO_LONG, CELL_MIB)
    return Fault(line, record_kinds.BAD_QUOTES)
