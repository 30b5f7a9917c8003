"""The elements of a JSON array, one at a time, from a stream that need not fit into memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from connectors.formats.limits import MIB, RECORD_MIB
from exchange.model.findings import Finding, file_kinds

_CHUNK = 1 << 18
_SPACE = re.compile(r"[ \t\n\r]*+")  # RFC 8259, 2: no other character is white space
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TEXT = re.compile(_STRING, re.DOTALL)
_FLAT = re.compile(r'\{[^{}\[\]"]*+(?:' + _STRING + r'[^{}\[\]"]*+)*+\}', re.DOTALL)
_TOKEN = re.compile(_STRING + r'|["\[\]{}]', re.DOTALL)
_BARE = re.compile(r'[^\s,\[\]{}"]++')


@dataclass(frozen=True, slots=True)
class Element:
    """The text of one JSON value, sound or not, and the line on which it starts."""

    line: int
    text: str


def elements(stream: TextIO) -> Iterator[Element | Finding]:
    """Every element of the array that the stream holds; a finding when the array itself is broken, and then no more.

    Where an element ends is told by its brackets and strings alone, so a broken one does not spoil those after it.
    """
    window = _Window(stream)
    window.peek()
    window.step()
    ended = window.peek() == "]"
    while not ended:
        line = window.line
        text = window.take()
        if text is None:
            yield _broken(window)
            return
        yield Element(line, text)
        mark = window.peek()
        if mark not in {",", "]"}:
            yield _broken(window)
            return
        ended = mark == "]"
        if not ended:
            window.step()
            window.peek()
    window.step()
    if window.peek():
        yield _broken(window)


def _broken(window: _Window) -> Finding:
    if window.overfull:
        return file_kinds.RECORD_TOO_LONG.at(line=window.line, at_line=window.line, limit=RECORD_MIB)
    return file_kinds.BROKEN_JSON.at(line=window.line, at_line=window.line)


class _Window:
    """The part of the stream that is being looked at."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = stream.read(_CHUNK).removeprefix("\ufeff")
        self._at = 0
        self._ended = False
        self.line = 1

    @property
    def overfull(self) -> bool:
        """Whether one element has filled the window to the limit."""
        return len(self._text) - self._at > RECORD_MIB * MIB

    def peek(self) -> str:
        """Go to the next character that is no white space and show it; nothing at the end."""
        while True:
            self._go(self._end_of_space())
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def step(self) -> None:
        """Go on by one character, which is no line end."""
        self._at += 1

    def take(self) -> str | None:
        """The text of the value that starts here; None when it has no end."""
        while (end := self._end_of_value()) is None:
            if self.overfull or not self._more():
                return None
        text = self._text[self._at : end]
        self._go(end)
        return text

    def _end_of_space(self) -> int:
        found = _SPACE.match(self._text, self._at)
        return found.end() if found else self._at

    def _go(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on, by as much as is held already, so that a long element is not looked at too many times."""
        held = self._text[self._at :]
        read = self._stream.read(max(_CHUNK, len(held)))
        self._text, self._at, self._ended = held + read, 0, not read
        return bool(read)

    def _end_of_value(self) -> int | None:
        first = self._text[self._at : self._at + 1]
        if first == "{" and (flat := _FLAT.match(self._text, self._at)):
            return flat.end()
        if first in {"{", "["}:
            return self._end_of_brackets()
        found = (_TEXT if first == '"' else _BARE).match(self._text, self._at)
        if found is None or (found.end() == len(self._text) and not self._ended):
            return None
        return found.end()

    def _end_of_brackets(self) -> int | None:
        depth = 0
        for token in _TOKEN.finditer(self._text, self._at):
            mark = token.group()
            if mark in {"{", "["}:
                depth += 1
            elif mark in {"}", "]"}:
                depth -= 1
                if not depth:
                    return token.end()
            elif mark == '"':  # a string that the window cuts off
                return None
        return None
