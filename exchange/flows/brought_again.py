"""The rows of a batch that brings rejected rows again: those of a corrected slip, or those that a recheck has kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from exchange.flows.corrections import Kept
from exchange.flows.slips import SlipRows
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch
from exchange.model.findings import Finding
from exchange.model.row import Row
from exchange.validation.check import Preparation

RECHECKED = "rechecked.jsonl"
"""The name of the file that a recheck keeps; a slip never has this name, since it is a workbook."""


def brought_again(
    work: Workplace, batch: Batch, file: Path, preparation: Preparation, columns: frozenset[str]
) -> tuple[Iterator[Row | Finding], Preparation]:
    """The rows that a batch brings again, by the numbers of the batch that it corrects, and how they are prepared."""
    if file.name == RECHECKED:
        return _kept_rows(file), preparation
    slip = SlipRows(work, batch, file, columns)
    return slip.rows(), slip.wrap(preparation)


def keep_rows(rows: Iterable[Kept], file: Path) -> int:
    """Write rows for a recheck, and count them: one JSON object on a line, with number, line and own cells."""
    number = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(f'{{"row": {row.number}, "line": {row.line}, "cells": {_ascii(row.cells)}}}\n')
            number += 1
    return number


def _ascii(cells: str) -> str:
    """The same JSON in ASCII: half a surrogate pair, too, can be written then."""
    return json.dumps(json.loads(cells))


def _kept_rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            kept = json.loads(line)
            yield Row(kept["row"], kept["line"], kept["cells"])
