"""What a snapshot adds to the datasets: the columns that the hub gives every record, and the tables about itself."""

from __future__ import annotations

from typing import NamedTuple


class Added(NamedTuple):
    """One column that the hub adds: name, SQL over the store's columns, type, Chinese title, English meaning."""

    name: str
    sql: str
    type: str
    title: str
    meaning: str


LINEAGE = (
    Added("origin", "_origin", "VARCHAR", "来源节点", "Node at which the record entered the hub"),
    Added("source", "_source", "VARCHAR", "来源系统", "Source that sent it"),
    Added("batch", "_batch", "VARCHAR", "批次", "Batch in which it came"),
    Added("file", "_file", "VARCHAR", "来源文件", "File in which it came"),
    Added("row", "_row", "BIGINT", "来源行", "Number of the record in that file"),
)
GOLDEN = (
    Added("licence_id", "printf('%016x', _key)", "VARCHAR", "主记录编号", "Id of the one record of this licence"),
    Added("claims", "json_array_length(_claims)::INTEGER", "INTEGER", "申报次数", "How many claims speak of it"),
    Added("provenance", "_claims", "VARCHAR", "申报来源", "Node, source, batch, file and row of each claim (JSON)"),
)
ABOUT = {
    "snapshot_info": "快照信息",
    "data_dictionary": "数据字典",
    "division": "行政区划",
    "code": "代码表",
    "case_finding": "关联问题",
    "item_drift": "三级四同偏差",
    "cross_finding": "互查问题",
}
"""The tables that speak of the snapshot itself, and their Chinese views; no dataset may take one of these names."""
