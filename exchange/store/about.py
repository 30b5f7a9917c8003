"""The tables of a snapshot that speak of the snapshot: what it is, what its columns mean, divisions and codes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from exchange.model.dataset import Dataset
from exchange.model.served import ABOUT
from exchange.model.times import SHANGHAI
from exchange.store.serving import Served, served_tables, sql_type
from exchange.store.sql import first_row


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot says of itself: the node, when it was made, the balances, and the lists beside the records."""

    node: str
    node_name: str
    at: datetime
    balances: Sequence[Mapping[str, object]]
    divisions: Sequence[tuple[str, str, str, str | None]]
    codes: Sequence[tuple[str, str, str, str]]
    masked: bool


Columns = Sequence[tuple[str, str, str]]
"""Of each column: name, type, Chinese title."""

_TABLES: Mapping[str, Columns] = {
    "snapshot_info": [
        ("node", "VARCHAR", "节点"),
        ("node_name", "VARCHAR", "节点名称"),
        ("published_at", "TIMESTAMP", "发布时间"),
        ("change_number", "BIGINT", "变更序号"),
        ("child", "VARCHAR", "下级节点"),
        ("package", "BIGINT", "数据包序号"),
        ("records", "BIGINT", "对账记录数"),
        ("balanced", "BOOLEAN", "对账一致"),
        ("detail", "VARCHAR", "对账明细"),
    ],
    "data_dictionary": [
        ("table_name", "VARCHAR", "表名"),
        ("view_name", "VARCHAR", "中文视图"),
        ("column_name", "VARCHAR", "列名"),
        ("title", "VARCHAR", "中文列名"),
        ("type", "VARCHAR", "类型"),
        ("code_table", "VARCHAR", "代码表"),
        ("personal_data", "VARCHAR", "个人信息类别"),
        ("masked", "BOOLEAN", "已脱敏"),
        ("description", "VARCHAR", "说明"),
    ],
    "division": [
        ("code", "VARCHAR", "区划代码"),
        ("name", "VARCHAR", "区划名称"),
        ("level", "VARCHAR", "层级"),
        ("parent", "VARCHAR", "上级代码"),
    ],
    "code": [
        ("code_table", "VARCHAR", "代码表名"),
        ("code", "VARCHAR", "代码"),
        ("meaning_zh", "VARCHAR", "中文含义"),
        ("meaning_en", "VARCHAR", "英文含义"),
    ],
}


def write_about(connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], about: About) -> None:
    """Write the four tables and their Chinese views into the attached database `snapshot`."""
    create_tables(connection, _TABLES)
    _fill(connection, "snapshot_info", _info(connection, about))
    _fill(connection, "data_dictionary", _dictionary(datasets, about))
    _fill(connection, "division", list(about.divisions))
    _fill(connection, "code", list(about.codes))


def create_tables(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Columns]) -> None:
    """Make empty tables in the attached database `snapshot`, with their Chinese views (`ABOUT`) and comments."""
    for table, columns in tables.items():
        view = ABOUT[table]
        declared = ", ".join(f"{name} {kind}" for name, kind, _ in columns)
        shown = ", ".join(f'{name} AS "{title}"' for name, _, title in columns)
        connection.execute(f"CREATE TABLE snapshot.{table} ({declared})")
        connection.execute(f'CREATE VIEW snapshot."{view}" AS SELECT {shown} FROM snapshot.{table}')
        connection.execute(f"COMMENT ON TABLE snapshot.{table} IS '{view}'")
        for name, _, title in columns:
            connection.execute(f"COMMENT ON COLUMN snapshot.{table}.{name} IS '{title}'")


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """One insert for all rows: row by row costs a millisecond each."""
    if rows:
        columns = zip(*rows, strict=True)
        names = [name for name, _, _ in _TABLES[table]]
        connection.register("rows_to_fill", pa.table(dict(zip(names, columns, strict=True))))
        connection.execute(f"INSERT INTO snapshot.{table} SELECT * FROM rows_to_fill")
        connection.unregister("rows_to_fill")


def _info(connection: duckdb.DuckDBPyConnection, about: About) -> list[tuple[object, ...]]:
    """One row a child, with its balance; one row without a child where there is none."""
    row = first_row(connection.execute("SELECT seq FROM hub.clock"))
    # Beijing time, as everywhere in a snapshot
    at = about.at.astimezone(SHANGHAI).replace(tzinfo=None)
    start = (about.node, about.node_name, at, row[0] if row else 0)
    if not about.balances:
        return [(*start, None, None, None, None, None)]
    return [
        (
            *start,
            each["subject"],
            each["package"],
            each["records"],
            each["equal"],
            json.dumps(each["unequal"], ensure_ascii=False),
        )
        for each in about.balances
    ]


def _dictionary(datasets: Sequence[Dataset], about: About) -> list[tuple[object, ...]]:
    tables = [served for dataset in datasets for served in served_tables(dataset)]
    return [row for served in tables for row in _columns_of(served, about)]


def _columns_of(served: Served, about: About) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    place = (served.name, served.title)
    for field in served.dataset.fields:
        masked = bool(field.pii) and about.masked
        kind = sql_type(field)
        rows.append((*place, field.name, field.title, kind, field.codes, field.pii, masked, field.description))
    rows += [(*place, each.name, each.title, each.type, None, None, False, each.meaning) for each in served.added]
    return rows
