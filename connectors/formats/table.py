"""What CSV and Excel have in common: title rows, a header, notes, and records of as many cells as the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from exchange.model.findings import Finding, Kind, file_kinds, record_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row

_SHOWN = 40
"""So many column names are listed in a message."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that cannot be told into cells, or must not be; `refuses` when nothing after it can be read either.

    `fields` fill the kind's text. `cells` are what it seems to hold, where that is known; they go no further.
    """

    line: int
    kind: Kind
    fields: Mapping[str, Any] = field(default_factory=dict)
    refuses: bool = False
    cells: Sequence[str] = ()

    def refusal(self) -> Finding:
        """The finding that refuses the file."""
        return self.kind.at(line=self.line, **{"at_line": self.line, **self.fields})

    def finding(self, number: int) -> Finding:
        """The finding that stands for the record."""
        return self.kind.at(row=number, line=self.line, **self.fields)

    def as_header(self) -> Finding:
        """The finding that refuses the file because this stands where its header should."""
        if self.refuses:
            return self.refusal()
        if self.kind is record_kinds.BAD_BYTES:
            zh, en = "表头这一行有无法识别的内容", "some bytes of the header mean nothing"
            return file_kinds.BAD_ENCODING.at(line=self.line, **self.fields, extent_zh=zh, extent_en=en)
        return _no_header(self.line)


Record = tuple[int, list[str]] | Fault
"""The physical line on which a record starts and its cells (none: a blank line), or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Header:
    """The column names by position; a blank name marks a column that must be empty."""

    names: tuple[str, ...]

    def fault(self, line: int, expected: frozenset[str]) -> Finding | None:
        """What is wrong with the names.

        They are told only when one of them is expected (else by position): a row of data that stands where the header
        should be may hold personal data.
        """
        counts = Counter(self.names)
        repeated = [
            name if expected else f"#{at}" for at, name in enumerate(self.names, 1) if name and counts[name] > 1
        ]
        missing = sorted(expected.difference(self.names))
        if expected and len(missing) == len(expected):
            return file_kinds.NOT_A_HEADER.at(line=line, at_line=line, columns=listed(missing))
        if repeated:
            return file_kinds.REPEATED_COLUMNS.at(line=line, columns=listed(dict.fromkeys(repeated)))
        if missing:
            present = listed(name for name in self.names if name)
            return file_kinds.MISSING_COLUMNS.at(line=line, columns=listed(missing), present=present)
        return None


def listed(names: Iterable[str]) -> str:
    """Column names for a message, each and all of a bearable length."""
    shown = [name if len(name) <= 60 else name[:60] + "…" for name in names]
    return ", ".join(shown[:_SHOWN]) + ("…" if len(shown) > _SHOWN else "")


class Table:
    """One file's records, made into rows.

    `pad`: short records are filled up with empty cells and empty cells beyond the header do not count, as in a
    spreadsheet, where a row has no length of its own.
    """

    def __init__(self, records: Iterator[Record], spec: FormatSpec, *, pad: bool) -> None:
        self._records = records
        self._notes = spec.note_prefixes
        self._titles = spec.title_rows
        self._pad = pad

    def rows(self, expected: frozenset[str]) -> Iterator[Row | Finding]:
        """Every record as a row, or as the finding that stands for it."""
        header = self.header(expected)
        if isinstance(header, Finding):
            yield header
            return
        names, notes = header.names, self._notes
        even, first = (len(names) if all(names) else -1), names[0]
        number = 0
        for record in self._records:
            if not isinstance(record, Fault):
                line, cells = record
                if len(cells) == even and cells[0] != first and not (notes and _is_note(cells, notes)):
                    number += 1
                    yield Row(number, line, dict(zip(names, cells)))  # noqa: B905 - as long as each other, and hot
                    continue
            found = self._irregular(number + 1, record, names)
            if found is not None:
                yield found
                if isinstance(found, Finding) and found.row is None:
                    return
                number += 1

    def header(self, expected: frozenset[str]) -> Header | Finding:
        """The header, read past title rows, blank lines and notes; or why the file is refused for it."""
        last = 0
        for record in islice(self._records, self._titles):
            if isinstance(record, Fault) and record.refuses:
                return record.refusal()
            last = record.line if isinstance(record, Fault) else record[0]
        for record in self._records:
            line, cells = (record.line, record.cells) if isinstance(record, Fault) else record
            if _is_note(cells, self._notes):
                continue
            if isinstance(record, Fault):
                return record.as_header()
            if is_blank(cells):
                continue
            header = Header(tuple(name.strip().removeprefix("\ufeff").strip() for name in cells))
            if self._pad:
                header = Header(_without_tail(header.names))
            return header.fault(line, expected) or header
        return _no_header(last + 1)

    def _irregular(self, number: int, record: Record, names: tuple[str, ...]) -> Row | Finding | None:
        """What a record is that is not plainly a row; None when it is no record at all."""
        line, cells = (record.line, record.cells) if isinstance(record, Fault) else record
        if not any(cells[len(names) :]):  # a delimiter too many at the end, with nothing behind it
            cells = cells[: len(names)]
        if _is_note(cells, self._notes):
            return None
        if self._swallowed(cells, len(names)):
            return file_kinds.UNTERMINATED_QUOTE.at(line=line, at_line=line)
        if isinstance(record, Fault):
            return record.refusal() if record.refuses else record.finding(number)
        if not cells or (len(cells) == 1 and len(names) > 1 and is_blank(cells)):
            return None
        return self._ragged(number, line, list(cells), names)

    def _swallowed(self, cells: Sequence[str], width: int) -> bool:
        """Whether an open quote has probably swallowed records: several lines, and not the header's number of cells."""
        return not self._pad and len(cells) not in {0, width} and any("\n" in cell or "\r" in cell for cell in cells)

    def _ragged(self, number: int, line: int, cells: list[str], names: tuple[str, ...]) -> Row | Finding:
        """A record whose cells are not one for one those of the header."""
        width = len(names)
        if self._pad:
            cells = list(_without_tail(cells))
            cells += [""] * (width - len(cells))
        if width > 1 and all(name == cell.strip() for name, cell in zip(names, cells, strict=False)):
            return record_kinds.REPEATED_HEADER.at(row=number, line=line)
        if len(cells) != width:
            kind = record_kinds.TOO_FEW_CELLS if len(cells) < width else record_kinds.TOO_MANY_CELLS
            return kind.at(row=number, line=line, count=len(cells), width=width)
        for position, (name, cell) in enumerate(zip(names, cells, strict=True), 1):
            if not name and cell.strip():
                return record_kinds.UNNAMED_COLUMN.at(row=number, line=line, position=position)
        return Row(number, line, {name: cell for name, cell in zip(names, cells, strict=True) if name})


def is_blank(cells: Iterable[str]) -> bool:
    """Whether nothing stands in a record."""
    return not any(cell.strip() for cell in cells)


def _is_note(cells: Sequence[str], prefixes: tuple[str, ...]) -> bool:
    for cell in cells:
        if text := cell.strip():
            return text.startswith(prefixes)
    return False


def _without_tail(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells up to the last that is not empty."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])


def _no_header(line: int) -> Finding:
    return file_kinds.NO_HEADER.at(line=line, at_line=line)
