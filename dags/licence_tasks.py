"""What is asked of people about licences: which questions there are, one run for each, its words, and the answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from airflow.sdk import get_current_context, task

from catalog.catalogue import Catalog
from catalog.models import Node, Site
from dags.workplace import say, workplace
from exchange.licences.keys import compares

AT_ONCE = 50
"""Questions that one round puts to people at most, the surest first; the next round goes on."""


def dag_of(code: str) -> str:
    """The DAG whose runs are the questions of a node."""
    return f"licences__{code}"


def licence_datasets(catalog: Catalog) -> frozenset[str]:
    """The datasets whose records are told apart as licences are."""
    return frozenset(name for name in catalog.datasets.names() if compares(catalog.datasets.get(name)))


def merges_licences(site: Site, node: Node, licences: Collection[str]) -> bool:
    """Whether licences come to a node: from a source of its own, or of a node below it."""
    below = site.below(node.code)
    sources = (source for each in site.nodes if each.code in below for source in each.sources)
    return any(feed.dataset in licences for source in sources for feed in source.feeds)


@task(task_display_name="待判断 find_questions")
def find_questions(code: str) -> list[dict[str, str]]:
    """The open questions that nobody was asked yet, by question and name."""
    from exchange.flows.ask import to_ask

    with workplace(code) as work:
        found = to_ask(work)
    new = _without_run(code, [(each.question, each.name) for each in found])
    say(f"待判断的证照问题 {len(found)} 个，本次提请判断 {len(new)} 个", {"open": len(found), "asked": len(new)})
    return [{"question": question, "name": name} for question, name in new]


def _without_run(code: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first of them that have no run in Airflow; asked of Airflow itself, which is where they would be."""
    instance: Any = get_current_context()["ti"]
    names = [name for _, name in found]
    if not names or instance.get_dr_count(dag_id=dag_of(code), run_ids=names) == len(names):
        return []
    new: list[tuple[str, str]] = []
    for question, name in found:
        if len(new) == AT_ONCE:
            break
        if not instance.get_dr_count(dag_id=dag_of(code), run_ids=[name]):
            new.append((question, name))
    return new


@task(task_display_name="提请判断 ask", map_index_template="{{ question_name }}")
def ask(code: str, question: dict[str, str]) -> None:
    """Start the run of one question, once, and do not wait for it."""
    from airflow.sdk.exceptions import DagRunTriggerException

    get_current_context()["question_name"] = question["name"]
    raise DagRunTriggerException(
        trigger_dag_id=dag_of(code),
        dag_run_id=question["name"],
        conf={"question": question["question"]},
        logical_date=None,
        reset_dag_run=False,
        skip_when_already_exists=True,
        wait_for_completion=False,
        allowed_states=[],
        failed_states=[],
        poke_interval=60,
        deferrable=False,
    )


@task(task_display_name="出题 describe", max_active_tis_per_dag=1)
def describe(code: str) -> dict[str, Any]:
    """The question in words, without personal data; the run ends here when it is not open any more."""
    from airflow.sdk.exceptions import AirflowSkipException

    from exchange.flows.ask import wording

    with workplace(code) as work:
        found = wording(work, get_current_context()["params"]["question"])
    if found is None:
        raise AirflowSkipException("这个问题已经有了结论，不必再问 / this question is not open any more")
    return {"subject": found.subject, "body": found.body, "pairs": [list(pair) for pair in found.pairs]}


@task(task_display_name="记录 record", max_active_tis_per_dag=1)
def record(code: str, described: dict[str, Any], answer: dict[str, Any]) -> str:
    """Keep the answer in the ledger and follow it; what has come to a conclusion meanwhile is left alone."""
    from exchange.flows.decide import answer_pairs
    from exchange.model.licence_words import LATER, SAME

    (chosen,) = answer["chosen_options"]
    if chosen == LATER:
        say("暂不决定：问题保持待判断，可用 hub licences decide 判断", {"decided": 0})
        return "later"
    shown = {(a, b) for a, b in described["pairs"]}
    user = answer["responded_by_user"] or {}
    with workplace(code) as work:
        kept = answer_pairs(work, shown, same=chosen == SAME, by=user.get("name") or "Airflow")
    if kept is None:
        say("问题在回答之前已有结论（新的申报或其他判断），本次回答不起作用", {"decided": 0})
        return "closed"
    say(f"第 {kept.decision.number} 号判断已记入台账并生效", {"decided": 1, "licences": len(kept.licences)})
    return str(kept.decision.number)
