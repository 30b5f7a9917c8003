"""CSV tables of the catalogue, row by row with their lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from catalog.mistakes import Mistakes
from exchange.text import Text


def read_table(path: Path, columns: tuple[str, ...], mistakes: Mistakes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line on which it ends, empty cells left out. A wrong header or row is a mistake.

    The files are UTF-8, with or without a BOM: Excel adds one when an administrator saves them.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(path, csv.reader(file, strict=True), columns, mistakes)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mistakes.add(path, 1, Text(f"无法读取文件：{error}", f"cannot be read: {error}"))


def _rows(
    path: Path, reader: Iterator[list[str]], columns: tuple[str, ...], mistakes: Mistakes
) -> Iterator[tuple[int, dict[str, str]]]:
    header = next(reader, [])
    if tuple(header) != columns:
        wanted = ",".join(columns)
        mistakes.add(path, 1, Text(f"表头应为：{wanted}", f"the header must be: {wanted}"))
        return
    for cells in reader:
        line = reader.line_num  # type: ignore[attr-defined]  # a csv reader is typed as a plain iterator
        if len(cells) != len(columns):
            zh, en = f"应有 {len(columns)} 列，实为 {len(cells)} 列", f"{len(cells)} cells, not {len(columns)}"
            mistakes.add(path, line, Text(zh, en))
            continue
        yield line, {name: cell for name, cell in zip(columns, cells, strict=True) if cell != ""}
