"""The accepted rows of a checked file as one relation, whichever way the file was checked."""

from __future__ import annotations

from pathlib import Path

from exchange.validation.feed_sql import CELLS, CLEAN
from exchange.validation.outcome_files import CLEAN_ROWS
from exchange.validation.sql.logic import Sql, text


def accepted_rows(accepted: Path) -> Sql:
    """SQL that selects them: the dataset's fields as text, and `_row`, the number of the record in its file.

    `accepted` is the outcome's file of that name; the rows that were clean at first sight lie beside it.
    """
    looked_at = f"SELECT * EXCLUDE (_line) FROM read_parquet({text(str(accepted))})"
    clean = accepted.with_name(CLEAN_ROWS)
    if not clean.exists():
        return looked_at
    return (
        f"SELECT * EXCLUDE ({CLEAN}, {CELLS}, file_row_number), file_row_number + 1 AS _row "
        f"FROM read_parquet({text(str(clean))}, file_row_number=true) WHERE {CLEAN} UNION ALL BY NAME {looked_at}"
    )
