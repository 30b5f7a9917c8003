"""Which files of a folder are whole and safe to take: one policy for every connector that looks into folders."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from exchange.model.offer import Offer, Withheld
from exchange.text import Text

Ready = Literal["quiet", "marker"]

_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_HIDDEN = (".", "~$")

_COARSE_SECONDS = 2.0
"""How much older than it is a file may look: SFTP tells whole seconds, some file systems even ones."""

_FORBIDDEN = Text(
    "文件名含有不允许的字符（“..”、路径分隔符、控制字符或无法识别的编码），出于安全没有读取。请改名后重新投放。",
    "The file's name holds what is not allowed ('..', a path separator, control characters, or bytes that are no"
    " UTF-8), so it was not read. Rename it and drop it again.",
)
_NO_FILE = Text(
    "这不是普通文件（例如快捷方式或符号链接），没有读取。请投放文件本身。",
    "This is no regular file (a symbolic link, for example), so it was not read. Drop the file itself.",
)
_GROWING = Text(
    "文件还在写入，等写完后下次再取。若长时间如此，请检查导出程序。",
    "The file is still being written and will be taken next time. If this lasts, check the export.",
)
_UNMARKED = Text(
    "缺少完成标记文件“{marker}”，等它出现后再取。请确认导出程序在写完后生成标记文件。",
    "Its marker file {marker} is not there yet; the file is taken when it is. See that the export writes the marker.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of a folder, at one look. `name` may hold surrogate escapes where the bytes are no UTF-8."""

    name: str
    size: int
    mtime_ns: int
    is_file: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """How the contract says that a file is whole: by a marker file beside it, or by having stopped growing."""

    ready: Ready
    marker: str
    quiet_seconds: float

    def judge(self, look: Callable[[], Iterable[Seen]]) -> list[Offer | Withheld]:
        """Every file that `look` shows, in name order, offered or withheld with the reason.

        Hidden files, markers and names of unfinished transfers are not files of the source. Time alone is not
        trusted, since clocks differ: files are looked at twice, `quiet_seconds` apart when one of them is young, and
        a connector compares once more after fetching.
        """
        first = self._files(look())
        if self.ready == "marker":
            return [self._marked(seen, first) for seen in self._offered(first)]
        if self._any_young(first):
            time.sleep(self.quiet_seconds)
        second = self._files(look())
        return [_quiet(seen, first) for seen in self._offered(second)]

    def _files(self, entries: Iterable[Seen]) -> dict[str, Seen]:
        return {seen.name: seen for seen in sorted(entries, key=lambda seen: seen.name)}

    def _offered(self, files: dict[str, Seen]) -> Iterator[Seen]:
        for name, seen in files.items():
            if is_forbidden(name) or not (name.startswith(_HIDDEN) or name.endswith((*_UNFINISHED, self.marker))):
                yield seen

    def _any_young(self, files: dict[str, Seen]) -> bool:
        limit = time.time_ns() - int((self.quiet_seconds + _COARSE_SECONDS) * 1e9)
        return any(seen.is_file and seen.mtime_ns > limit for seen in self._offered(files))

    def _marked(self, seen: Seen, files: dict[str, Seen]) -> Offer | Withheld:
        marker = seen.name + self.marker
        if marker in files and files[marker].is_file:
            return _judged(seen, None)
        return _judged(seen, _UNMARKED.fill(marker=printable(marker)))


def is_forbidden(name: str) -> bool:
    """Whether no path may be built from a name: it could lead elsewhere, or hide what it is."""
    if name == "" or ".." in name or "/" in name or "\\" in name:
        return True
    return any(_is_unprintable(character) for character in name)


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of text, so that a name reads as another (Unicode Standard Annex 9)."""


def printable(name: str) -> str:
    """A name as it can be shown and logged: what is forbidden in it as an escape."""
    return "".join(_escaped(character) if _is_unprintable(character) else character for character in name)


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("ascii", "backslashreplace").decode() if character > "\x7f" else f"\\x{ord(character):02x}"


def _quiet(seen: Seen, before: dict[str, Seen]) -> Offer | Withheld:
    return _judged(seen, None if before.get(seen.name) == seen else _GROWING)


def _judged(seen: Seen, reason: Text | None) -> Offer | Withheld:
    if is_forbidden(seen.name):
        reason = _FORBIDDEN
    elif not seen.is_file:
        reason = _NO_FILE
    if reason is None:
        return Offer(seen.name, seen.size, seen.mtime_ns)
    return Withheld(printable(seen.name), seen.size, seen.mtime_ns, reason)
