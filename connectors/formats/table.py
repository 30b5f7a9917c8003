"""What CSV and Excel have in common: title rows, a header, notes, and records of as many cells as the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from exchange.model.findings import Finding, Kind, file_kinds, record_kinds
from exchange.model.format import FormatSpec
from exchange.model.row import Row

_SHOWN = 40
"""So many column names are listed in a message."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that cannot be told into cells; `refuses` when nothing after it can be read either."""

    line: int
    kind: Kind
    limit: int | None = None
    cells: str = ""
    refuses: bool = False

    def refusal(self) -> Finding:
        """The finding that refuses the file."""
        return self.kind.at(line=self.line, at_line=self.line, limit=self.limit, cells=self.cells)

    def finding(self, number: int) -> Finding:
        """The finding that stands for the record."""
        return self.kind.at(row=number, line=self.line, limit=self.limit, cells=self.cells)


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
        header = self._header(expected)
        if isinstance(header, Finding):
            yield header
            return
        names, width, notes = header.names, len(header.names), self._notes
        even, first = (width if all(names) else -1), names[0]
        number = 0
        for record in self._records:
            if isinstance(record, Fault):
                if record.refuses:
                    yield record.refusal()
                    return
                number += 1
                yield record.finding(number)
                continue
            line, cells = record
            if notes and _is_note(cells, notes):
                continue
            if len(cells) == even and cells[0] != first:
                number += 1
                yield Row(number, line, dict(zip(names, cells)))  # noqa: B905 - as long as each other, and hot
            elif cells and (len(cells) > 1 or width == 1 or not is_blank(cells)):
                number += 1
                yield self._ragged(number, line, cells, names)

    def _header(self, expected: frozenset[str]) -> Header | Finding:
        last = 0
        for record in islice(self._records, self._titles):
            if isinstance(record, Fault) and record.refuses:
                return record.refusal()
            last = record.line if isinstance(record, Fault) else record[0]
        for record in self._records:
            if isinstance(record, Fault):
                return record.refusal() if record.refuses else _no_header(record.line)
            line, cells = record
            if is_blank(cells) or _is_note(cells, self._notes):
                continue
            header = Header(tuple(name.strip().removeprefix("\ufeff").strip() for name in cells))
            if self._pad:
                header = Header(_without_tail(header.names))
            return header.fault(line, expected) or header
        return _no_header(last + 1)

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


def _is_note(cells: list[str], prefixes: tuple[str, ...]) -> bool:
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
