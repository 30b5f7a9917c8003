"""The readers, one module a format, behind one door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from exchange.model.findings import Finding
from exchange.model.format import FormatKind, FormatSpec
from exchange.model.row import Row

__all__ = ["read"]

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
