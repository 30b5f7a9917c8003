"""Which rows of any file of licences are one licence: no site and no store is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from exchange.errors import ConfigError, FatalError
from exchange.files import move
from exchange.licences.blocks import HOLDER_LIMIT, near_pairs_sql
from exchange.licences.evidence import features_sql
from exchange.licences.keys import keys_sql, normal_sql, roles_sql
from exchange.model.record_sql import literal
from exchange.model.reference import Reference
from exchange.store.licences.licence_file import read_licences, refuse_damaged
from exchange.store.licences.match import match_forms
from exchange.store.licences.tables import register_lookups
from exchange.store.sql import first_row
from exchange.text import Text

LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "3GB",
    "threads": "2",
    "preserve_insertion_order": "false",
    "allow_community_extensions": "false",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """How many rows were read, to how many licences they came, and what is open: rows and questions."""

    rows: int
    licences: int
    open_rows: int
    questions: int


def resolve_file(file: Path, out: Path, reference: Reference | None) -> Resolved:
    """Write `row_guid, licence_id, rule, score, ask_group` of each row as Parquet, in no particular order.

    The result is there as a whole or not at all. ConfigError when the file is no CSV (UTF-8) or Parquet, has no
    `row_guid`, or nothing can be written there; FatalError when memory or disk do not suffice.
    """
    _check_target(file, out)
    with _workspace(out) as folder, _engine(folder) as connection, _told(file):
        rows, columns = read_licences(connection, file, folder)
        register_lookups(connection, reference)
        _read_keys(connection, rows, columns)
        _group(connection)
        _near(connection, rows, columns)
        _features(connection, rows, columns)
        match_forms(connection)
        return _write(connection, out, folder)


def _check_target(file: Path, out: Path) -> None:
    if out.suffix.lower() != ".parquet":
        raise ConfigError(
            Text(
                f"结果是 Parquet 文件，请把 {out.name} 改为以 .parquet 结尾的名称。",
                f"The result is a Parquet file: give {out.name} a name that ends in .parquet.",
            )
        )
    if not out.parent.is_dir():
        raise ConfigError(
            Text(f"没有目录 {out.parent}，请先建立。", f"There is no folder {out.parent}; make it first.")
        )
    if out.is_dir():
        raise ConfigError(Text(f"{out} 是目录，请写明文件名。", f"{out} is a folder; name a file."))
    if out.exists() and out.samefile(file):
        raise ConfigError(
            Text("结果会覆盖要归并的文件，请换一个文件名。", "The result would replace the file; give it another name.")
        )


@contextmanager
def _workspace(out: Path) -> Iterator[Path]:
    """A folder beside the result, so that what is finished there can be moved in one step."""
    try:
        folder = tempfile.TemporaryDirectory(dir=out.parent, prefix=".resolve-")
    except PermissionError as error:
        raise ConfigError(
            Text(f"没有在 {out.parent} 中写文件的权限。", f"Nothing may be written to {out.parent}.")
        ) from error
    with folder as path:
        yield Path(path)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say what it means that the engine cannot go on."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        reason = str(error).partition("\n")[0]
        raise FatalError(
            Text(
                f"归并 {file.name} 时内存或磁盘不够（{reason}）。请在空间更大的目录中写结果，再试一次。",
                f"Memory or disk did not suffice to resolve {file.name} ({reason}). Write the result where there is "
                "more room, and try again.",
            )
        ) from error
    except duckdb.Error:
        refuse_damaged(file)
        raise


@contextmanager
def _engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={**LIMITS, "temp_directory": str(folder / "spill")}) as connection:
        yield connection


def _read_keys(connection: duckdb.DuckDBPyConnection, rows: str, columns: Collection[str]) -> None:
    """One pass over the file: `claims` has the keys of each row."""
    texts = f"(SELECT file_row_number AS position, row_guid::VARCHAR AS row_guid, {roles_sql(columns)} FROM {rows})"
    normal = normal_sql(texts, "position, row_guid")
    connection.execute(f"CREATE TEMP TABLE claims AS SELECT position, row_guid, {keys_sql('position')} FROM ({normal})")


def _group(connection: duckdb.DuckDBPyConnection) -> None:
    """`all_forms` has every form once, and `crowded_…` the blocks that hold more than one, with their number."""
    connection.execute(
        "CREATE TEMP TABLE all_forms AS SELECT form, min(position) AS position, "
        "any_value(number_block) AS number_block, any_value(holder_block) AS holder_block, count(*) AS claims "
        "FROM claims GROUP BY form"
    )
    for block in ("number_block", "holder_block"):
        connection.execute(
            f"CREATE TEMP TABLE crowded_{block} AS SELECT {block}, count(*) AS forms FROM all_forms "
            f"WHERE {block} IS NOT NULL GROUP BY {block} HAVING count(*) > 1"
        )
    connection.execute(
        "CREATE TEMP TABLE crowded_identifier_block AS SELECT identifier_block, count(DISTINCT form) AS forms "
        "FROM claims SEMI JOIN (SELECT identifier_block FROM claims WHERE identifier_block IS NOT NULL "
        "GROUP BY identifier_block HAVING min(form) <> max(form)) USING (identifier_block) GROUP BY identifier_block"
    )


def _near(connection: duckdb.DuckDBPyConnection, rows: str, columns: Collection[str]) -> None:
    """`near`: the pairs of one holder and kind whose numbers are close; of each form one row is looked at again."""
    connection.execute(
        "CREATE TEMP TABLE held_together AS SELECT f.form, f.position, f.holder_block, c.forms AS holder_forms "
        "FROM all_forms f JOIN crowded_holder_block c USING (holder_block) "
        f"WHERE c.forms <= {HOLDER_LIMIT}"
    )
    texts = (
        f"(SELECT h.form, h.holder_block, h.holder_forms, {roles_sql(columns)} FROM {rows} f "
        f"JOIN held_together h ON h.position = f.file_row_number)"
    )
    cores = (
        f"SELECT form, holder_block, holder_forms, core FROM ({normal_sql(texts, 'form, holder_block, holder_forms')})"
    )
    connection.execute(f"CREATE TEMP TABLE cores AS {cores}")
    connection.execute(f"CREATE TEMP TABLE near AS {near_pairs_sql('cores')}")


def _features(connection: duckdb.DuckDBPyConnection, rows: str, columns: Collection[str]) -> None:
    """A second look at the rows of the forms that may be compared: `forms` has what is known of each."""
    connection.execute(
        "CREATE TEMP TABLE candidates AS "
        "SELECT form FROM all_forms SEMI JOIN crowded_number_block USING (number_block) UNION "
        "SELECT form FROM claims SEMI JOIN crowded_identifier_block USING (identifier_block) UNION "
        "SELECT unnest([a, b]) FROM near"
    )
    connection.execute(
        "CREATE TEMP TABLE looked_at AS SELECT position, form, identifier_block FROM claims "
        "SEMI JOIN candidates USING (form)"
    )
    texts = (
        f"(SELECT form, identifier_block, {roles_sql(columns)} FROM {rows} f JOIN looked_at l "
        f"ON l.position = f.file_row_number)"
    )
    connection.execute(f"CREATE TEMP TABLE known AS {features_sql(texts)}")
    connection.execute(
        "CREATE TEMP TABLE forms AS SELECT k.*, f.number_block, coalesce(n.forms, 1) AS number_forms, "
        "coalesce(i.identifier_blocks, []) AS identifier_blocks, coalesce(i.identifier_forms, []) AS identifier_forms "
        "FROM known k JOIN all_forms f USING (form) LEFT JOIN crowded_number_block n USING (number_block) LEFT JOIN ("
        "  SELECT form, list(identifier_block) AS identifier_blocks, list(forms) AS identifier_forms FROM ("
        "    SELECT DISTINCT form, identifier_block, forms FROM looked_at JOIN crowded_identifier_block "
        "    USING (identifier_block)) GROUP BY form) i USING (form)"
    )


def _write(connection: duckdb.DuckDBPyConnection, out: Path, folder: Path) -> Resolved:
    connection.execute(
        "CREATE TEMP TABLE named AS SELECT f.form, "
        "lpad(lower(to_hex(coalesce(m.licence, f.form))), 16, '0') AS licence, "
        "CASE WHEN f.claims = 1 AND coalesce(m.forms, 1) = 1 THEN 'alone' ELSE coalesce(m.rule, 'exact') END AS rule, "
        "coalesce(m.score, 1.0) AS score, m.question FROM all_forms f "
        "LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY licence) AS forms FROM matched) m USING (form)"
    )
    draft = folder / "out.parquet"
    connection.execute(
        f"COPY (SELECT c.row_guid, n.licence AS licence_id, n.rule, n.score, "
        f"CASE WHEN n.question IS NOT NULL THEN printf('%016x', n.question) END AS ask_group "
        f"FROM claims c JOIN named n USING (form)) TO {literal(str(draft))} (FORMAT parquet, COMPRESSION snappy)"
    )
    counted = first_row(
        connection.execute(
            "SELECT (SELECT count(*) FROM claims), (SELECT count(DISTINCT licence) FROM named), "
            "(SELECT coalesce(sum(claims), 0)::BIGINT FROM all_forms "
            "SEMI JOIN (FROM matched WHERE question IS NOT NULL) USING (form)), "
            "(SELECT count(DISTINCT question) FROM matched)"
        )
    )
    move(draft, out)
    return Resolved(*(counted or (0, 0, 0, 0)))
