"""The tables of a snapshot that speak of licences: what people are asked, what is wrong, and what has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from exchange.licences.chain import HISTORY_TYPE
from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.model.record_sql import literal
from exchange.store.about import Columns, create_tables
from exchange.store.sql import golden, keyed

_TABLES: Mapping[str, Columns] = {
    "licence_question": [
        ("dataset", "VARCHAR", "数据集"),
        ("question", "VARCHAR", "问题编号"),
        ("licence_a", "VARCHAR", "主记录编号甲"),
        ("licence_b", "VARCHAR", "主记录编号乙"),
        ("score", "DOUBLE", "把握"),
        ("rule", "VARCHAR", "依据"),
    ],
    "licence_finding": [
        ("dataset", "VARCHAR", "数据集"),
        ("licence_id", "VARCHAR", "主记录编号"),
        ("origin", "VARCHAR", "来源节点"),
        ("source", "VARCHAR", "来源系统"),
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
    "licence_event": [
        ("dataset", "VARCHAR", "数据集"),
        ("licence_id", "VARCHAR", "主记录编号"),
        ("happened_at", "TIMESTAMP", "发生时间"),
        ("operation", "VARCHAR", "变更类型"),
        ("state", "VARCHAR", "证照状态"),
        ("version", "INTEGER", "标识版本"),
        ("origin", "VARCHAR", "报送节点"),
        ("source", "VARCHAR", "报送来源"),
    ],
}


def write_licences(connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset]) -> None:
    """Write the three tables and their Chinese views into the attached database `snapshot`.

    None of them holds personal data: why a state changed may name a person, and is left to the licence itself, where it
    stands as the other fields do.
    """
    create_tables(connection, _TABLES)
    for dataset in datasets:
        if compares(dataset):
            for table, query in (
                ("licence_question", _questions(dataset)),
                ("licence_finding", _findings(dataset)),
                ("licence_event", _events(dataset)),
            ):
                connection.execute(f"INSERT INTO snapshot.{table} {query}")


def _questions(dataset: Dataset) -> str:
    """One row a pair of licences that may be one, with the best that speaks for it."""
    of = f"(SELECT DISTINCT form, licence FROM {keyed(dataset)} WHERE form IS NOT NULL)"
    return (
        f"SELECT {literal(dataset.name)}, printf('%016x', question), printf('%016x', one), printf('%016x', other), "
        f"max(score) AS best, arg_max(rule, (score, rule)) FROM (SELECT question, score, rule, "
        f"least(x.licence, y.licence) AS one, greatest(x.licence, y.licence) AS other FROM hub.questions q "
        f"JOIN {of} x ON x.form = q.a JOIN {of} y ON y.form = q.b WHERE q.dataset = {literal(dataset.name)}) "
        f"GROUP BY question, one, other ORDER BY best DESC, question, one, other"
    )


def _findings(dataset: Dataset) -> str:
    names = ", ".join(name for name, _, _ in _TABLES["licence_finding"][2:])
    return (
        f"SELECT dataset, printf('%016x', licence) AS licence_id, {names} FROM hub.licence_findings "
        f"WHERE dataset = {literal(dataset.name)} ORDER BY licence_id, code, origin, source, batch, row"
    )


def _events(dataset: Dataset) -> str:
    """One row an event; canonical times end in +08:00, and the wall clock is what stands before it."""
    each = (
        f"SELECT _key, unnest(from_json(_history, '{HISTORY_TYPE}'), max_depth := 2) FROM {golden(dataset)} "
        f"WHERE NOT _deleted AND _history IS NOT NULL"
    )
    return (
        f"SELECT {literal(dataset.name)}, printf('%016x', _key) AS licence_id, "
        f"try_cast(left(happened, 19) AS TIMESTAMP) AS happened_at, operation, state, nullif(version, 0), node, source "
        f"FROM ({each}) ORDER BY licence_id, happened_at, operation, state, version, node, source"
    )
