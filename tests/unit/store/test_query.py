"""Analysts' SQL: it reads the snapshot, and nothing else, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from exchange.errors import ConfigError
from exchange.store.query import query_snapshot


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "snapshot.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE licence AS "
            "SELECT * FROM (VALUES (1, DATE '2026-01-05', NULL), (2, NULL, '甲')) t(n, day, name)"
        )
        connection.execute('CREATE VIEW "电子证照" AS SELECT n AS "序号" FROM licence')
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("CREATE TABLE licence AS SELECT 's3cret' AS n")
    (tmp_path / "secret.txt").write_text("s3cret")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    return path


def test_an_answer_has_columns_and_every_value_as_text(snapshot: Path) -> None:
    answer = query_snapshot(snapshot, "SELECT * FROM licence ORDER BY n")
    assert answer.columns == ("n", "day", "name")
    assert answer.rows == (("1", "2026-01-05", None), ("2", None, "甲"))


def test_views_and_columns_may_be_chinese(snapshot: Path) -> None:
    assert query_snapshot(snapshot, 'SELECT max("序号") AS "最大" FROM "电子证照"').columns == ("最大",)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO licence VALUES (3, NULL, NULL)",
        "UPDATE licence SET n = 9",
        "DELETE FROM licence",
        "DROP TABLE licence",
        "CREATE TABLE more (n INTEGER)",
        "CREATE VIEW more AS SELECT 1",
        "ALTER TABLE licence ADD COLUMN x INTEGER",
        "COMMENT ON TABLE licence IS 'x'",
        "SELECT 1; DROP TABLE licence",
    ],
)
def test_nothing_can_be_changed(snapshot: Path, sql: str) -> None:
    before = snapshot.read_bytes()
    with pytest.raises(ConfigError):
        query_snapshot(snapshot, sql)
    assert snapshot.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{folder}/other.duckdb'",
        "ATTACH '{folder}/other.duckdb' (READ_ONLY)",
        "SELECT * FROM '{folder}/other.duckdb'",
        "ATTACH '{folder}/snapshot.duckdb' AS again (READ_WRITE); DROP TABLE again.licence",
        "SELECT * FROM read_text('{folder}/secret.txt')",
        "SELECT * FROM read_blob('{folder}/*')",
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sniff_csv('{folder}/secret.csv')",
        "SELECT * FROM parquet_metadata('{folder}/secret.txt')",
        "COPY licence TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
        "COPY licence FROM '{folder}/secret.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "IMPORT DATABASE '{folder}'",
        "PRAGMA profile_output='{folder}/out.json'",
        "SET profiling_output='{folder}/out.json'",
        "SET temp_directory='{folder}/temp'",
        "SET log_query_path='{folder}/out.log'",
        "CREATE SECRET s (TYPE http)",
    ],
)
def test_no_file_can_be_read_or_written(snapshot: Path, sql: str) -> None:
    before = sorted(path.name for path in snapshot.parent.iterdir())
    with pytest.raises(ConfigError):
        query_snapshot(snapshot, sql.format(folder=snapshot.parent))
    assert sorted(path.name for path in snapshot.parent.iterdir()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "INSTALL httpfs",
        "LOAD httpfs",
        "FORCE INSTALL spatial",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '64GB'",
        "RESET enable_external_access",
        "PRAGMA threads = 64",
        "SET GLOBAL autoload_known_extensions = true",
        "CALL enable_logging()",
    ],
)
def test_neither_extensions_nor_settings_can_be_changed(snapshot: Path, sql: str) -> None:
    with pytest.raises(ConfigError):
        query_snapshot(snapshot, sql)


def test_variables_of_the_program_are_no_tables(snapshot: Path) -> None:
    for name in ("connection", "relation", "snapshot", "_CLOSED"):
        with pytest.raises(ConfigError):
            query_snapshot(snapshot, f"SELECT * FROM {name}")


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM nothing", "SELECT 1/'x'::INTEGER", ""])
def test_what_is_wrong_with_a_query_is_told(snapshot: Path, sql: str) -> None:
    if sql == "":
        assert query_snapshot(snapshot, sql).columns == ()
        return
    with pytest.raises(ConfigError, match="查询无法执行"):
        query_snapshot(snapshot, sql)
