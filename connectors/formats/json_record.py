"""One JSON object as a record: strict where Python's reader is lenient, so that nothing is lost without a word."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from connectors.formats.limits import CELL_MIB, MIB, NESTING
from connectors.formats.table import listed
from exchange.model.findings import Finding, Kind, record_kinds
from exchange.model.row import Cell

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_DIGITS = 17
"""A number of so many characters is always kept exactly by a double."""


_LIMITS = {record_kinds.NESTED_TOO_DEEP.code: NESTING, record_kinds.CELL_TOO_LONG.code: CELL_MIB}


def _flaw(value: dict[str, Cell], text: str) -> Kind | None:
    """What a record that was read soundly may still hold that cannot be kept."""
    if any(isinstance(cell, (list, dict)) for cell in value.values()) and _depth(value) > NESTING:
        return record_kinds.NESTED_TOO_DEEP
    if _SUSPECT.search(text) and not all(_is_text(each) for each in _strings(value)):
        return record_kinds.BAD_CHARACTER
    if len(text) > CELL_MIB * MIB and any(len(each) > CELL_MIB * MIB for each in _strings(value)):
        return record_kinds.CELL_TOO_LONG
    return None


class RecordReader:
    """Python's own JSON reader, with an eye on what it would let pass. One serves a whole file."""

    def __init__(self) -> None:
        self._repeated: list[str] = []
        self._unsound = False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_float=self._float
        )

    def record(self, text: str, *, row: int, line: int) -> dict[str, Cell] | Finding:
        """The object's fields, or the finding that stands for it. Lists and objects within it are kept as they are."""
        self._repeated, self._unsound = [], False
        try:
            value = self._decoder.decode(text)
        except json.JSONDecodeError:
            return record_kinds.BROKEN_RECORD.at(row=row, line=line)
        except ValueError:  # int() refuses more than 4,300 digits
            return record_kinds.NOT_A_NUMBER.at(row=row, line=line)
        except RecursionError:
            return record_kinds.NESTED_TOO_DEEP.at(row=row, line=line, limit=NESTING)
        if not isinstance(value, dict):
            return record_kinds.NOT_AN_OBJECT.at(row=row, line=line)
        if self._repeated:
            return record_kinds.REPEATED_KEYS.at(row=row, line=line, columns=listed(dict.fromkeys(self._repeated)))
        kind = record_kinds.NOT_A_NUMBER if self._unsound else _flaw(value, text)
        return kind.at(row=row, line=line, limit=_LIMITS.get(kind.code)) if kind else value

    def _object(self, pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            self._repeated += [key for key, count in counts.items() if count > 1]
        return fields

    def _constant(self, _: str) -> None:
        self._unsound = True

    def _float(self, text: str) -> float:
        number = float(text)
        if math.isinf(number) or (len(text) > _DIGITS and not _is_exact(text, number)):
            self._unsound = True
        return number


def _is_exact(text: str, number: float) -> bool:
    try:
        return Decimal(text) == Decimal(repr(number))
    except InvalidOperation:
        return False


def _depth(value: object) -> int:
    """How many lists and objects are within one another, the record itself being one."""
    depth = 0
    level = [value]
    while level:
        depth += any(isinstance(each, (list, dict)) for each in level)
        level = [inner for each in level for inner in _inside(each)]
    return depth


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _strings(value: object) -> Iterator[str]:
    """Every text in a value, the names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    for inner in _inside(value):
        yield from _strings(inner)


def _is_text(text: str) -> bool:
    """Whether the text can be written as UTF-8 and holds no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
