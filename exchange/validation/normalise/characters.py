"""Characters that do not belong in a value: invisible, full-width, surplus spaces, and those that nobody can mean."""

from __future__ import annotations

import re

from exchange.model.findings.finding import Kind
from exchange.model.findings.repair_kinds import LINE_BREAK, WIDTH, ZERO_WIDTH

# C0 and C1 controls but for line breaks and tabs, lone surrogates, and the two noncharacters that XML (and so a
# spreadsheet) cannot hold. U+001E and U+001F part keys in the store, so they must never get that far.
_UNPRINTABLE_CLASS = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
_LINE_BREAK_CLASS = r"\t\n\x0b\x0c\r\x85\u2028\u2029"
# Default_Ignorable_Code_Point of the Unicode character database (DerivedCoreProperties.txt), and the direction marks.
_IGNORABLE_CLASS = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The category Zs less the ordinary space.
_SPACE_CLASS = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

_UNPRINTABLE = re.compile(f"[{_UNPRINTABLE_CLASS}]")
_LINE_BREAKS = re.compile(f" *[{_LINE_BREAK_CLASS}]+ *")
_IGNORABLE = re.compile(f"[{_IGNORABLE_CLASS}]")
_SPACED_DIGITS = re.compile("[0-9]+(?: +[0-9]+)+[Xx]?")

_WIDE_CLASS = r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"

_SUSPECT = re.compile(
    rf"\A | \Z|[{_UNPRINTABLE_CLASS}{_LINE_BREAK_CLASS}{_IGNORABLE_CLASS}{_SPACE_CLASS}{_WIDE_CLASS}]"
)

_SPACES = {ord(character): " " for character in map(chr, range(0x3001)) if re.match(f"[{_SPACE_CLASS}]", character)}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_EVERYTHING = {**_FULL_WIDTH, **_SPACES}
_LETTERS_AND_DIGITS = {code: half for code, half in _FULL_WIDTH.items() if half.isalnum()} | _SPACES


def unprintable(text: str) -> bool:
    """Whether the text holds a character that can neither be stored nor shown, and that nobody can have meant."""
    return _UNPRINTABLE.search(text) is not None


def is_clean(text: str) -> bool:
    """Whether `plain_text` has nothing to do: the fast path, and true of nearly every value. `text` is not empty."""
    if text.isascii():
        return text.isprintable() and text[0] != " " and text[-1] != " "
    return _SUSPECT.search(text) is None


def plain_text(text: str) -> tuple[str, tuple[Kind, ...]]:
    """Free text put right: half-width letters and digits, ordinary spaces and none at the ends, one line.

    Chinese punctuation stays as it is: it is right there.
    """
    return _put_right(text, _LETTERS_AND_DIGITS)


def half_width(text: str) -> tuple[str, tuple[Kind, ...]]:
    """The same for an identifier, a code, a date or a number, in which punctuation is half-width as well."""
    return _put_right(text, _EVERYTHING)


def compact(text: str) -> tuple[str, tuple[Kind, ...]]:
    """The same for the number of a person or a body: as `key_text`, and without spaces among its digits."""
    narrow, repairs = key_text(text)
    if _SPACED_DIGITS.fullmatch(narrow) is None:
        return narrow, repairs
    return narrow.replace(" ", ""), repairs if WIDTH in repairs else (*repairs, WIDTH)


def key_text(text: str) -> tuple[str, tuple[Kind, ...]]:
    """The same for a business key: as `half_width`, unless it is partly Chinese (苏（2023）…号) and so is text."""
    ascii_once_narrow = text.translate(_EVERYTHING).isascii()
    return half_width(text) if ascii_once_narrow else plain_text(text)


def _put_right(text: str, widths: dict[int, str]) -> tuple[str, tuple[Kind, ...]]:
    visible = _IGNORABLE.sub("", text)
    one_line = _LINE_BREAKS.sub(" ", visible)
    narrow = one_line.translate(widths).strip(" ")
    repairs = (
        (ZERO_WIDTH, visible != text),
        (LINE_BREAK, one_line != visible),
        (WIDTH, narrow != one_line.strip(" ") or (one_line == visible and narrow != one_line)),
    )
    return narrow, tuple(kind for kind, done in repairs if done)
