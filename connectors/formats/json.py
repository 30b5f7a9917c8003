"""JSON lines and JSON arrays, told apart by the first character, read without holding the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from connectors.formats.json_array import Element, elements
from connectors.formats.json_record import RecordReader
from connectors.formats.scan import UTF8, scan
from connectors.formats.table import listed
from exchange.model.findings import Finding, file_kinds
from exchange.model.format import Encoding, FormatSpec
from exchange.model.row import Row


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every element. JSON is UTF-8 (RFC 8259, 8.1) unless the contract says GB18030.

    A field that is absent is empty, so a column counts as missing only when no record of the file has any of the
    expected ones.
    """
    encoding: Encoding = "gb18030" if spec.encoding == "gb18030" else "utf-8"
    array = _first_character(path, encoding) == "["
    codec = scan(path, encoding, long_lines=array)
    if isinstance(codec, Finding):
        yield codec
        return
    with path.open(encoding=codec, newline=None if array else "") as stream:
        yield from _judged(elements(stream) if array else _lines(stream), expected)


def _first_character(path: Path, encoding: Encoding) -> str:
    codec = UTF8 if encoding == "utf-8" else encoding
    with path.open(encoding=codec, errors="replace") as stream:
        return stream.read(1 << 16).removeprefix("\ufeff").lstrip()[:1]


def _lines(stream: TextIO) -> Iterator[Element | Finding]:
    """One element a line; blank lines are none. A first line that only opens an object is a file laid out otherwise."""
    started = False
    for line, text in enumerate(stream, 1):
        content = text.strip().removeprefix("\ufeff")  # GB18030 has a byte order mark too
        if not content:
            continue
        if not started and content == "{":
            yield file_kinds.NOT_JSON.at(line=line)
            return
        started = True
        yield Element(line, content)


def _judged(found: Iterator[Element | Finding], expected: frozenset[str]) -> Iterator[Row | Finding]:
    seen = not expected
    number = 0
    reader = RecordReader()
    for element in found:
        if isinstance(element, Finding):
            yield element
            return
        number += 1
        cells = reader.record(element.text, row=number, line=element.line)
        if isinstance(cells, Finding):
            yield cells
        else:
            seen = seen or not expected.isdisjoint(cells)
            yield Row(number, element.line, cells)
    if number and not seen:
        yield file_kinds.MISSING_COLUMNS.at(columns=listed(sorted(expected)), present="—")
