"""One look through a whole text file before any of it is read: is it text, in which encoding, are its lines sane."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.formats.limits import CHUNK, MIB, RECORD_MIB
from exchange.model.findings import Finding, file_kinds
from exchange.model.format import Encoding

UTF8 = "utf-8-sig"
GB18030 = "gb18030"

_CANDIDATES: dict[Encoding, tuple[str, ...]] = {"auto": (UTF8, GB18030), "utf-8": (UTF8,), "gb18030": (GB18030,)}
_TITLES = {UTF8: "UTF-8", GB18030: "GB18030"}
_CONTAINERS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
)
_EVIDENCE = 24
"""So many bytes of multi-byte sequences in sound UTF-8 are no accident: each pair of GB18030 bytes has about one
chance in eight to look like UTF-8. A file that then breaks is damaged UTF-8, not GB18030."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Where a strict decoder stopped; `evidence` is how many bytes of multi-byte sequences it had understood."""

    codec: str
    offset: int
    evidence: int


def scan(path: Path, encoding: Encoding, *, long_lines: bool = False) -> str | Finding:
    """Python's name of the encoding in which the whole file can be read strictly, or why there is none.

    `long_lines` allows lines over the limit (a JSON array may be one line).
    """
    fault = _container(path) or _shape(path, long_lines=long_lines)
    return fault or _encoding(path, encoding)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _container(path: Path) -> Finding | None:
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
    for chunk in _chunks(path):
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


def _encoding(path: Path, encoding: Encoding) -> str | Finding:
    faults: list[_Fault] = []
    for codec in _CANDIDATES[encoding]:
        fault = _first_fault(path, codec)
        if fault is None:
            return codec
        faults.append(fault)
        if codec == UTF8 and (fault.evidence >= _EVIDENCE or _has_bom(path)):
            break
    worst = max(faults, key=lambda fault: fault.offset)
    line = line_at(path, worst.offset)
    return file_kinds.BAD_ENCODING.at(line=line, encoding=_TITLES[worst.codec], offset=worst.offset, at_line=line)


def _has_bom(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(3) == codecs.BOM_UTF8


def _first_fault(path: Path, codec: str) -> _Fault | None:
    """Decode the whole file strictly, a chunk at a time."""
    name = "utf-8" if codec == UTF8 else codec
    decoder = codecs.getincrementaldecoder(name)()
    offset = evidence = 0
    for chunk in _chunks(path):
        held = decoder.getstate()[0]
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            sound = (held + chunk)[: error.start]
            extra = len(sound) - len(sound.decode(name))
            return _Fault(codec, offset - len(held) + error.start, evidence + extra)
        evidence += len(chunk) - len(text)
        offset += len(chunk)
    held = decoder.getstate()[0]
    return _Fault(codec, offset - len(held), evidence) if held else None


def line_at(path: Path, offset: int) -> int:
    """The physical line, from 1, that holds the byte at `offset`; a line ends with LF, CR LF or a lone CR."""
    line, left, after_cr = 1, offset, False
    for chunk in _chunks(path):
        part = chunk[:left]
        line += part.count(b"\n") + part.count(b"\r") - part.count(b"\r\n") - (after_cr and part.startswith(b"\n"))
        after_cr = part.endswith(b"\r")
        left -= len(part)
        if left <= 0:
            break
    return line
