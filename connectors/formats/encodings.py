"""Which encoding a text file is in, and whether all of it can be read in that encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from connectors.formats.limits import CHUNK
from connectors.formats.physical_lines import GB18030, UTF8, Line, bad_bytes, decoded, line_at, physical_lines
from exchange.model.findings import Finding, file_kinds
from exchange.model.format import Encoding
from exchange.text import Text

EVIDENCE = 24
"""So many bytes of multi-byte sequences in sound UTF-8 are no accident: each pair of GB18030 bytes has about one
chance in eight to look like UTF-8. A file that then breaks is damaged UTF-8, not GB18030."""

_CANDIDATES: dict[Encoding, tuple[str, ...]] = {"auto": (UTF8, GB18030), "utf-8": (UTF8,), "gb18030": (GB18030,)}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: Python's name of the codec, and whether some of its lines do not decode."""

    codec: str
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a strict decoder stopped; `evidence` is how many bytes of multi-byte sequences it had understood."""

    offset: int
    evidence: int


def choose(path: Path, encoding: Encoding, *, whole: bool = False) -> Reading | Finding:
    """How the file is read, or why it cannot be.

    "auto" is UTF-8 when that decodes the file, else GB18030 when that does and the UTF-8 part could be an accident.
    When neither does, it is the one that fails on fewer lines, UTF-8 if they are as many. The lines that fail cost
    their records only, but when they are more than half of those that are not plain ASCII, the encoding itself is
    wrong and the file is refused. `whole`: the file has no lines that could be told apart, so that one fault refuses.
    """
    candidates = _CANDIDATES[encoding]
    faults: dict[str, Fault] = {}
    for codec in candidates:
        if (fault := first_fault(path, codec)) is None:
            return Reading(codec)
        faults[codec] = fault
        if codec == UTF8 and (fault.evidence >= EVIDENCE or _has_bom(path)):
            break
    if whole:
        return _refused_whole(path, faults)
    tally = _tally(path, (UTF8,) if _has_bom(path) else candidates)
    codec = tally.best(damaged_utf8=UTF8 in faults and faults[UTF8].evidence >= EVIDENCE)
    return tally.refusal(codec) if tally.is_wrong(codec) else Reading(codec, damaged=True)


def _refused_whole(path: Path, faults: dict[str, Fault]) -> Finding:
    """The refusal of a file that is one piece: by the codec that came farthest."""
    codec = max(faults, key=lambda codec: faults[codec].offset)
    return _bad_encoding(codec, line_at(path, faults[codec].offset), faults[codec].offset, _SOME)


_SOME = Text("有无法识别的内容", "some bytes mean nothing")


def _bad_encoding(codec: str, line: int, offset: int, extent: Text) -> Finding:
    fields = {**bad_bytes(codec, line, offset), "extent_zh": extent.zh, "extent_en": extent.en}
    return file_kinds.BAD_ENCODING.at(line=line, **fields)


def looks_like_gb18030(path: Path, upto: int | None = None) -> bool | None:
    """Whether "auto" takes the file for GB18030 should all of it decode so; None when it is UTF-8 with damage.

    False when the first `upto` bytes hold nothing that is not UTF-8.
    """
    fault = first_fault(path, UTF8, upto)
    if fault is None:
        return False
    return None if fault.evidence >= EVIDENCE or _has_bom(path) else True


def first_fault(path: Path, codec: str, upto: int | None = None) -> Fault | None:
    """Decode the file, or its first bytes, strictly, a chunk at a time; None when all is sound."""
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
            return Fault(offset - len(held) + error.start, evidence + extra)
        evidence += len(chunk) - len(text)
        offset += len(chunk)
        if upto is not None and offset >= upto:
            return None
    held = decoder.getstate()[0]
    return Fault(offset - len(held), evidence) if held else None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _has_bom(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(3) == codecs.BOM_UTF8


@dataclass(slots=True)
class _Tally:
    """The lines of a file that are not plain ASCII, and for each codec those that fail, and the first fault's place."""

    lines: int = 0
    bad: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, number: int, line: Line, codec: str) -> None:
        """Note a line that fails."""
        _, offset = decoded(line, codec)
        if offset is not None:
            self.bad[codec] += 1
            self.first.setdefault(codec, (number, offset))

    def best(self, *, damaged_utf8: bool) -> str:
        """The codec to read by."""
        if damaged_utf8 and UTF8 in self.bad and not self.is_wrong(UTF8):
            return UTF8
        return min(self.bad, key=lambda codec: self.bad[codec])  # the first of equals, which is UTF-8

    def is_wrong(self, codec: str) -> bool:
        """Whether it fails on more than half of the lines that could tell."""
        return 2 * self.bad[codec] > self.lines

    def refusal(self, codec: str) -> Finding:
        """The finding that refuses the file."""
        extent = Text(
            f"含中文等字符的 {self.lines} 行中有 {self.bad[codec]} 行无法识别",
            f"{self.bad[codec]} of the {self.lines} lines that are not plain ASCII mean nothing",
        )
        return _bad_encoding(codec, *self.first[codec], extent)


def _tally(path: Path, candidates: tuple[str, ...]) -> _Tally:
    tally = _Tally(bad=dict.fromkeys(candidates, 0))
    with path.open("rb") as stream:
        for number, line in enumerate(physical_lines(stream), 1):
            if not line.content.isascii():
                tally.lines += 1
                for codec in candidates:
                    tally.add(number, line, codec)
    return tally
