"""`is_clean` of whole columns at once: bytes that are never part of anything suspect are passed over in one sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from exchange.validation.formats.arrays import Flags, Texts, texts_of
from exchange.validation.normalise.characters import is_clean

Bytes = npt.NDArray[np.uint8]
_SPACE, _PLUS = 0x20, 0x2B
_ASCII = bytes(byte for byte in range(0x21, 0x7F) if byte != _PLUS)
_DIGITS = b"0123456789"
_CAPITALS = _DIGITS + b"ABCDEFGHIJKLMNOPQRSTUVWXYZ."
# The first bytes of the blocks of UTF-8 in which there is nothing suspect, and all bytes that follow a first one.
_BLOCKS = bytes(range(0x80, 0xC0)) + bytes(range(0xC3, 0xCD)) + bytes(range(0xCE, 0xD8)) + bytes(range(0xD9, 0xE1))
_HAN = bytes(range(0xE4, 0xEF))


@dataclass(frozen=True)
class CleanColumn:
    """Says of a whole column which of its texts are clean.

    `safe` are the bytes that are never part of anything suspect, `judge` decides on a text that holds others,
    `nothing` are the texts that stand for nothing, in lower case.
    """

    safe: bytes
    judge: Callable[[str], bool]
    nothing: frozenset[str]

    def __call__(self, texts: pa.Array) -> pa.Array:
        """The verdicts; nothing is said of null."""
        column = texts_of(texts)
        verdicts = np.ones(len(texts), np.bool_)
        for place in self._suspects(column):
            text = texts[place].as_py()
            verdicts[place] = text is None or (text.lower() not in self.nothing and self.judge(text))
        return pa.array(verdicts)

    def _suspects(self, column: Texts) -> Iterable[int]:
        """The places of the texts on which only `judge` can tell, and of those that may stand for nothing."""
        found = [np.flatnonzero(_may_be(column, self.nothing))]
        content = column.codes.tobytes()
        for byte in set(content.translate(None, self.safe)):
            found.append(_values_with(byte, column))  # noqa: PERF401 - read better so
        return [int(place) for place in np.unique(np.concatenate(found))]


def clean_texts(nothing: frozenset[str]) -> CleanColumn:
    """Text in general. One that holds a plus sign is never clean, since it may be Excel's 1.2E+17."""
    return CleanColumn(_ASCII + _BLOCKS + _HAN, lambda text: "+" not in text and is_clean(text), nothing)


def clean_ascii(nothing: frozenset[str]) -> CleanColumn:
    """Text that must be ASCII."""
    return CleanColumn(_ASCII, lambda text: text.isascii() and "+" not in text and is_clean(text), nothing)


def plain_bodies(nothing: frozenset[str]) -> CleanColumn:
    """Digits, capitals and dots alone, as in the numbers of persons and bodies."""
    return CleanColumn(_CAPITALS, lambda text: _is_of(text, _CAPITALS), nothing)


def plain_digits(nothing: frozenset[str]) -> CleanColumn:
    """Digits alone."""
    return CleanColumn(_DIGITS, lambda text: _is_of(text, _DIGITS), nothing)


def _is_of(text: str, characters: bytes) -> bool:
    return all(each in characters.decode() for each in text)


def _may_be(column: Texts, nothing: frozenset[str]) -> Flags:
    """Which texts begin as one of a few short ones does, and are no longer."""
    short = np.flatnonzero((column.lengths <= max(len(each.encode()) for each in nothing)) & (column.lengths > 0))
    flags = np.zeros(len(column.lengths), np.bool_)
    if len(short):
        first = column.padded[column.starts[short]].astype(np.int32)
        second = np.where(column.lengths[short] > 1, column.padded[column.starts[short] + 1], 0)
        flags[short] = _beginnings(nothing)[first * 256 + second]
    return flags


_KNOWN_BEGINNINGS: dict[frozenset[str], Flags] = {}


def _beginnings(nothing: frozenset[str]) -> Flags:
    """By their first two bytes, the texts that may stand for nothing, in whatever case."""
    table = _KNOWN_BEGINNINGS.get(nothing)
    if table is None:
        table = _KNOWN_BEGINNINGS[nothing] = np.zeros(65_536, np.bool_)
        for each in nothing:
            for form in (each, each.upper(), each.capitalize(), each[:1] + each[1:].upper()):
                code = form.encode().ljust(2, b"\0")
                table[code[0] * 256 + code[1]] = True
    return table


def _values_with(byte: int, column: Texts) -> npt.NDArray[np.int64]:
    """The places of the texts in which a byte begins something suspect."""
    codes = column.padded
    found = np.flatnonzero(column.codes == byte)
    if byte == _SPACE:
        return _with_space_at_an_end(column)
    if byte in _SUSPECT_AFTER:
        found = found[_SUSPECT_AFTER[byte](codes[found + 1], codes[found + 2])]
    return np.searchsorted(column.starts, found, side="right") - 1


def _with_space_at_an_end(column: Texts) -> npt.NDArray[np.int64]:
    first = column.padded[column.starts] == _SPACE
    last = column.padded[np.maximum(column.starts + column.lengths - 1, 0)] == _SPACE
    return np.flatnonzero((first | last) & (column.lengths > 0))


def _after_e2(second: Bytes, third: Bytes) -> Flags:
    """U+2000 to U+206F but for the dashes, quotation marks and dots U+2010 to U+2027."""
    punctuation = (second == 0x80) & (third >= 0x90) & (third <= 0xA7)
    return np.asarray((second <= 0x81) & ~punctuation)


def _after_e3(second: Bytes, third: Bytes) -> Flags:
    """The ideographic space and the Hangul filler."""
    return np.asarray(((second == 0x80) & (third == 0x80)) | ((second == 0x85) & (third == 0xA4)))


def _after_ef(second: Bytes, third: Bytes) -> Flags:
    """Full-width digits and letters, and everything from U+FE00 on but full-width punctuation."""
    digits = (second == 0xBC) & (third >= 0x90) & (third <= 0x99)
    capitals = (second == 0xBC) & (third >= 0xA1) & (third <= 0xBA)
    small = (second == 0xBD) & (third >= 0x81) & (third <= 0x9A)
    wide = (second == 0xBC) | (second == 0xBD)
    return np.asarray(digits | capitals | small | ((second >= 0xB8) & ~wide))


def _after_f0(second: Bytes, _third: Bytes) -> Flags:
    """The blocks of shorthand and musical signs, which hold controls; the rare Han characters stand elsewhere."""
    return np.asarray((second == 0x9B) | (second == 0x9D))


_SUSPECT_AFTER: Mapping[int, Callable[[Bytes, Bytes], Flags]] = {
    0xE2: _after_e2,
    0xE3: _after_e3,
    0xEF: _after_ef,
    0xF0: _after_f0,
}
