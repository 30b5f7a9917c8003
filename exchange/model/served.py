"""What a snapshot adds to the datasets: the columns that the hub gives every record, and the tables about itself."""

from __future__ import annotations

from typing import NamedTuple

from exchange.model.dataset import Dataset


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
SHARED = (
    *GOLDEN,
    Added(
        "shared_by", "_origin", "VARCHAR", "主记录所属节点", "Node whose golden record it is: the parent, or one above"
    ),
)
ABOUT = {
    "snapshot_info": "快照信息",
    "data_dictionary": "数据字典",
    "division": "行政区划",
    "code": "代码表",
    "case_finding": "关联问题",
    "item_drift": "三级四同偏差",
    "licence_shared": "证照回流",
    "licence_correction": "上级更正",
    "cross_finding": "互查问题",
    "licence_question": "证照待判",
    "licence_finding": "证照问题",
    "licence_event": "证照历程",
}
"""The tables beside those of the datasets, and their Chinese views; no dataset may take one of these names."""

_SHARED_NAME, _SHARED_TITLE = "_shared", "回流"


def shared_names(dataset: Dataset) -> tuple[str, str]:
    """The table and the Chinese view of what the parent shares of a dataset (`licence_shared`, 证照回流)."""
    name = f"{dataset.name}{_SHARED_NAME}"
    return name, ABOUT.get(name, f"{dataset.title}{_SHARED_TITLE}")


def is_taken(name: str, title: str) -> bool:
    """Whether a dataset of this name and title would stand in the way of the hub's own tables and views."""
    ours = name in ABOUT or name.endswith(_SHARED_NAME)
    return ours or title in ABOUT.values() or title.endswith(_SHARED_TITLE)
