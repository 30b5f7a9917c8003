"""One DAG for each node that merges licences, `licences__<code>`: each run asks a person one question."""

from __future__ import annotations

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, get_parsing_context

from catalog.loader import load_site, load_site_catalog
from catalog.models import Node, Site
from dags.licence_tasks import dag_of, describe, licence_datasets, merges_licences, record
from dags.node_doc import node_tags, node_title
from dags.retries import RETRIES
from exchange.model.licence_words import OPTIONS
from exchange.settings import read_settings

AT_ONCE = 1000
"""Runs that may wait for an answer at one time; those beyond are queued. A run that waits takes no worker."""

DOC = """
# 证照判断 Questions about licences

每次运行是一个问题：这些证照是同一个吗？在“需要操作”（Required Actions）里回答。

| 任务 | 作什么 |
|---|---|
| 出题 describe | 写出问题，号码和姓名隐去一部分；已有结论的问题到此为止 |
| 回答 answer | 等人回答，不占用工作进程，也不妨碍数据交换 |
| 记录 record | 把回答记入台账并照此归并；可用 `hub licences undo` 撤销 |

清除一次运行的任务，就会把仍未有结论的问题再问一遍。

*Each run is one question, answered under Required Actions. Clearing a run asks again what is still open.*
"""


def _questions_dag(site: Site, node: Node) -> DAG:
    with DAG(
        dag_id=dag_of(node.code),
        dag_display_name=f"{node_title(site, node)} 证照判断",
        description=f"{node.name}：哪些证照是同一个，由人判断",
        schedule=None,
        catchup=False,
        params={"question": Param("", type="string", title="问题 question", pattern="^[0-9a-f]{16}$|^$")},
        max_active_runs=AT_ONCE,
        tags=[*node_tags(site, node), "证照判断"],
        doc_md=DOC,
        # the exchange goes before the questions that it leaves
        default_args={
            "retries": 3,
            "retry_policy": RETRIES,
            "owner": node.name,
            "priority_weight": 1,
            "weight_rule": "absolute",
        },
    ) as dag:
        described = describe(node.code)
        answer = HITLOperator(
            task_id="answer",
            task_display_name="回答 answer",
            subject="{{ ti.xcom_pull(task_ids='describe')['subject'] }}",
            body="{{ ti.xcom_pull(task_ids='describe')['body'] }}",
            options=list(OPTIONS),
        )
        described >> answer
        record(node.code, described, answer.output)
    return dag


def _build() -> dict[str, DAG]:
    """All DAGs; only the one that is asked for when a task parses this file again."""
    wanted = get_parsing_context().dag_id
    config = read_settings().home.config
    catalog = load_site_catalog(config)
    site, licences = load_site(config, catalog), licence_datasets(catalog)
    nodes = [node for node in site.nodes if wanted in {None, dag_of(node.code)}]
    return {dag_of(node.code): _questions_dag(site, node) for node in nodes if merges_licences(site, node, licences)}


globals().update(_build())
