r"""Python's regular expressions as RE2's, where they say the same; DuckDB speaks RE2.

Python's `search` is kept, `$` that also stands before a last line break, and a negated class that takes line breaks.
Look-around, back-references, flags and whatever else RE2 lacks or means otherwise is refused. `\d`, `\w`, `\s`
and `\b` are those of Unicode in Python and of ASCII in RE2: such a pattern is only right about ASCII text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import _constants as sre  # type: ignore[attr-defined] # the parser of `re` itself: no second opinion
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from exchange.validation.sql.assertions import Beyond

_MOST_REPEATS = 1000  # RE2 refuses more
# Python's white space among ASCII holds the separators 1C to 1F, RE2's does not.
_CLASSES = {sre.CATEGORY_DIGIT: "0-9", sre.CATEGORY_WORD: "0-9A-Za-z_", sre.CATEGORY_SPACE: r"\x09-\x0d\x1c-\x20"}
_BEGIN, _END = r"\A", r"\n?\z"


class Translated(NamedTuple):
    """A pattern for RE2; `ascii_only` when it is right about ASCII text alone."""

    pattern: str
    ascii_only: bool


def translated(pattern: str) -> Translated:
    """The same search for RE2; Beyond when there is none."""
    try:
        parsed = _parser.parse(pattern)
    except re.error as error:
        raise Beyond("no pattern of Python's") from error
    if parsed.state.flags & ~sre.SRE_FLAG_UNICODE:
        raise Beyond("flags in the pattern")
    writer = _Writer()
    return Translated(writer.sequence(list(parsed), last=True), writer.ascii_only)


class _Writer:
    """Writes the parse tree of a pattern; keeps in mind whether it is bound to ASCII."""

    def __init__(self) -> None:
        self.ascii_only = False

    def sequence(self, nodes: list[tuple[Any, Any]], *, last: bool) -> str:
        """One alternative; `last`: nothing follows it, so that `$` may consume the line break before the end."""
        end = len(nodes) - 1
        return "".join(self._node(op, value, last=last and place == end) for place, (op, value) in enumerate(nodes))

    def _node(self, op: Any, value: Any, *, last: bool) -> str:  # noqa: ANN401 - as the parser gives them
        makers: dict[Any, Callable[[], str]] = {
            sre.LITERAL: lambda: _character(value),
            sre.NOT_LITERAL: lambda: f"[^{_character(value)}]",
            sre.ANY: lambda: r"[^\n]",
            sre.IN: lambda: self._class(value),
            sre.AT: lambda: self._place(value, last=last),
            sre.BRANCH: lambda: self._branches(value[1], last=last),
            sre.SUBPATTERN: lambda: self._group(value, last=last),
            sre.MAX_REPEAT: lambda: self._repeat(value),
            sre.MIN_REPEAT: lambda: self._repeat(value),
        }
        if op not in makers:
            raise Beyond(f"{str(op).lower()} in the pattern")
        return makers[op]()

    def _branches(self, branches: list[Any], *, last: bool) -> str:
        return f"(?:{'|'.join(self.sequence(list(each), last=last) for each in branches)})"

    def _class(self, members: list[tuple[Any, Any]]) -> str:
        negated = members[0][0] is sre.NEGATE
        parts = [self._member(op, value) for op, value in members[negated:]]
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def _member(self, op: Any, value: Any) -> str:  # noqa: ANN401
        if op is sre.LITERAL:
            return _character(value)
        if op is sre.RANGE:
            return f"{_character(value[0])}-{_character(value[1])}"
        if op is sre.CATEGORY and value in _CLASSES:
            self.ascii_only = True
            return _CLASSES[value]
        if op is sre.CATEGORY:
            return self._negated_category(value)
        raise Beyond(f"{str(op).lower()} in a class of the pattern")

    def _negated_category(self, category: Any) -> str:  # noqa: ANN401
        opposite = {
            sre.CATEGORY_NOT_DIGIT: r"\x00-/:-\x7f",
            sre.CATEGORY_NOT_WORD: r"\x00-/:-@\[-\^`\{-\x7f",
            sre.CATEGORY_NOT_SPACE: r"\x00-\x08\x0e-\x1b!-\x7f",
        }
        if category not in opposite:
            raise Beyond("a category of the pattern")
        self.ascii_only = True
        return opposite[category]

    def _place(self, place: Any, *, last: bool) -> str:  # noqa: ANN401
        if place in {sre.AT_BEGINNING, sre.AT_BEGINNING_STRING}:
            return _BEGIN
        if place is sre.AT_END_STRING:
            return r"\z"
        if place is sre.AT_END and last:
            return _END
        if place in {sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY}:
            self.ascii_only = True
            return r"\b" if place is sre.AT_BOUNDARY else r"\B"
        raise Beyond("a $ amid the pattern")

    def _group(self, value: Any, *, last: bool) -> str:  # noqa: ANN401
        _, added, removed, inner = value
        if added or removed:
            raise Beyond("flags in the pattern")
        return f"(?:{self.sequence(list(inner), last=last)})"

    def _repeat(self, value: Any) -> str:  # noqa: ANN401
        least, most, inner = value
        unbounded = most is sre.MAXREPEAT
        if least > _MOST_REPEATS or (not unbounded and most > _MOST_REPEATS):
            raise Beyond("that many repeats in the pattern")
        return f"(?:{self.sequence(list(inner), last=False)}){{{least},{'' if unbounded else most}}}"


def _character(code: int) -> str:
    if "\ud800" <= chr(code) <= "\udfff":
        raise Beyond("half a surrogate pair in the pattern")
    return chr(code) if chr(code).isascii() and chr(code).isalnum() else f"\\x{{{code:x}}}"
