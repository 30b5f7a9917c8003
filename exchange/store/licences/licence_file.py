"""Any file of licences as a relation of texts: `row_guid`, and whichever of the columns that licences are told by."""

from __future__ import annotations

import csv
import re
from codecs import getincrementaldecoder
from collections import Counter
from pathlib import Path

import duckdb

from exchange.errors import ConfigError
from exchange.licences.keys import ROLES
from exchange.model.record_sql import ident, literal
from exchange.text import Text

_ENDINGS = (".csv", ".parquet")
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_LONGEST_LINE = 8 << 20
_CHUNK = 1 << 20


def read_licences(connection: duckdb.DuckDBPyConnection, file: Path, folder: Path) -> tuple[str, tuple[str, ...]]:
    """The relation of a file's rows, with `file_row_number`, and its columns; a CSV is made Parquet in `folder` first.

    ConfigError, which says what to mend, when it is no CSV (UTF-8, commas) or Parquet, or has no `row_guid`.
    """
    _check_name(file)
    if file.suffix.lower() == ".csv":
        return _relation(connection, _as_parquet(connection, file, folder))
    return _relation(connection, file)


def refuse_damaged(file: Path) -> None:
    """After something went wrong: ConfigError when the Parquet file cannot be read from one end to the other."""
    if file.suffix.lower() != ".parquet":
        return
    try:
        with duckdb.connect() as connection:
            connection.execute(f"SELECT max(hash(r)) FROM read_parquet({literal(str(file))}) r").fetchall()
    except duckdb.Error as error:
        raise _damaged(file) from error


def _check_name(file: Path) -> None:
    if not file.is_file():
        raise ConfigError(Text(f"没有文件 {file}。", f"There is no file {file}."))
    if file.suffix.lower() not in _ENDINGS:
        raise ConfigError(
            Text(
                f"{file.name} 不是 .csv 或 .parquet 文件。请另存为其中一种再归并。",
                f"{file.name} is neither .csv nor .parquet. Save it as one of them.",
            )
        )


def _relation(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[str, tuple[str, ...]]:
    rows = f"read_parquet({literal(str(file))}, file_row_number=true)"
    try:
        described = connection.execute(f"DESCRIBE FROM {rows}").fetchall()
    except duckdb.Error as error:
        raise _damaged(file) from error
    there = _needed([str(name) for name, *_ in described], file)
    texts = ", ".join(f"{ident(name)}::VARCHAR AS {ident(name)}" for name in there)
    return f"(SELECT file_row_number, {texts} FROM {rows})", there


def _as_parquet(connection: duckdb.DuckDBPyConnection, file: Path, folder: Path) -> Path:
    """The columns that are needed, in the order of the rows. The dialect is told, never guessed from the content."""
    header = _header(file)
    there = ", ".join(ident(name) for name in _needed(header, file))
    target = folder / "rows.parquet"
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    read = (
        f"read_csv({literal(str(file))}, auto_detect=false, columns={{{columns}}}, header=true, delim=',', quote='\"', "
        f"escape='\"', strict_mode=true, max_line_size={_LONGEST_LINE})"
    )
    try:
        connection.execute("SET preserve_insertion_order = true")  # rows are named by their place
        connection.execute(f"COPY (SELECT {there} FROM {read}) TO {literal(str(target))} (FORMAT parquet)")
        connection.execute("SET preserve_insertion_order = false")
    except duckdb.InvalidInputException as error:
        found = _LINE.search(str(error))
        raise _not_utf8(file) or _broken(file, found.group(1) if found else "?") from error
    return target


def _header(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines, strict=True), [])
    except UnicodeDecodeError as error:
        raise (_not_utf8(file) or _broken(file, 1)) from error
    except csv.Error as error:
        raise _broken(file, 1) from error
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        shown = "、".join(twice), ", ".join(twice)
        raise ConfigError(
            Text(
                f"{file.name} 的表头中有重复的列名：{shown[0]}。请让每个列名只出现一次。",
                f"The header of {file.name} names columns twice: {shown[1]}. Give every column a name of its own.",
            )
        )
    return header


def _needed(header: list[str], file: Path) -> tuple[str, ...]:
    if "row_guid" not in header:
        raise ConfigError(
            Text(
                f"{file.name} 缺少 row_guid 列（每行的标识，首行应为列名，以英文逗号分隔）。"
                f"现有的列：{'、'.join(header) or '无'}",
                f"{file.name} lacks the column row_guid, which names each row (the first line holds the names of the "
                f"columns, with commas between them). It has: {', '.join(header) or 'none'}",
            )
        )
    return tuple(name for name in ("row_guid", *ROLES) if name in header)


def _not_utf8(file: Path) -> ConfigError | None:
    """What to say when the file is no UTF-8; None when it is."""
    decoder, at = getincrementaldecoder("utf-8")(), 0
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                place = at - pending + error.start
                return ConfigError(
                    Text(
                        f"{file.name} 不是 UTF-8 编码（偏移 {place} 字节处）。请另存为“CSV UTF-8（逗号分隔）”。",
                        f'{file.name} is not UTF-8 (at byte offset {place}). Save it as "CSV UTF-8 (comma delimited)".',
                    )
                )
            at += len(chunk)
    return None


def _broken(file: Path, line: object) -> ConfigError:
    """The engine's words are not passed on: they quote the row, which may hold personal data."""
    return ConfigError(
        Text(
            f"{file.name} 第 {line} 行的列数与表头不同，或双引号、换行有误。"
            "请改正后再试：含逗号、换行的内容要用双引号括起来，内容里的双引号写成两个，全文件只用一种换行。",
            f"Line {line} of {file.name} has more or fewer cells than the header, or wrong quotes or line ends. "
            'Put a value that holds a comma or a line break in quotes, write a quote inside a value as "", and use one '
            "kind of line end in the whole file.",
        )
    )


def _damaged(file: Path) -> ConfigError:
    return ConfigError(
        Text(
            f"{file.name} 不是 Parquet 文件，或已损坏、不完整。请重新导出或重新传送。",
            f"{file.name} is no Parquet file, or it is damaged or not whole. Export it or send it again.",
        )
    )
