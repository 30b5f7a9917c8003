"""The fast check of a CSV file: DuckDB reads it, writes it and tells the clean rows in one pass.

The few rows that are not clean take the way of all rows of other files (`check.check_rows`), but that the schema's
places at which they fail are told in SQL too. Whatever DuckDB would read otherwise than the careful reader makes it
stop, and the file is then read with care from the beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from exchange.files import sync_file
from exchange.model.findings.record_kinds import REPEATED_HEADER
from exchange.model.row import Row
from exchange.model.straight import Straight
from exchange.validation.check import Checked, Preparation, Rejected, check_prepared
from exchange.validation.exact import ExactVerdicts
from exchange.validation.feed_sql import CELLS, CLEAN, FeedSql
from exchange.validation.outcome_files import CLEAN_ROWS, CheckSummary, write_outcome
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.sql.logic import text
from exchange.validation.sql.own import OwnFunctions

_LOG = logging.getLogger(__name__)
LIMITS: Mapping[str, str] = {"memory_limit": "1GB", "threads": "2", "preserve_insertion_order": "true"}
_AT_ONCE = 16_384
LONGEST_RECORD = 1 << 20
"""Bytes of the longest record that the engine reads: no cell of it is too long for the careful reader."""
RecordLines = Callable[[Straight, Sequence[int]], list[int]]
LinesOf = Callable[[Sequence[int]], list[int]]
"""The physical lines of records by their numbers, which ascend."""


@dataclass(frozen=True)
class FeedCheck:
    """What the check of one feed needs.

    `sql` makes the fast path for a file's columns; `preparation`, `judge` and, for many rows at once, `exact` look at
    rows that are not clean; `fields` are those of the outcome, `expected` the columns that a file must have. `rules`
    adds to an outcome what the rules beyond one field find.
    """

    sql: Callable[[Sequence[str]], FeedSql]
    preparation: Preparation
    judge: JsonschemaVerdicts
    exact: Callable[[], ExactVerdicts]
    fields: Sequence[str]
    expected: frozenset[str] = frozenset()
    rules: Callable[[Path, CheckSummary, LinesOf], CheckSummary] | None = None


def check_straight(file: Straight, check: FeedCheck, folder: Path, record_lines: RecordLines) -> CheckSummary | None:
    """Check the file into the outcome files (`outcome_files`); None when it must be read with care.

    `record_lines` gives the physical lines of records where they are not one line each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / CLEAN_ROWS
    feed = check.sql(file.columns)
    _say_what_is_slow(feed)
    with duckdb.connect(config={**LIMITS, "temp_directory": str(folder / "spill")}) as connection:
        own = OwnFunctions(connection)
        feed.register(own)
        try:
            connection.execute(
                f"COPY ({feed.rows(_csv(file), check.fields)}) TO {text(str(target))} "
                "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)"
            )
        except (duckdb.InvalidInputException, duckdb.OutOfMemoryException):
            own.raise_if_broken()
            # Bytes that are not UTF-8, a wrong quote, too many cells, records too long: it does not say which rows go
            # on, the reader does. Its message is not logged, since it quotes the line.
            _LOG.info("the engine stopped: the file is read with care 引擎无法直接读取，改为逐行读取")
            target.unlink(missing_ok=True)
            return None
        sync_file(target)
        rows, clean = connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {CLEAN}) FROM read_parquet(?)", [str(target)]
        ).fetchall()[0]
        summary = write_outcome(
            _rest(_unclean(connection, target), file, check, partial(_lines, file, rows, record_lines)),
            check.fields,
            folder,
        )
    summary = summary.beside(clean)
    lines_of = partial(_lines, file, rows, record_lines)
    return check.rules(folder, summary, lines_of) if check.rules else summary


def _say_what_is_slow(feed: FeedSql) -> None:
    for rule, reason in feed.uncompiled:
        where = "/".join(map(str, rule))
        _LOG.warning("jsonschema decides rule %s row by row: %s 规则 %s 由 jsonschema 逐行判断", where, reason, where)


def _csv(file: Straight) -> str:
    """The file as a relation with the columns c0, c1 … Nothing is guessed, and nothing that is wrong is passed over."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(file.columns)))
    return (
        f"read_csv({text(str(file.path))}, auto_detect=false, header=false, skip={file.skip}, "
        f"delim={text(file.delimiter)}, quote='\"', escape='\"', nullstr='', comment='', strict_mode=true, "
        f"null_padding=false, ignore_errors=false, max_line_size={LONGEST_RECORD}, columns={{{columns}}})"
    )


def _unclean(connection: duckdb.DuckDBPyConnection, target: Path) -> Iterator[tuple[list[int], list[list[str]]]]:
    """The rows that are not clean, in order and some at a time: their numbers and cells."""
    found = connection.sql(
        f"SELECT file_row_number + 1 AS row, {CELLS} AS cells FROM read_parquet(?, file_row_number=true) "
        f"WHERE NOT {CLEAN} ORDER BY file_row_number",
        params=[str(target)],
    )
    batches: pa.RecordBatchReader = found.to_arrow_reader(_AT_ONCE)
    for batch in batches:
        cells = [[each or "" for each in row] for row in batch.column("cells").to_pylist()]
        yield batch.column("row").to_pylist(), cells


def _lines(file: Straight, count: int, record_lines: RecordLines, numbers: Sequence[int]) -> list[int]:
    """The physical lines of records: one each, if there are as many of both."""
    one_line_each = file.lines - file.skip == count
    return [file.skip + each for each in numbers] if one_line_each else record_lines(file, numbers)


def _rest(
    unclean: Iterator[tuple[list[int], list[list[str]]]],
    file: Straight,
    check: FeedCheck,
    lines_of: LinesOf,
) -> Iterator[Checked]:
    """The outcome of every row that is not clean, in order."""
    exact: ExactVerdicts | None = None
    for numbers, cells in unclean:
        exact = exact or check.exact()
        rows = [
            Row(number, line, dict(zip(file.columns, row, strict=True)))
            for number, line, row in zip(numbers, lines_of(numbers), cells, strict=True)
        ]
        yield from _looked_at(rows, file.columns, check, exact)


def _looked_at(rows: list[Row], columns: Sequence[str], check: FeedCheck, exact: ExactVerdicts) -> Iterator[Checked]:
    prepared = [check.preparation.prepare(row) for row in rows]
    verdicts = exact.findings(prepared, rows)
    header = list(columns)
    for row, each, wrong in zip(rows, prepared, verdicts, strict=True):
        if row.cells[header[0]] == header[0] and [str(cell).strip() for cell in row.cells.values()] == header:
            yield Rejected(row.number, row.line, {}, [REPEATED_HEADER.at(row=row.number, line=row.line)])
        else:
            yield check_prepared(row, each, wrong, check.judge)
