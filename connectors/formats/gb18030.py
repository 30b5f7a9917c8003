"""GB18030 to UTF-8 by the C library's converter, with Python's table as the truth.

The C library converts faster than Python's codec and lets another thread run meanwhile, but its table differs in a few
characters, and from one version to the next (U+1E3F, the vertical forms, some radicals). The difference is found out
when it is needed, and a part of a text in which it would show goes through Python's codec.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from connectors.formats.sight import PART

_NO_DESCRIPTOR = ctypes.c_void_p(-1).value
_BLOCK = 64
"""So many characters are compared at a time."""


class Converter(Protocol):
    """Makes whole lines of GB18030 UTF-8."""

    def convert(self, lines: bytes) -> bytes | None:
        """The same text; None when the bytes are not sound."""


@contextmanager
def fastest() -> Iterator[Converter]:
    """The C library's converter, set right where it differs; Python's where there is none that will do."""
    library = _library()
    differences = _differences()
    if library is None or differences is None:
        yield PythonCodec()
        return
    with opened(library) as plain:
        yield Mended(plain, differences)


class PythonCodec:
    """Python's own codec."""

    def convert(self, lines: bytes) -> bytes | None:
        """The same text; None when the bytes are not sound."""
        try:
            return lines.decode("gb18030").encode()
        except UnicodeError:
            return None


class LibraryCodec:
    """`iconv` of the C library (POSIX.1-2017), with a buffer of its own: for one thread at a time."""

    def __init__(self, library: ctypes.CDLL, descriptor: int) -> None:
        self._iconv = library.iconv
        self._descriptor = descriptor
        self._buffer = ctypes.create_string_buffer(3 * PART)

    def convert(self, lines: bytes) -> bytes | None:
        """The text by the library's own table; None when it does not know all of it."""
        if len(self._buffer) < 2 * len(lines):  # no character grows more than from two bytes to three
            self._buffer = ctypes.create_string_buffer(2 * len(lines))
        size = len(self._buffer)
        source = ctypes.c_void_p(ctypes.cast(ctypes.c_char_p(lines), ctypes.c_void_p).value)
        target = ctypes.c_void_p(ctypes.addressof(self._buffer))
        left, room = ctypes.c_size_t(len(lines)), ctypes.c_size_t(size)
        places = (ctypes.byref(source), ctypes.byref(left), ctypes.byref(target), ctypes.byref(room))
        if self._iconv(self._descriptor, *places) != 0:  # an error, or something replaced
            self._iconv(self._descriptor, None, None, None, None)
            return None
        return ctypes.string_at(self._buffer, size - room.value)


class Mended:
    """The library's converter, and Python's wherever the two may not agree."""

    def __init__(self, library: Converter, differences: Differences) -> None:
        self._library = library
        self._differences = differences
        self._python = PythonCodec()

    def convert(self, lines: bytes) -> bytes | None:
        """The same text; None when the bytes are not sound."""
        text = self._library.convert(lines)
        if text is None or self._differences.shown_in(text):
            return self._python.convert(lines)
        return text


class Differences:
    """The characters that the library makes of sequences that are others to Python."""

    def __init__(self, characters: frozenset[bytes]) -> None:
        self._common: dict[bytes, npt.NDArray[np.bool_]] = {}
        self._rare = frozenset(each for each in characters if len(each) != 3)
        self._leads = {each[:1] for each in self._rare}
        for each in characters - self._rare:
            self._common.setdefault(each[:2], np.zeros(256, np.bool_))[each[2]] = True

    def shown_in(self, text: bytes) -> bool:
        """Whether one of them stands in a text of whole lines."""
        return any(self._has_rare(text, lead) for lead in self._leads) or any(
            first[0] in text and _holds(np.frombuffer(text, np.uint8), first, thirds)
            for first, thirds in self._common.items()
        )

    def _has_rare(self, text: bytes, lead: bytes) -> bool:
        """Whether one of the characters beyond the basic plane, which are few in any text, is among them."""
        at = text.find(lead)
        while at >= 0:
            if text[at : at + 4] in self._rare:
                return True
            at = text.find(lead, at + 4)
        return False


def _holds(seen: npt.NDArray[np.uint8], first: bytes, thirds: npt.NDArray[np.bool_]) -> bool:
    """Whether two bytes and one of some third bytes stand in a text, looked for in both alignments of byte pairs."""
    wanted = int.from_bytes(first, "little")
    for start in (0, 1):
        pairs = seen[start : start + (len(seen) - start) // 2 * 2].view("<u2")
        found = pairs == wanted
        if found.any() and thirds[seen[start + 2 * np.flatnonzero(found) + 2]].any():
            return True
    return False


@cache
def _library() -> ctypes.CDLL | None:
    """The C library, when it has `iconv` by that name."""
    try:
        library = ctypes.CDLL(None)
        library.iconv_open.restype = ctypes.c_void_p
        library.iconv_open.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        library.iconv.restype = ctypes.c_size_t
        library.iconv.argtypes = [ctypes.c_void_p] * 5
        library.iconv_close.argtypes = [ctypes.c_void_p]
    except (OSError, TypeError, AttributeError):
        return None
    return library


@contextmanager
def opened(library: ctypes.CDLL) -> Iterator[Converter]:
    """The library's converter; Python's when it does not know GB18030."""
    descriptor = library.iconv_open(b"UTF-8", b"GB18030")
    if descriptor in {None, _NO_DESCRIPTOR}:
        yield PythonCodec()
        return
    try:
        yield LibraryCodec(library, descriptor)
    finally:
        library.iconv_close(descriptor)


@cache
def _differences() -> Differences | None:
    """What the library makes otherwise than Python; None when there is no library, or it takes what Python refuses."""
    library = _library()
    if library is None:
        return None
    with opened(library) as plain:
        if any(plain.convert(sequence) is not None for sequence in _refused()):
            return None
        return Differences(frozenset(differing(plain, _basic_plane())))


def differing(library: Converter, characters: Sequence[str]) -> Iterator[bytes]:
    """What the library makes (as UTF-8) of those characters' sequences that mean others to it."""
    for start in range(0, len(characters), _BLOCK):
        block = characters[start : start + _BLOCK]
        text = "\n".join(block)
        if library.convert(text.encode("gb18030")) != text.encode():
            made = ((each, library.convert(each.encode("gb18030"))) for each in block)
            yield from (theirs for each, theirs in made if theirs not in {each.encode(), None} and theirs is not None)


def _basic_plane() -> list[str]:
    """Every character that GB18030 looks up in a table; those of the other planes are reckoned (annex C)."""
    return [chr(code) for code in (*range(0x80, 0xD800), *range(0xE000, 0x10000))]


def _refused() -> Iterator[bytes]:
    """Sequences that are not sound: every first byte with each kind of wrong second one, and some without meaning."""
    high = range(0x81, 0xFF)
    yield from (bytes([first, wrong]) for first in high for wrong in b'\n ,":;\x7f\xff')
    yield from (bytes([wrong, second]) for wrong in (0x80, 0xFF) for second in (*high, *b"0A\n"))
    yield from (bytes([first, 0x30, third, fourth]) for first in high for third, fourth in (b"0A", b"\x81A", b"\xff0"))
    yield from (bytes([0x84, 0x32, third, 0x30]) for third in high)  # reserved, behind U+FFFF
    yield from (bytes([first, 0x30, 0x81, 0x30]) for first in (0x85, 0x8F, 0xE4, 0xFC))
