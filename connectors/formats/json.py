"""JSON lines and JSON arrays, told apart by the first character, read without holding the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.formats.encodings import Reading
from connectors.formats.json_array import Element, elements
from connectors.formats.json_record import RecordReader
from connectors.formats.physical_lines import UTF8, bad_bytes, decoded, physical_lines
from connectors.formats.scan import scan
from connectors.formats.table import listed
from exchange.model.findings import Finding, file_kinds, record_kinds
from exchange.model.format import Encoding, FormatSpec
from exchange.model.row import Row


@dataclass(frozen=True, slots=True)
class _Torn:
    """A line with bytes that mean nothing, and the first one's offset."""

    line: int
    offset: int


_Part = Element | _Torn | Finding


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every element. JSON is UTF-8 (RFC 8259, 8.1) unless the contract says GB18030.

    A field that is absent is empty, so a column counts as missing only when no record of the file has any of the
    expected ones. A line with bytes that mean nothing is a finding of its own; within an array it refuses the file.
    """
    encoding: Encoding = "gb18030" if spec.encoding == "gb18030" else "utf-8"
    array = _first_character(path, encoding) == "["
    reading = scan(path, encoding, whole=array)
    if isinstance(reading, Finding):
        yield reading
    else:
        yield from _judged(_parts(path, reading, array=array), reading.codec, expected)


def _first_character(path: Path, encoding: Encoding) -> str:
    codec = UTF8 if encoding == "utf-8" else encoding
    with path.open(encoding=codec, errors="replace") as stream:
        return stream.read(1 << 16).removeprefix("\ufeff").lstrip()[:1]


def _parts(path: Path, reading: Reading, *, array: bool) -> Iterator[_Part]:
    if array:
        with path.open(encoding=reading.codec) as stream:
            yield from elements(stream)
    elif reading.damaged:
        with path.open("rb") as content:
            yield from _lines(decoded(line, reading.codec) for line in physical_lines(content))
    else:
        with path.open(encoding=reading.codec, newline="") as stream:
            yield from _lines((text, None) for text in stream)


def _lines(texts: Iterable[tuple[str, int | None]]) -> Iterator[_Part]:
    """One element a line; blank lines are none. A first line that only opens an object is a file laid out otherwise."""
    started = False
    for line, (text, offset) in enumerate(texts, 1):
        content = text.strip().removeprefix("\ufeff")  # GB18030 has a byte order mark too
        if not content:
            continue
        if not started and content == "{":
            yield file_kinds.NOT_JSON.at(line=line)
            return
        started = True
        yield Element(line, content) if offset is None else _Torn(line, offset)


def _judged(found: Iterator[_Part], codec: str, expected: frozenset[str]) -> Iterator[Row | Finding]:
    seen = not expected
    number = 0
    reader = RecordReader()
    for part in found:
        if isinstance(part, Finding):
            yield part
            return
        number += 1
        if isinstance(part, _Torn):
            yield record_kinds.BAD_BYTES.at(row=number, line=part.line, **bad_bytes(codec, part.line, part.offset))
            continue
        cells = reader.record(part.text, row=number, line=part.line)
        if isinstance(cells, Finding):
            yield cells
        else:
            seen = seen or not expected.isdisjoint(cells)
            yield Row(number, part.line, cells)
    if number and not seen:
        yield file_kinds.MISSING_COLUMNS.at(columns=listed(sorted(expected)), present="—")
