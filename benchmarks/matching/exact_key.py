"""Plain de-duplication by an exact key, which is what an exchange does without a matcher."""

from __future__ import annotations

from pathlib import Path

import duckdb

KEY = ("certificate_type_code", "issue_dept_code", "certificate_number", "certificate_holder_code")


def by_raw_key(licences: Path, answer: Path) -> None:
    """Rows with the same four columns, letter by letter, are one licence."""
    _grouped(licences, answer, list(KEY))


def by_trimmed_key(licences: Path, answer: Path) -> None:
    """The same over columns in upper case, without spaces at either end."""
    _grouped(licences, answer, [f"upper(trim({name}))" for name in KEY])


def _grouped(licences: Path, answer: Path, columns: list[str]) -> None:
    key = ", ".join(f"coalesce({column}, '')" for column in columns)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT row_guid, md5(to_json([{key}])::VARCHAR) AS licence_id, NULL::VARCHAR AS ask_group "
            f"FROM read_parquet(?)) TO '{answer}' (FORMAT parquet)",
            [str(licences)],
        )
