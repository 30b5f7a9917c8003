"""The readers, one module a format, behind one door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from exchange.model.findings import Finding
from exchange.model.format import FormatKind, FormatSpec
from exchange.model.row import Row
from exchange.model.straight import Straight

__all__ = ["FileReader", "read"]

_READERS: dict[FormatKind, str] = {
    "csv": "connectors.formats.csv",
    "excel": "connectors.formats.excel",
    "json": "connectors.formats.json",
    "xml": "connectors.formats.xml",
}


def read(path: Path, spec: FormatSpec, expected: frozenset[str] = frozenset()) -> Iterator[Row | Finding]:
    """Every record of a file, in order: as a row, or as the finding that stands for a record that cannot be read.

    A finding without a row number refuses the whole file and is the last thing that comes. `expected` are the column
    names that the contract maps; a file without them is refused. Rows and row findings are numbered together from 1,
    so their count is the number of records read. Notes and blank lines are no records.
    """
    reader: Callable[[Path, FormatSpec, frozenset[str]], Iterator[Row | Finding]] = import_module(
        _READERS[spec.kind]
    ).read
    return reader(path, spec, expected)


class FileReader:
    """The readers as the port `exchange.ports.Reader`; the libraries that a file does not need are not loaded."""

    def rows(self, path: Path, spec: FormatSpec, expected: frozenset[str] = frozenset()) -> Iterator[Row | Finding]:
        """Every record, as `read` gives it."""
        return read(path, spec, expected)

    def straight(
        self, path: Path, spec: FormatSpec, expected: frozenset[str], scratch: Path, *, not_utf8: bool = False
    ) -> Straight | None:
        """What an engine must know to read the file by itself; see `connectors.formats.straight`."""
        from connectors.formats.straight import straight  # noqa: PLC0415

        return straight(path, spec, expected, scratch, not_utf8=not_utf8)

    def record_lines(self, file: Straight, rows: Sequence[int]) -> list[int]:
        """The physical line on which each record starts; see `connectors.formats.lines`."""
        from connectors.formats.lines import record_lines  # noqa: PLC0415

        return record_lines(file, rows)
