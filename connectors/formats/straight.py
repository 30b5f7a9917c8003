"""Which CSV files a fast engine may read by itself, and what it must know to read them as the careful reader does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from connectors.formats.csv import Lines, records
from connectors.formats.encodings import looks_like_gb18030
from connectors.formats.limits import CHUNK, MIB
from connectors.formats.physical_lines import GB18030, UTF8
from connectors.formats.scan import container
from connectors.formats.sight import PART, Sight
from connectors.formats.table import Fault, Header, Record, Table
from connectors.formats.transcode import to_utf8
from exchange.model.format import FormatSpec
from exchange.model.straight import Straight

_TRIED = 4 * MIB
"""So much of a file of unknown encoding is decoded before it is offered as UTF-8."""


def straight(
    path: Path, spec: FormatSpec, expected: frozenset[str], scratch: Path, *, not_utf8: bool = False
) -> Straight | None:
    """What an engine needs to read the file; None when the careful reader must, be it only to tell what is wrong.

    A file in UTF-8 is not decoded here but for its first part: an engine that meets bytes that are not UTF-8 asks again
    with `not_utf8`, and gets a copy in UTF-8 when the careful reader would take all of the file for GB18030. That copy
    is made in the folder `scratch`. What is left to the engine: it must fail at a line end of another kind outside
    quotes, a wrong quote, a record of another length than the header, and one of more than one MiB. Then the careful
    reader is the one to go on, and so it is for a line of nothing but spaces, which is no record.
    """
    if spec.kind != "csv" or spec.note_prefixes or container(path) is not None:
        return None
    codec = _codec(path, spec, not_utf8=not_utf8)
    head = codec and _head(path, codec, spec, expected)
    if not head:
        return None
    header, skip = head
    sight = Sight(spec.delimiter)
    target = scratch / "utf-8.csv" if codec == GB18030 else path
    sound = to_utf8(path, target, sight) if codec == GB18030 else _look(path, sight)
    if sound and sight.regular:
        return Straight(target, header.names, skip, spec.delimiter, sight.lines, sight.quotes)
    if target != path:
        target.unlink()
    return None


def _codec(path: Path, spec: FormatSpec, *, not_utf8: bool) -> str | None:
    """The encoding that the careful reader would find, as far as can be told without reading all."""
    if spec.encoding == "gb18030":
        return GB18030
    if spec.encoding == "utf-8":
        return None if not_utf8 else UTF8
    gb18030 = looks_like_gb18030(path, None if not_utf8 else _TRIED)
    if gb18030:
        return GB18030
    return None if gb18030 is None or not_utf8 else UTF8


def _head(path: Path, codec: str, spec: FormatSpec, expected: frozenset[str]) -> tuple[Header, int] | None:
    """The header and the number of lines up to it, when it is sound and no record above it runs over several lines."""
    with path.open("rb") as stream:
        content = stream.read(CHUNK)
    whole, end, _ = content.rpartition(b"\n")
    try:
        text = (whole + end if len(content) == CHUNK else content).decode(codec)
    except UnicodeDecodeError:
        return None
    passed: list[Record] = []
    header = Table(_noted(text, spec.delimiter, passed), spec, pad=False).header(expected)
    if not isinstance(header, Header) or len(header.names) < 2 or not all(header.names):
        return None
    if any(isinstance(each, Fault) or each[0] != at for at, each in enumerate(passed, 1)) or _breaks(passed[-1]):
        return None
    return header, len(passed)


def _noted(text: str, delimiter: str, passed: list[Record]) -> Iterator[Record]:
    """The records of a text, each noted when it is passed."""
    for record in records(Lines(io.StringIO(text, newline="")), delimiter):
        passed.append(record)
        yield record


def _breaks(record: Record) -> bool:
    return isinstance(record, Fault) or any("\n" in cell or "\r" in cell for cell in record[1])


def _look(path: Path, sight: Sight) -> bool:
    part = bytearray(PART)
    with path.open("rb", buffering=0) as stream:
        while size := stream.readinto(part):
            if not sight.take(part, size):
                return False
    return True
