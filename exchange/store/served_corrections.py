"""The table of a snapshot that shows the parent's corrections (上级更正): what says otherwise, who gave it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.record_sql import literal
from exchange.store.about import Columns, create_tables
from exchange.store.masks import masked_sql

_TABLE: Mapping[str, Columns] = {
    "licence_correction": [
        ("dataset", "VARCHAR", "数据集"),
        ("licence_id", "VARCHAR", "本级主记录编号"),
        ("shared_id", "VARCHAR", "上级主记录编号"),
        ("shared_by", "VARCHAR", "更正节点"),
        ("field", "VARCHAR", "字段"),
        ("field_title", "VARCHAR", "字段名称"),
        ("own_value", "VARCHAR", "本级的值"),
        ("parent_value", "VARCHAR", "上级的值"),
        ("own_trust", "VARCHAR", "本级可信等级"),
        ("given_node", "VARCHAR", "采用的节点"),
        ("given_source", "VARCHAR", "采用的来源"),
        ("given_trust", "VARCHAR", "采用的可信等级"),
        ("reason", "VARCHAR", "原因代码"),
        ("why_zh", "VARCHAR", "原因"),
        ("why_en", "VARCHAR", "英文说明"),
        ("package", "BIGINT", "数据包序号"),
    ]
}


def write_corrections(connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], *, masked: bool) -> None:
    """Write the table and its Chinese view into the attached database `snapshot`; masks are those of the records."""
    create_tables(connection, _TABLE)
    known = [dataset.name for dataset in datasets if dataset.identity]
    own, parent = (_shown(datasets, column, masked=masked) for column in ("theirs", "ours"))
    connection.execute(
        f"INSERT INTO snapshot.licence_correction SELECT dataset, claim, licence, origin, field, {_titles(datasets)}, "
        f"{own}, {parent}, their_trust, given_node, given_source, given_trust, reason, why_zh, why_en, since "
        f"FROM hub.corrections WHERE list_contains($known, dataset) ORDER BY dataset, claim, origin, licence, field",
        {"known": known},
    )


def _titles(datasets: Sequence[Dataset]) -> str:
    cases = " ".join(
        f"WHEN {_is(dataset, field.name)} THEN {literal(field.title)}"
        for dataset in datasets
        if dataset.identity
        for field in dataset.fields
    )
    return f"CASE {cases} ELSE field END" if cases else "field"


def _shown(datasets: Sequence[Dataset], column: str, *, masked: bool) -> str:
    cases = " ".join(
        f"WHEN {_is(dataset, field.name)} THEN {masked_sql(field.pii, column)}"
        for dataset in datasets
        if dataset.identity
        for field in dataset.fields
        if field.pii
    )
    return f"CASE {cases} ELSE {column} END" if cases and masked else column


def _is(dataset: Dataset, field: str) -> str:
    return f"(dataset = {literal(dataset.name)} AND field = {literal(field)})"
