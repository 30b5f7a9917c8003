"""`hub status`: where every node stands, told from the ledger alone, so that no writer is in its way."""

from pathlib import Path

import typer

from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.flows.status import NodeStatus, node_status
from exchange.model.findings.crosscheck_kinds import CROSS_TITLES
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    home_at, format_at = home_option(speech), format_option(speech)

    @app.command("status", cls=command, help=speech.word("查看各节点的状况。", "Show where every node stands."))
    def status(home: Path | None = home_at, output: OutputFormat = format_at) -> None:
        with open_hub(read_settings(home)) as hub:
            found = [node_status(hub.workplace(node.code)) for node in hub.site.nodes]
        if output is OutputFormat.JSON:
            for each in found:
                speech.json(each.as_dict())
        else:
            _show(speech, found)


def _show(speech: Speech, found: list[NodeStatus]) -> None:
    word = speech.word
    columns = [
        word("节点", "node"),
        word("批次", "batches"),
        word("未处理", "unfinished"),
        word("拒收文件", "refused files"),
        word("接收行", "rows accepted"),
        word("退回行", "rows rejected"),
        word("等待行", "rows parked"),
        word("上级未回执的包", "packages unanswered"),
        word("上级拒收的包", "packages returned"),
        word("对账", "balance"),
        word("最近快照", "last snapshot"),
    ]
    rows = [
        [
            f"{each.name} {each.node}",
            each.batches,
            each.unfinished,
            each.refused,
            each.counts.accepted,
            each.counts.rejected,
            each.counts.parked,
            each.unanswered,
            each.returned,
            {None: "-", True: word("一致", "equal"), False: word("不一致", "differs")}[each.balanced],
            (each.published_at or "-")[:16].replace("T", " "),
        ]
        for each in found
    ]
    speech.table(word("节点状况", "Nodes"), columns, rows)
    _show_open(speech, found)
    _show_licences(speech, found)
    _show_down(speech, found)
    _show_cross_findings(speech, found)


def _show_licences(speech: Speech, found: list[NodeStatus]) -> None:
    """What a person must say of licences, and what is wrong with their claims; nothing when there is nothing."""
    word = speech.word
    columns = [
        word("节点", "node"),
        word("待判断", "open questions"),
        word("问题", "findings"),
        word("其中", "of which"),
    ]
    rows = [
        [
            f"{node.name} {node.node}",
            node.licences.questions,
            sum(node.licences.findings.values()),
            "  ".join(f"{code} {count}" for code, count in sorted(node.licences.findings.items())) or "-",
        ]
        for node in found
        if node.licences is not None and (node.licences.questions or node.licences.findings)
    ]
    if rows:
        speech.table(word("证照", "Licences"), columns, rows)


def _show_down(speech: Speech, found: list[NodeStatus]) -> None:
    """What was shared with the children, and what sources were told of the parent's corrections."""
    word = speech.word
    columns = [
        word("节点", "node"),
        word("下级", "child"),
        word("回流包", "packages down"),
        word("下级未回执", "unanswered"),
        word("下级拒收", "returned"),
    ]
    rows = [
        [f"{node.name} {node.node}", f"{each.name} {each.child}", each.packages, each.unanswered, each.returned]
        for node in found
        for each in node.down
    ]
    if rows:
        speech.table(word("回流", "Shared back"), columns, rows)
    told = [[f"{node.name} {node.node}", node.corrections] for node in found if node.corrections]
    if told:
        columns = [word("节点", "node"), word("已告知的更正", "corrections told")]
        speech.table(word("上级更正", "The parent's corrections"), columns, told)


def _show_open(speech: Speech, found: list[NodeStatus]) -> None:
    """What the departments still have to correct; nothing when there is nothing."""
    word = speech.word
    columns = [
        word("节点", "node"),
        word("来源", "source"),
        word("待整改批次", "open batches"),
        word("待整改行", "open rows"),
        word("最早退回", "oldest since"),
        word("已等天数", "days"),
    ]
    rows = [
        [f"{node.name} {node.node}", f"{each.title} {each.source}", each.batches, each.rows, each.since[:10], each.days]
        for node in found
        for each in node.open
    ]
    if rows:
        speech.table(word("待整改的行", "Rejected rows that are still open"), columns, rows)


def _show_cross_findings(speech: Speech, found: list[NodeStatus]) -> None:
    """What does not fit together between cases, licences and holders; nothing when there is nothing."""
    word = speech.word
    columns = [
        word("节点", "node"),
        word("来源节点", "origin"),
        word("来源", "source"),
        word("代码", "code"),
        word("问题", "finding"),
        word("数量", "count"),
    ]
    rows = [
        [f"{node.name} {node.node}", each.origin, each.source, each.code, word(*CROSS_TITLES[each.code]), each.findings]
        for node in found
        for each in node.cross_findings
    ]
    if rows:
        speech.table(word("互查问题", "What does not fit together"), columns, rows)
