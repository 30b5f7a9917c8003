"""The physical lines of a file as bytes, with their places: for what must be decoded line by line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from connectors.formats.limits import CHUNK

UTF8 = "utf-8-sig"
GB18030 = "gb18030"
TITLES = {UTF8: "UTF-8", GB18030: "GB18030"}
"""Python's names of the codecs, and what people call them."""


class Line(NamedTuple):
    """One physical line with its end (LF, CR LF or a lone CR), and the offset of its first byte in the file.

    A byte order mark of UTF-8 is left out.
    """

    offset: int
    content: bytes


def physical_lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line of a file. A line end is one byte in UTF-8 and in GB18030, and part of no longer sequence."""
    mark = stream.read(len(codecs.BOM_UTF8))
    offset, held = (len(mark), b"") if mark == codecs.BOM_UTF8 else (0, mark)
    while chunk := stream.read(CHUNK):
        lines = (held + chunk).splitlines(keepends=True)
        held = lines.pop()  # it may go on, and its CR may be followed by LF
        for line in lines:
            yield Line(offset, line)
            offset += len(line)
    for line in held.splitlines(keepends=True):
        yield Line(offset, line)
        offset += len(line)


def decoded(line: Line, codec: str) -> tuple[str, int | None]:
    """The text of a line; when it is not sound, also the offset in the file of the first byte that means nothing.

    Such bytes are kept as lone surrogates (PEP 383), so that quotes and delimiters around them still tell the cells.
    """
    codec = codec.removesuffix("-sig")  # U+FEFF is a mark at the start of a file only
    try:
        return line.content.decode(codec), None
    except UnicodeDecodeError as error:
        return line.content.decode(codec, errors="surrogateescape"), line.offset + error.start


def bad_bytes(codec: str, line: int, offset: int) -> dict[str, Any]:
    """What the text of a finding says of bytes that mean nothing: the encoding and their place."""
    return {"encoding": TITLES[codec], "at_line": line, "offset": offset}


def line_at(path: Path, offset: int) -> int:
    """The physical line, from 1, that holds the byte at `offset`."""
    line, left, after_cr = 1, offset, False
    with path.open("rb") as stream:
        while left > 0 and (part := stream.read(min(CHUNK, left))):
            line += part.count(b"\n") + part.count(b"\r") - part.count(b"\r\n") - (after_cr and part.startswith(b"\n"))
            after_cr = part.endswith(b"\r")
            left -= len(part)
    return line
