"""The tasks of a node's DAG. Each opens the site, does one flow, and says in its log what came of it."""

from __future__ import annotations

from itertools import pairwise

from airflow.sdk import Asset, TriggerRule, get_current_context, task, task_group

from catalog.models import Node
from dags.licence_tasks import ask, find_questions
from dags.workplace import say, workplace


def lay_out(node: Node, packages: Asset, *, has_children: bool, asks: bool) -> None:
    """Lay out the node's tasks in the DAG that is being built.

    Only a node with children receives, balances and shares back; only one with a parent fetches what that shares, at
    its start, beside the sources. What follows a source's tasks runs however they ended: one source does not hold up
    the others. Where licences are merged, what they leave open is asked of people (`asks`), and nothing waits for their
    answers. The last task makes the run fail when any task has failed, so that nobody overlooks it.
    """
    code = node.code
    questions = find_questions.override(trigger_rule=TriggerRule.ALL_DONE)(code) if asks else None
    steps = [
        *([receive.override(trigger_rule=TriggerRule.ALL_DONE)(code)] if has_children else []),
        merge.override(trigger_rule=TriggerRule.ALL_DONE)(code),
        cross_check.override(trigger_rule=TriggerRule.ALL_DONE)(code),
        *([questions] if questions is not None else []),
        *([balance.override(trigger_rule=TriggerRule.ALL_DONE)(code)] if has_children else []),
        push.override(trigger_rule=TriggerRule.ALL_DONE, outlets=[packages])(code),
        publish.override(trigger_rule=TriggerRule.ALL_DONE)(code),
        *([share_back.override(trigger_rule=TriggerRule.ALL_DONE)(code)] if has_children else []),
    ]
    for before, after in pairwise(steps):
        before >> after
    last = outcome()
    steps >> last
    if questions is not None:
        ask.partial(code=code).expand(question=questions) >> last
    if node.parent is not None:
        fetched = fetch_back(code)
        fetched >> steps[0]
        fetched >> last
    if node.sources:
        sources = ingest.expand(source=[source.id for source in node.sources], code=[code])
        sources >> steps[0]
        sources >> last


@task_group(group_display_name="来源 ingest")
def ingest(code: str, source: str) -> None:
    """One source: what it has is collected, then checked."""
    collect(code, source) >> check(code, source)


@task(task_display_name="取数 collect", map_index_template="{{ source_title }}")
def collect(code: str, source: str) -> dict[str, int]:
    """Bring the source's new files in."""
    from exchange.flows.collect import collect as flow

    with workplace(code) as work:
        contract = work.source(source)
        get_current_context()["source_title"] = contract.title
        done = flow(work, contract)
    counts = {"new": len(done.new), "again": len(done.again), "left": len(done.left)}
    say(f"{contract.title}：新批次 {counts['new']}，重复报送 {counts['again']}，未取 {counts['left']}", counts)
    return counts


@task(task_display_name="检查 check", map_index_template="{{ source_title }}")
def check(code: str, source: str) -> dict[str, int]:
    """Check the source's batches that were not checked yet."""
    from exchange.flows.check import check as flow

    with workplace(code) as work:
        title = work.source(source).title
        get_current_context()["source_title"] = title
        done = flow(work, source)
    counts = {
        "batches": len(done),
        "read": sum(each.read for each in done),
        "rejected": sum(each.rejected for each in done),
        "refused": sum(each.refused is not None for each in done),
    }
    say(
        f"{title}：检查批次 {counts['batches']}，读取 {counts['read']} 行，退回 {counts['rejected']} 行，"
        f"整批未读取 {counts['refused']}",
        counts,
    )
    return counts


@task(task_display_name="接收 receive")
def receive(code: str) -> dict[str, int]:
    """Take in the children's packages."""
    from exchange.flows.receive import receive as flow

    with workplace(code) as work:
        done = flow(work)
    counts = {"packages": len(done), "records": sum(each.records for each in done)}
    say(f"收入数据包 {counts['packages']} 个，记录 {counts['records']} 条", counts)
    return counts


