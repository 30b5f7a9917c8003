"""The tables of a snapshot that speak of the records' quality: what does not fit together, and 三级四同."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.store.about import Columns, create_tables
from exchange.store.drift import drift_sql

_TABLES: Mapping[str, Columns] = {
    "case_finding": [
        ("origin", "VARCHAR", "来源节点"),
        ("source", "VARCHAR", "来源系统"),
        ("dataset", "VARCHAR", "数据集"),
        ("case_no", "VARCHAR", "办件编号"),
        ("batch", "VARCHAR", "批次"),
        ("file", "VARCHAR", "来源文件"),
        ("row", "BIGINT", "来源行"),
        ("field", "VARCHAR", "字段"),
        ("code", "VARCHAR", "问题代码"),
        ("message_zh", "VARCHAR", "问题"),
        ("message_en", "VARCHAR", "英文说明"),
        ("hint_zh", "VARCHAR", "建议"),
        ("hint_en", "VARCHAR", "英文建议"),
    ],
    "item_drift": [
        ("origin", "VARCHAR", "来源节点"),
        ("source", "VARCHAR", "来源系统"),
        ("dataset", "VARCHAR", "数据集"),
        ("item", "VARCHAR", "事项"),
        ("field", "VARCHAR", "字段"),
        ("code", "VARCHAR", "问题代码"),
        ("found", "VARCHAR", "填报内容"),
        ("wanted", "VARCHAR", "目录内容"),
        ("records", "BIGINT", "记录数"),
        ("first_day", "DATE", "最早日期"),
        ("last_day", "DATE", "最近日期"),
    ],
    "cross_finding": [
        ("origin", "VARCHAR", "来源节点"),
        ("source", "VARCHAR", "来源系统"),
        ("dataset", "VARCHAR", "数据集"),
        ("case_no", "VARCHAR", "办件编号"),
        ("licence_id", "VARCHAR", "主记录编号"),
        ("batch", "VARCHAR", "批次"),
        ("file", "VARCHAR", "来源文件"),
        ("row", "BIGINT", "来源行"),
        ("as_of", "DATE", "截至日期"),
        ("field", "VARCHAR", "字段"),
        ("code", "VARCHAR", "问题代码"),
        ("message_zh", "VARCHAR", "问题"),
        ("message_en", "VARCHAR", "英文说明"),
        ("hint_zh", "VARCHAR", "建议"),
        ("hint_en", "VARCHAR", "英文建议"),
    ],
}


def write_quality(
    connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], reference: Reference | None
) -> None:
    """Write the tables and their Chinese views into the attached database `snapshot`.

    Without reference values nothing was compared with the catalogue, and `item_drift` is empty.
    """
    create_tables(connection, _TABLES)
    for table, kept in (("case_finding", "hub.findings"), ("cross_finding", "hub.cross_findings")):
        names = ", ".join(name for name, _, _ in _TABLES[table])
        connection.execute(
            f"INSERT INTO snapshot.{table} SELECT {names} FROM {kept} "
            f"ORDER BY origin, source, dataset, case_no, code, batch, row"
        )
    if reference is not None:
        connection.execute(
            f"INSERT INTO snapshot.item_drift SELECT * REPLACE (try_cast(first AS DATE) AS first, "
            f"try_cast(last AS DATE) AS last) FROM ({drift_sql(connection, datasets, reference)}) "
            f"ORDER BY origin, item, field, source, dataset, code, found, wanted"
        )
