"""One DAG for each node of the site, `node__<code>`; a parent runs when its children have pushed (assets)."""

from __future__ import annotations

from airflow.sdk import (
    DAG,
    Asset,
    AssetAll,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    get_parsing_context,
)

from catalog.loader import load_site, load_site_catalog
from catalog.models import Node, Site
from dags.licence_tasks import licence_datasets, merges_licences
from dags.node_doc import node_doc, node_tags, node_title
from dags.node_tasks import lay_out
from dags.retries import RETRIES
from exchange.model.times import SHANGHAI
from exchange.settings import read_settings


def packages_of(node: Node) -> Asset:
    """The asset that a node's push emits: packages for its parent lie ready."""
    return Asset(name=f"packages-{node.code}", uri=f"hub://{node.code}/packages", group="hub")


def _schedule(site: Site, node: Node) -> CronTriggerTimetable | AssetOrTimeSchedule:
    """A lowest node runs by the calendar; the others when all children have pushed, at the latest by the fallback.

    The fallback keeps one child that is down from holding up the others for longer than that.
    """
    children = site.children(node.code)
    if not children:
        return CronTriggerTimetable(site.schedule, timezone=SHANGHAI.key, run_immediately=False)
    return AssetOrTimeSchedule(
        timetable=CronTriggerTimetable(site.fallback_schedule, timezone=SHANGHAI.key, run_immediately=False),
        assets=AssetAll(*(packages_of(child) for child in children)),
    )


def _node_dag(site: Site, node: Node, *, asks: bool) -> DAG:
    with DAG(
        dag_id=f"node__{node.code}",
        dag_display_name=node_title(site, node),
        description=f"{node.name}：取数、检查、入库、上报、对账、发布",
        schedule=_schedule(site, node),
        catchup=False,
        max_active_runs=1,  # one writer per node
        tags=node_tags(site, node),
        doc_md=node_doc(site, node),
        default_args={"retries": 3, "retry_policy": RETRIES, "owner": node.name},
    ) as dag:
        lay_out(node, packages_of(node), has_children=bool(site.children(node.code)), asks=asks)
    return dag


def _build() -> dict[str, DAG]:
    """All DAGs; only the one that is asked for when a task parses this file again."""
    wanted = get_parsing_context().dag_id
    config = read_settings().home.config
    catalog = load_site_catalog(config)
    site, licences = load_site(config, catalog), licence_datasets(catalog)
    nodes = [node for node in site.nodes if wanted in {None, f"node__{node.code}"}]
    return {f"node__{node.code}": _node_dag(site, node, asks=merges_licences(site, node, licences)) for node in nodes}


globals().update(_build())
