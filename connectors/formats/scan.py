"""One look through a whole text file before any of it is read: is it text, in which encoding, are its lines sane."""

from __future__ import annotations

import codecs
from pathlib import Path

from connectors.formats.encodings import Reading, choose
from connectors.formats.limits import CHUNK, MIB, RECORD_MIB
from connectors.formats.physical_lines import line_at
from exchange.model.findings import Finding, file_kinds
from exchange.model.format import Encoding

_CONTAINERS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
)


def scan(path: Path, encoding: Encoding, *, whole: bool = False) -> Reading | Finding:
    """How a text file is read, or why it cannot be.

    `whole`: the file is one piece rather than lines (a JSON array, XML), so that a line may be of any length and one
    byte that means nothing refuses it.
    """
    return container(path) or _shape(path, long_lines=whole) or choose(path, encoding, whole=whole)


def container(path: Path) -> Finding | None:
    """What the file is, when its first bytes say that it is no text in our encodings."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_CONTAINERS):
        return file_kinds.NOT_TEXT.at()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return file_kinds.UTF16.at()
    return None


def _shape(path: Path, *, long_lines: bool) -> Finding | None:
    """Blank, NUL or a line without end: seen on the bytes, since none of them is part of a longer sequence."""
    offset = pending = 0
    blank = True
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if (nul := chunk.find(b"\0")) >= 0:
                line = line_at(path, offset + nul)
                return file_kinds.NUL_BYTES.at(line=line, offset=offset + nul, at_line=line)
            blank = blank and not chunk.removeprefix(codecs.BOM_UTF8).strip()
            first, last = _line_ends(chunk)
            if not long_lines and pending + (len(chunk) if first < 0 else first) > RECORD_MIB * MIB:
                line = line_at(path, offset)
                return file_kinds.RECORD_TOO_LONG.at(line=line, at_line=line, limit=RECORD_MIB)
            pending = pending + len(chunk) if first < 0 else len(chunk) - last - 1
            offset += len(chunk)
    return file_kinds.EMPTY_FILE.at() if blank else None


def _line_ends(chunk: bytes) -> tuple[int, int]:
    """Positions of the first and the last line end in a chunk; -1 when there is none."""
    ends = [at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0]
    return min(ends, default=-1), max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
