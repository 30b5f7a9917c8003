"""The findings of the rules beyond one field, put among those of the check."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from exchange.files import move
from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.validation.accepted import accepted_rows
from exchange.validation.outcome_files import ACCEPTED, CLEAN_ROWS, FINDINGS, CheckSummary
from exchange.validation.rules import run_rules
from exchange.validation.sql.logic import text
from exchange.validation.straight_check import LIMITS, LinesOf


def add_rule_findings(
    folder: Path, summary: CheckSummary, dataset: Dataset, reference: Reference, lines_of: LinesOf
) -> CheckSummary:
    """Run the rules on the accepted rows of an outcome; what they find is written to its findings, and counted.

    `lines_of` is asked for rows that were clean at first sight; the others bring their line along.
    """
    if not summary.accepted:
        return summary
    with duckdb.connect(config={**LIMITS, "temp_directory": str(folder / "spill")}) as connection:
        connection.execute(f"CREATE VIEW records AS {accepted_rows(folder / ACCEPTED)}")
        found = list(run_rules(connection, dataset, reference))
        if not found:
            return summary
        table = pa.Table.from_batches(found)
        connection.register("found", table)
        connection.register("lines", _lines(connection, folder, table, lines_of))
        _write(connection, folder / FINDINGS)
    counts = Counter(summary.by_code) + Counter(table.column("code").to_pylist())
    return replace(summary, by_code=dict(sorted(counts.items())))


def _lines(connection: duckdb.DuckDBPyConnection, folder: Path, found: pa.Table, lines_of: LinesOf) -> pa.Table:
    """The line of each row that has a finding."""
    known: dict[int, int] = dict(
        connection.execute(
            "SELECT _row, _line FROM read_parquet(?) WHERE _row IN (SELECT row FROM found)", [str(folder / ACCEPTED)]
        ).fetchall()
    )
    if (folder / CLEAN_ROWS).exists():
        others = sorted({row for row in found.column("row").to_pylist() if row not in known})
        known.update(zip(others, lines_of(others), strict=True))
    return pa.table({"row": pa.array(known.keys(), pa.int64()), "line": pa.array(known.values(), pa.int64())})


def _write(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """The findings of the check and of the rules, in the order of the rows."""
    draft = target.with_name(f"{target.name}.part")
    connection.execute(
        f"COPY (SELECT * EXCLUDE (part, file_row_number) FROM ("
        f"SELECT 0 AS part, * FROM read_parquet({text(str(target))}, file_row_number=true) UNION ALL BY NAME "
        f"SELECT 1 AS part, found.*, line, row_number() OVER () AS file_row_number FROM found JOIN lines USING (row)) "
        f"ORDER BY row NULLS FIRST, part, file_row_number) "
        f"TO {text(str(draft))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)"
    )
    move(draft, target)
