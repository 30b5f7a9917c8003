"""CSV after RFC 4180: quoted cells, quoted line breaks, and the physical line of every record."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from connectors.formats.encodings import Reading
from connectors.formats.limits import CELL_MIB, MIB, RECORD_MIB
from connectors.formats.physical_lines import bad_bytes, decoded, physical_lines
from connectors.formats.scan import scan
from connectors.formats.table import Fault, Record, Table
from exchange.model.findings import Finding, file_kinds, record_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every record of a CSV file, in constant memory. One with bytes that mean nothing is a finding of its own."""
    reading = scan(path, spec.encoding)
    if isinstance(reading, Finding):
        yield reading
        return
    with _opened(path, reading) as lines:
        yield from Table(records(lines, spec.delimiter), spec, pad=False).rows(expected)


@contextmanager
def _opened(path: Path, reading: Reading) -> Iterator[Lines]:
    if reading.damaged:
        with path.open("rb") as content:
            yield DamagedLines(content, reading)
    else:
        with path.open(encoding=reading.codec, newline="") as texts:
            yield Lines(texts)


class _TooLongError(Exception):
    """A record has grown over the limit while its lines were put together."""


class Lines:
    """The physical lines, counted up against the record's limit. `bad` tells of the record's bytes without meaning."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self.size = 0
        self.bad: Mapping[str, Any] | None = None

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.size += len(text)
            if self.size > RECORD_MIB * MIB:
                raise _TooLongError
            yield text

    def next_record(self) -> None:
        """Forget what was noted of the last record."""
        self.size, self.bad = 0, None


class DamagedLines(Lines):
    """The lines of a file of which some do not decode: each by itself, so that the others are what they were."""

    def __init__(self, content: BinaryIO, reading: Reading) -> None:
        super().__init__(self._decoded(content, reading))

    def _decoded(self, content: BinaryIO, reading: Reading) -> Iterator[str]:
        for number, line in enumerate(physical_lines(content), 1):
            text, offset = decoded(line, reading.codec)
            if offset is not None and self.bad is None:
                self.bad = bad_bytes(reading.codec, number, offset)
            yield text


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every record, blank lines as records without cells; the last may be a fault that refuses what follows it."""
    csv.field_size_limit(CELL_MIB * MIB)  # one value for the whole process: csv knows no other way
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        lines.next_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLongError:
            yield Fault(line, file_kinds.RECORD_TOO_LONG, {"limit": RECORD_MIB}, refuses=True)
            return
        except csv.Error:
            fault = _fault(line, lines, one_line=reader.line_num == line)
            yield fault
            if fault.refuses:
                return
        else:
            yield (line, cells) if lines.bad is None else Fault(line, record_kinds.BAD_BYTES, lines.bad, cells=cells)
        line = reader.line_num + 1


def _fault(line: int, lines: Lines, *, one_line: bool) -> Fault:
    """What csv's error means.

    Within one line only that line is lost; over several lines an open quote may have swallowed whole records, and no
    one can say which.
    """
    if not one_line:
        return Fault(line, file_kinds.UNTERMINATED_QUOTE, refuses=True)
    if lines.bad is not None:
        return Fault(line, record_kinds.BAD_BYTES, lines.bad)
    if lines.size > CELL_MIB * MIB:
        return Fault(line, record_kinds.CELL_TOO_LONG, {"limit": CELL_MIB})
    return Fault(line, record_kinds.BAD_QUOTES)
