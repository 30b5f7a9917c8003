"""When two texts of the catalogue say the same: what people write differently without meaning another thing."""

from __future__ import annotations

_OPENING = "〔[【〖［｛{"
_CLOSING = "〕]】〗］｝}"
_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F)).upper()
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LISTED, _DASHES = "、；﹑", "‐‑‒–—―−－"
_FROM = _OPENING + _CLOSING + _LISTED + _DASHES + _FULL_WIDTH + _LETTERS
_TO = (
    "(" * len(_OPENING) + ")" * len(_CLOSING) + "," * len(_LISTED) + "-" * len(_DASHES) + _HALF_WIDTH + _LETTERS.upper()
)
_UNSEEN = r"\s\x{A0}\x{AD}\x{1680}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FEFF}"
_PASSED_OVER = f"[{_UNSEEN}《》〈〉<>«»「」『』“”‘’\"'。.]"
"""Spaces, what cannot be seen, title marks and quotes of every kind, and the full stop."""


def same_text(one: str, other: str) -> str:
    """SQL: whether two texts are one but for width, case, spaces, kinds of brackets, title marks and list signs."""
    return f"{plain(one)} = {plain(other)}"


def plain(text: str) -> str:
    """SQL of a text in the form in which it is compared."""
    return f"regexp_replace(translate({text}, {_quoted(_FROM)}, {_quoted(_TO)}), {_quoted(_PASSED_OVER)}, '', 'g')"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
