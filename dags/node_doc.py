"""What an administrator reads in Airflow's UI about a node."""

from __future__ import annotations

from catalog.models import Node, Site

LEVELS = {"province": "省级", "city": "市级", "county": "县级", "township": "乡级"}

_STEPS = """
| 任务 | 作什么 | 失败时怎么办 |
|---|---|---|
| 取回 fetch_back | 收入上级回流的证照主记录和更正，告知各来源 | 被拒收的数据包只停住回流通道，原因在台账中 |
| 取数 collect | 从来源取回新文件，先登记、原样保存，再读取 | 连接不上会自动重试；口令或目录不对，改正后清除任务重跑 |
| 检查 check | 逐行检查，写出回执所需的结果和整改单 | 坏数据不会使任务失败；失败是系统自身的问题，请联系开发人员 |
| 接收 receive | 验证并收入下级的数据包 | 被拒收的数据包会停住该下级的通道，原因在日志和台账中 |
| 入库 merge | 合并到本级存储，签发回执 | 可放心重跑：同一批次只入库一次 |
| 互查 cross_check | 核对办件结果、证照与持证主体是否对得上 | 可放心重跑；问题见 `hub status` 和快照的“互查问题” |
| 待判断 find_questions | 找出哪些证照可能是同一个、要由人判断 | 可放心重跑 |
| 提请判断 ask | 为每个问题发起一次“证照判断”，只问一次，不等回答 | 可放心重跑：已问过的不再问 |
| 对账 balance | 与下级比较记录数和内容摘要 | 不一致时失败，用 `hub balance` 列出差异 |
| 上报 push | 把变化打包、签名，送往上级 | 可放心重跑：同一数据包上级只收一次 |
| 发布 publish | 发布可查询的快照 | 磁盘空间不足时清理后重跑 |
| 回流 share_back | 把与下级有关的证照主记录和更正送往下级 | 可放心重跑：同一数据包下级只收一次 |
| 汇总 outcome | 有任务失败时使本次运行显示为失败 | 处理失败的任务即可 |
"""


def node_title(site: Site, node: Node) -> str:
    """The node's name after those of the nodes above it."""
    names = [node.name]
    above = node.parent
    while above is not None:
        parent = site.node(above)
        names.insert(0, parent.name)
        above = parent.parent
    return " / ".join(names)


def node_tags(site: Site, node: Node) -> list[str]:
    """The node's level and, from the city down, its city."""
    tags = [LEVELS[node.level]]
    current: Node | None = node
    while current is not None:
        if current.level == "city":
            tags.append(current.name)
        current = site.node(current.parent) if current.parent else None
    return tags


def node_doc(site: Site, node: Node) -> str:
    """The node's page: where it stands, what it is fed by, what each task does, what to do when one fails."""
    parent = site.node(node.parent).name if node.parent else "无（最高一级）"
    children = "、".join(f"{child.name} `{child.code}`" for child in site.children(node.code)) or "无"
    return "\n".join(
        [
            f"# {node.name} `{node.code}`",
            f"{LEVELS[node.level]}节点。上级：{parent}。下级：{children}。",
            "",
            "## 来源 Sources",
            _sources(node),
            "## 任务 Tasks",
            _STEPS,
            "所有任务都可以重跑，重跑不会重复入库。",
            "*Every task may be run again: an effect happens once.*",
        ]
    )


def _sources(node: Node) -> str:
    if not node.sources:
        return "本节点没有直接的来源，只接收下级的数据。\n"
    rows = [
        f"| {source.title} | `{source.id}` | {source.department} | {source.connector.get('kind')} "
        f"| {'、'.join(feed.dataset for feed in source.feeds)} |"
        for source in node.sources
    ]
    return "\n".join(["| 来源 | 标识 | 部门 | 方式 | 数据集 |", "|---|---|---|---|---|", *rows, ""])
