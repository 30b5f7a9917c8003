"""`is_clean` of whole columns at once: bytes that are never part of anything suspect are passed over in one sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from exchange.validation.formats.arrays import Flags, Texts, texts_of
from exchange.validation.normalise.characters import is_clean
from exchange.validation.sql.facts import SEPARATOR

Bytes = npt.NDArray[np.uint8]
_SPACE, _PLUS = 0x20, 0x2B
_ASCII = bytes(byte for byte in range(0x21, 0x7F) if byte != _PLUS)
_DIGITS = b"0123456789"
_CAPITALS = _DIGITS + b"ABCDEFGHIJKLMNOPQRSTUVWXYZ."
# The first bytes of the blocks of UTF-8 in which there is nothing suspect, and all bytes that follow a first one.
_BLOCKS = bytes(range(0x80, 0xC0)) + bytes(range(0xC3, 0xCD)) + bytes(range(0xCE, 0xD8)) + bytes(range(0xD9, 0xE1))
_HAN = bytes(range(0xE4, 0xEF))


@dataclass(frozen=True)
class CleanCells:
    """Says of rows whose cells are joined by SEPARATOR whether all of these are clean; no cell is empty text.

    `safe` are the bytes that are never part of anything suspect, `judge` decides on a text that holds others,
    `nothing` are the texts that stand for nothing, in lower case.
    """

    safe: bytes
    judge: Callable[[str], bool]
    nothing: frozenset[str]

    def rows(self, joined: pa.Array, width: int) -> Flags:
        """The verdicts on rows of so many cells each."""
        column = texts_of(joined)
        verdicts = np.ones(len(joined), np.bool_)
        for place in np.flatnonzero(self._suspects(column, width)):
            verdicts[place] = self._clean((joined[place].as_py() or "").split(SEPARATOR), width)
        return verdicts

    def of_one(self, texts: pa.Array) -> pa.Array:
        """The verdicts on single cells; nothing is said of null."""
        return pa.array(self.rows(texts, 1))

    def _clean(self, cells: Sequence[str], width: int) -> bool:
        there = [each for each in cells if each]
        return len(cells) == width and all(each.lower() not in self.nothing and self.judge(each) for each in there)

    def _suspects(self, column: Texts, width: int) -> Flags:
        """The rows on which only `judge` can tell, and those with a cell that may stand for nothing."""
        count = len(column.starts)
        separators = np.flatnonzero(column.codes == ord(SEPARATOR)).astype(np.int32)
        if len(separators) != count * (width - 1):
            return np.ones(count, np.bool_)
        cells = _cells(column, separators.reshape(count, width - 1))
        flags: Flags = np.asarray(_may_be(cells, self.nothing).reshape(count, width).any(axis=1))
        for byte in set(column.codes.tobytes().translate(None, self.safe + SEPARATOR.encode())):
            if byte == _SPACE:
                flags |= _with_space_at_an_end(cells).reshape(count, width).any(axis=1)
            else:
                flags[np.searchsorted(column.starts, _suspect_places(byte, column), side="right") - 1] = True
        return flags


def _cells(column: Texts, separators: npt.NDArray[np.int32]) -> Texts:
    """The cells of all rows, one after the other."""
    starts = np.column_stack((column.starts, separators + 1))
    ends = np.column_stack((separators, column.starts + column.lengths))
    return Texts(column.padded, starts.ravel(), (ends - starts).ravel())


def clean_texts(nothing: frozenset[str]) -> CleanCells:
    """Text in general. One that holds a plus sign is never clean, since it may be Excel's 1.2E+17."""
    return CleanCells(_ASCII + _BLOCKS + _HAN, _is_clean_text, nothing)


def clean_ascii(nothing: frozenset[str]) -> CleanCells:
    """Text that must be ASCII."""
    return CleanCells(_ASCII, _is_clean_ascii, nothing)


def plain_bodies(nothing: frozenset[str]) -> CleanCells:
    """Digits, capitals and dots alone, as in the numbers of persons and bodies."""
    return CleanCells(_CAPITALS, _is_body, nothing)


def plain_digits(nothing: frozenset[str]) -> CleanCells:
    """Digits alone."""
    return CleanCells(_DIGITS, _is_digits, nothing)


def _is_clean_text(text: str) -> bool:
    return "+" not in text and is_clean(text)


def _is_clean_ascii(text: str) -> bool:
    return text.isascii() and _is_clean_text(text)


def _is_body(text: str) -> bool:
    return all(each in _CAPITALS.decode() for each in text)


def _is_digits(text: str) -> bool:
    return all(each in _DIGITS.decode() for each in text)


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


def _suspect_places(byte: int, column: Texts) -> npt.NDArray[np.int64]:
    """Where a byte begins something suspect."""
    found = np.flatnonzero(column.codes == byte)
    if byte in _SUSPECT_AFTER:
        return found[_SUSPECT_AFTER[byte](column.padded[found + 1], column.padded[found + 2])]
    return found


def _with_space_at_an_end(column: Texts) -> Flags:
    first = column.padded[column.starts] == _SPACE
    last = column.padded[np.maximum(column.starts + column.lengths - 1, 0)] == _SPACE
    return np.asarray((first | last) & (column.lengths > 0))


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