@task(task_display_name="入库 merge")
def merge(code: str) -> dict[str, int]:
    """Merge the checked batches, and issue their receipts."""
    from exchange.flows.merge import merge as flow
    from exchange.model.batch import Counts

    with workplace(code) as work:
        done = flow(work)
    total = Counts()
    for each in done:
        total = total.plus(each.counts)
    counts = {"batches": len(done), **total.as_dict()}
    say(
        f"入库批次 {len(done)}：读取 {total.read} = 接收 {total.accepted} + 退回 {total.rejected} "
        f"+ 重复 {total.duplicate} + 等待 {total.parked}",
        counts,
    )
    return counts


@task(task_display_name="互查 cross_check")
def cross_check(code: str) -> dict[str, int]:
    """Hold cases, licences and holders against each other."""
    from exchange.flows.cross_check import cross_check as flow

    with workplace(code) as work:
        done = flow(work)
    counts: dict[str, int] = {}
    for each in done:
        counts[each.code] = counts.get(each.code, 0) + each.findings
    say(f"办件、证照、主体互查：问题 {sum(counts.values())} 个", counts)
    return counts


@task(task_display_name="对账 balance")
def balance(code: str) -> dict[str, int]:
    """Compare with the children; fails when a level does not hold what the other does."""
    from exchange.errors import FatalError
    from exchange.flows.balance import balance as flow
    from exchange.text import Text

    with workplace(code) as work:
        done = flow(work)
    unequal = [each.child for each in done if not each.equal]
    if unequal:
        raise FatalError(
            Text(
                f"与下级 {'、'.join(unequal)} 对账不一致。用 hub balance 列出有差异的记录。",
                f"Not balanced with {', '.join(unequal)}. `hub balance` lists the records that differ.",
            )
        )
    counts = {"children": len(done), "records": sum(each.records for each in done)}
    say(f"与 {counts['children']} 个下级对账一致，共 {counts['records']} 条记录", counts)
    return counts


@task(task_display_name="上报 push")
def push(code: str) -> dict[str, int]:
    """Take in the parent's receipts, then send what it does not have yet."""
    from exchange.flows.acknowledge import acknowledge
    from exchange.flows.push import push as flow

    with workplace(code) as work:
        settled = acknowledge(work)
        sent = flow(work)
    counts = {"settled": len(settled), "sent": len(sent)}
    say(f"收到上级回执 {counts['settled']} 份，送出数据包 {counts['sent']} 个", counts)
    return counts


@task(task_display_name="发布 publish")
def publish(code: str) -> str:
    """Publish the node's snapshot."""
    from exchange.flows.publish import publish as flow

    with workplace(code) as work:
        snapshot = flow(work)
    say(f"快照已发布：{snapshot.name}", {"bytes": snapshot.stat().st_size})
    return snapshot.name


@task(task_display_name="取回 fetch_back")
def fetch_back(code: str) -> dict[str, int]:
    """Take in what the parent shares, and tell the sources what was corrected."""
    from exchange.flows.fetch_back import fetch_back as flow

    with workplace(code) as work:
        done = flow(work)
    counts = {"packages": len(done), "records": sum(each.records for each in done)}
    say(f"取回上级回流数据包 {counts['packages']} 个，记录 {counts['records']} 条", counts)
    return counts


@task(task_display_name="回流 share_back")
def share_back(code: str) -> dict[str, int]:
    """Share with the children what concerns them."""
    from exchange.flows.share_back import share_back as flow

    with workplace(code) as work:
        sent = flow(work)
    say(f"向下级送出回流数据包 {len(sent)} 个", {"sent": len(sent)})
    return {"sent": len(sent)}


@task(task_display_name="汇总 outcome", trigger_rule=TriggerRule.ONE_FAILED, retries=0)
def outcome() -> None:
    """Runs only when a task has failed, and fails."""
    from exchange.errors import FatalError
    from exchange.text import Text

    raise FatalError(
        Text(
            "本次运行中有任务失败，原因在那些任务的日志末行。处理后清除失败的任务即可重跑，其余数据不受影响。",
            "A task of this run has failed; the last line of its log says why. Mend it and clear the task; "
            "everything else went on.",
        )
    )
