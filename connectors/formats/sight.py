"""One look at the bytes of a text file, many times faster than decoding it: line ends, quotes, NUL, endless lines."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from connectors.formats.limits import CHUNK

PART = CHUNK // 4
"""Bytes looked at in one step: so many stay in the processor's cache."""

_NUL, _LF, _CR, _SPACE, _QUOTE = 0, 10, 13, 32, 34
_KEPT = 64
"""Bytes of a part that are looked at again with the next one."""
_Mask = npt.NDArray[np.bool_]


class Sight:
    """What the bytes of a file show, part by part.

    Only ASCII characters are looked for whose bytes are part of no longer sequence, in UTF-8 as in GB18030.
    """

    def __init__(self, delimiter: str) -> None:
        self.quotes = False
        end = re.escape(delimiter.encode())
        self._padded = re.compile(b'" +(?:[\r\n"]|' + end + b")|(?:[\r\n]|" + end + b') +"')
        self._tail = b""
        self._ends = self._returns = self._pairs = 0
        self._last = _LF
        self._lf = np.empty(0, np.bool_)
        self._cr = np.empty(0, np.bool_)

    def take(self, part: bytes | bytearray, size: int) -> bool:
        """Look at the first bytes of a part; False when the file can only be read with care.

        That is a NUL, a whole part without a line end (no sound record is so long), or spaces between a quote and the
        end or the beginning of its cell: there parsers disagree.
        """
        if part.find(_NUL, 0, size) >= 0:
            return False
        seen = np.frombuffer(part, np.uint8, size)
        if len(self._lf) < size:
            self._lf, self._cr = np.empty(size, np.bool_), np.empty(size, np.bool_)
        lf = np.equal(seen, _LF, out=self._lf[:size])
        ends = int(np.count_nonzero(lf))
        self._ends += ends
        self.quotes = self.quotes or part.find(_QUOTE, 0, size) >= 0
        if self._last == _CR:
            self._pairs += int(seen[0] == _LF)
        if part.find(_CR, 0, size) >= 0:
            self._count_returns(seen, lf)
        self._last = int(seen[-1])
        return (ends > 0 or size < PART) and not (self.quotes and self._holds_padded_quote(part, seen))

    def _holds_padded_quote(self, part: bytes | bytearray, seen: npt.NDArray[np.uint8]) -> bool:
        across = self._tail + bytes(part[: min(_KEPT, len(seen))])
        self._tail = bytes(part[max(0, len(seen) - _KEPT) : len(seen)])
        quote = np.equal(seen, _QUOTE, out=self._cr[: len(seen)])
        space = np.equal(seen, _SPACE, out=self._lf[: len(seen)])
        beside = (quote[:-1] & space[1:]).any() or (space[:-1] & quote[1:]).any()
        if beside and self._padded.search(part, 0, len(seen)):
            return True
        return self._padded.search(across) is not None

    def _count_returns(self, seen: npt.NDArray[np.uint8], lf: _Mask) -> None:
        cr = np.equal(seen, _CR, out=self._cr[: len(seen)])
        self._returns += int(np.count_nonzero(cr))
        self._pairs += int(np.count_nonzero(np.logical_and(cr[:-1], lf[1:], out=cr[:-1])))

    @property
    def lines(self) -> int:
        """The physical lines; the last one need not be ended. True while `regular`."""
        return self._ends + (self._last != _LF)

    @property
    def regular(self) -> bool:
        """Whether all lines end alike, with LF or with CR LF.

        Within quotes the other one may stand (a line break in an Excel cell is LF in a file of CR LF); where there are
        quotes a parser must tell. A lone CR is never regular.
        """
        if self._returns != self._pairs or self._tail.rstrip(b" ").endswith(b'"') > self._tail.endswith(b'"'):
            return False
        return self.quotes or self._pairs in {0, self._ends}
