"""The record elements of an XML document, one at a time. Nothing is declared or fetched: no DTD, no entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TextIO
from xml.parsers import expat

from connectors.formats.limits import CELL_MIB, CHUNK, MIB, NESTING, RECORD_MIB, XML_DEPTH
from exchange.model.findings import Finding, Kind, file_kinds, record_kinds
from exchange.model.row import Cell

_TAGS = 16
"""What an element adds to its record's size beside its name and content."""


@dataclass(slots=True)
class XmlRecord:
    """One record element: the line of its start tag, its cells by path, and which of these are lists of several.

    `fault`: why it cannot be a row, with the limit that it exceeds.
    """

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    fault: tuple[Kind, int] | None = None

    def add(self, path: str, text: str) -> None:
        """Take in one value."""
        if len(text) > CELL_MIB * MIB:
            self.fault = self.fault or (record_kinds.CELL_TOO_LONG, CELL_MIB)
        before = self.cells.get(path)
        if before is None:
            self.cells[path] = text
        elif isinstance(before, list):
            before.append(text)
        else:
            self.cells[path] = [before, text]
            self.repeated.append(path)


def records(stream: TextIO, wanted: str | None) -> Iterator[XmlRecord | Finding]:
    """Every record element, `wanted` as in `FormatSpec.record`; a finding when the document is refused, and no more."""
    document = _Document(wanted)
    try:
        while text := stream.read(CHUNK):
            document.take(text)
            yield from document.drain()
        document.end()
    except _RefusedError as refused:
        yield from document.drain()
        yield refused.finding
    except expat.ExpatError as error:
        yield from document.drain()
        yield file_kinds.BROKEN_XML.at(line=error.lineno, at_line=error.lineno)


class _RefusedError(Exception):
    """The document holds what no sound document does."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Document:
    """What the parser has met so far."""

    def __init__(self, wanted: str | None) -> None:
        self._wanted = _Wanted(wanted)
        self._path: list[str] = []
        self._record: XmlRecord | None = None
        self._outer = 0
        self._texts: list[list[str]] = []
        self._leaf = False
        self._size = self._fed = 0
        self._done: list[XmlRecord] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype  # before any entity is declared

    def take(self, text: str) -> None:
        """Read on. expat.ExpatError when the text is no XML."""
        content = text.encode()
        self._parser.Parse(content)
        self._fed += len(content)
        if self._fed - self._parser.CurrentByteIndex > RECORD_MIB * MIB:  # a tag without end
            self._refuse(file_kinds.RECORD_TOO_LONG, limit=RECORD_MIB)

    def end(self) -> None:
        """There is no more. expat.ExpatError when there should be."""
        self._parser.Parse(b"", True)
        if not self._wanted.found and not self._wanted.may_be_none:
            raise _RefusedError(file_kinds.NO_XML_RECORD.at(record=self._wanted.shown))

    def drain(self) -> list[XmlRecord]:
        """The records that have ended since."""
        done, self._done = self._done, []
        return done

    def _refuse(self, kind: Kind, limit: int | None = None) -> NoReturn:
        line = self._record.line if self._record else self._parser.CurrentLineNumber
        raise _RefusedError(kind.at(line=line, at_line=line, limit=limit))

    def _doctype(self, *_: object) -> None:
        self._refuse(file_kinds.FORBIDDEN_XML)

    def _start(self, name: str, attributes: list[str]) -> None:
        path = self._path
        path.append(name.rpartition(":")[2])
        if len(path) > XML_DEPTH:
            self._refuse(file_kinds.XML_TOO_DEEP, limit=XML_DEPTH)
        if self._record is None:
            if not self._wanted.is_record(path):
                return
            self._record, self._outer, self._size = XmlRecord(self._parser.CurrentLineNumber), len(path), 0
        elif len(path) - self._outer >= NESTING:
            self._record.fault = (record_kinds.NESTED_TOO_DEEP, NESTING)
        self._grow(len(name) + _TAGS)
        self._texts.append([])
        self._leaf = True
        if attributes:
            self._take_attributes(self._record, attributes)

    def _take_attributes(self, record: XmlRecord, attributes: list[str]) -> None:
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name != "xmlns" and not name.startswith("xmlns:"):
                self._grow(len(value))
                record.add("/".join([*self._path[self._outer :], f"@{name.rpartition(':')[2]}"]), value)

    def _characters(self, text: str) -> None:
        if self._record is not None:
            self._grow(len(text))
            self._texts[-1].append(text)

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > RECORD_MIB * MIB:
            self._refuse(file_kinds.RECORD_TOO_LONG, limit=RECORD_MIB)

    def _end(self, _: str) -> None:
        record, path = self._record, self._path
        if record is not None:
            text = "".join(self._texts.pop())
            inner = len(path) > self._outer
            if (self._leaf and inner) or (text and not text.isspace()):
                record.add("/".join(path[self._outer :]) if inner else ".", text)
            self._leaf = False
            if not inner:
                self._done.append(record)
                self._record = None
        path.pop()


class _Wanted:
    """Which elements are records, and whether a document without any is a sound one."""

    def __init__(self, record: str | None) -> None:
        self.shown = record or "*"
        self.found = False
        self._absolute = record is None or record.startswith("/")
        self._steps = record.strip("/").split("/") if record else None
        self._deepest = 0
        self._parent_seen = False

    def is_record(self, path: list[str]) -> bool:
        """Whether the element at this path is one."""
        steps = self._steps
        if steps is None:
            here = len(path) == 2
        else:
            here = path == steps if self._absolute else path[-len(steps) :] == steps
            parent = steps[:-1]
            if parent and (path == parent if self._absolute else path[-len(parent) :] == parent):
                self._parent_seen = True
        self.found = self.found or here
        self._deepest = max(self._deepest, len(path))
        return here

    @property
    def may_be_none(self) -> bool:
        """Whether the list is there and empty: its element was seen, or the document holds too little for a record."""
        return self._parent_seen or self._deepest <= 2
