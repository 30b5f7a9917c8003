"""The findings of the rules beyond one field, put among those of the check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from exchange.files import move
from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.validation.accepted import accepted_rows
from exchange.validation.outcome_files import ACCEPTED, FINDINGS, CheckSummary
from exchange.validation.rules import FINDING_COLUMNS, run_rules
from exchange.validation.sql.logic import text
from exchange.validation.straight_check import LIMITS, LinesOf

_AT_ONCE = 10_000


def add_rule_findings(
    folder: Path, summary: CheckSummary, dataset: Dataset, reference: Reference, lines_of: LinesOf
) -> CheckSummary:
    """Run the rules on the accepted rows of an outcome; what they find is written to its findings, and counted.

    `lines_of` is asked for rows that were clean at first sight; the others bring their line along.
    """
    if not summary.accepted:
        return summary
    found = folder / "found.parquet"
    with duckdb.connect(config={**LIMITS, "temp_directory": str(folder / "spill")}) as connection:
        connection.execute(f"CREATE VIEW records AS {accepted_rows(folder / ACCEPTED)}")
        counts = _keep(run_rules(connection, dataset, reference), found)
        if counts:
            lines = folder / "lines.parquet"
            _keep_lines(connection, folder, found, lines, lines_of)
            _put_among(connection, folder / FINDINGS, found, lines)
            lines.unlink()
    found.unlink()
    return replace(summary, by_code=dict(sorted((Counter(summary.by_code) + counts).items())))


def _keep(findings: Iterable[pa.RecordBatch], target: Path) -> Counter[str]:
    """Write what the rules found, some at a time, and count it by code."""
    counts: Counter[str] = Counter()
    with pq.ParquetWriter(target, FINDING_COLUMNS) as writer:
        for batch in findings:
            writer.write_batch(batch)
            counts.update(batch.column("code").to_pylist())
    return counts


def _keep_lines(
    connection: duckdb.DuckDBPyConnection, folder: Path, found: Path, target: Path, lines_of: LinesOf
) -> None:
    """Write the line of each row that has a finding; of rows that were clean at first sight it is asked for."""
    rows = connection.sql(
        "SELECT f.row, a._line AS line FROM (SELECT DISTINCT row FROM read_parquet($found)) f "
        "LEFT JOIN read_parquet($accepted) a ON a._row = f.row ORDER BY f.row",
        params={"found": str(found), "accepted": str(folder / ACCEPTED)},
    )
    schema = pa.schema([("row", pa.int64()), ("line", pa.int64())])
    with pq.ParquetWriter(target, schema) as writer:
        for batch in rows.to_arrow_reader(_AT_ONCE):
            numbers, lines = batch.column("row").to_pylist(), batch.column("line").to_pylist()
            missing = lines_of([row for row, line in zip(numbers, lines, strict=True) if line is None])
            others = iter(missing)
            told = [next(others) if line is None else line for line in lines]
            writer.write_table(pa.table([numbers, told], schema=schema))


def _put_among(connection: duckdb.DuckDBPyConnection, target: Path, found: Path, lines: Path) -> None:
    """The findings of the check and of the rules, in the order of the rows."""
    draft = target.with_name(f"{target.name}.part")
    connection.execute(
        f"COPY (SELECT * EXCLUDE (part, file_row_number) FROM ("
        f"SELECT 0 AS part, * FROM read_parquet({text(str(target))}, file_row_number=true) UNION ALL BY NAME "
        f"SELECT 1 AS part, f.*, l.line FROM read_parquet({text(str(found))}, file_row_number=true) f "
        f"JOIN read_parquet({text(str(lines))}) l USING (row)) ORDER BY row NULLS FIRST, part, file_row_number) "
        f"TO {text(str(draft))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)"
    )
    move(draft, target)
