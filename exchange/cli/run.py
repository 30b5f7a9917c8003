"""`hub run`: one whole round without Airflow, children first."""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.demo.systems import simulated_systems
from exchange.errors import HubError
from exchange.flows.report import NodeReport, report
from exchange.flows.round import Failure, acknowledge_children, acknowledge_parent, run_node, run_node_down
from exchange.flows.workplace import Workplace
from exchange.report_view import as_json, show_report
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import Hub, open_hub


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    home_at, format_at = home_option(speech), format_option(speech)

    @app.command(
        "run",
        cls=command,
        help=speech.word(
            "不经 Airflow 跑完整一轮：自下而上报送，再自上而下回流。全部对账一致时返回 0。",
            "One whole round without Airflow: up, children first, then back down; exit 0 when everything balanced.",
        ),
    )
    def run(
        home: Path | None = home_at,
        node: Annotated[
            list[str] | None,
            typer.Option("--node", help=speech.word("只跑这些节点（可重复）", "Only these nodes (may be repeated)")),
        ] = None,
        output: OutputFormat = format_at,
    ) -> int:
        settings = read_settings(home)
        with open_hub(settings) as hub, _systems(hub):
            reports, failures = run_round(hub, speech, node or [])
        if output is OutputFormat.JSON:
            for each in reports:
                speech.json(as_json(each))
        else:
            show_report(speech, reports)
        for failure in failures:
            speech.note(f"[{failure.node}] {failure.step} 未完成：", f"[{failure.node}] {failure.step} was not done:")
            speech.fail(failure.reason)
        return 0 if not failures and all(each.sound for each in reports) else 1


def run_round(hub: Hub, speech: Speech, chosen: list[str]) -> tuple[list[NodeReport], list[Failure]]:
    """Run the chosen nodes, or all: up, children first, then down; what the round came to at each."""
    nodes = [node for node in hub.site.nodes if not chosen or node.code in chosen]
    for code in chosen:
        hub.workplace(code)  # says so when the site has no such node
    works = [hub.workplace(node.code) for node in nodes]
    before = [work.ledger.head() for work in works]
    failures: list[Failure] = []
    with _progress(speech) as bar:
        task = bar.add_task("", total=2 * len(works))
        for work in works:
            failures += run_node(work, partial(_advance, bar, task, work.node.name))
            failures += acknowledge_children(work, hub.workplace)
            bar.advance(task)
        for work in reversed(works):
            failures += run_node_down(work, partial(_advance, bar, task, work.node.name))
            failures += acknowledge_parent(work, hub.workplace)
            bar.advance(task)
    reports = _reports(works, before, failures)
    return reports, failures


def _reports(works: list[Workplace], before: list[int], failures: list[Failure]) -> list[NodeReport]:
    """What was done at each node after a number of its ledger; a node whose store cannot be read has none."""
    reports: list[NodeReport] = []
    for work, since in zip(works, before, strict=True):
        try:
            reports.append(report(work, since))
        except HubError as error:
            failures.append(Failure(work.node.code, "report", error.text))
    return reports


def _advance(bar: Progress, task: TaskID, name: str, step: str) -> None:
    bar.update(task, description=f"{name} {step}")


def _systems(hub: Hub) -> AbstractContextManager[object]:
    return simulated_systems(hub.settings.home.root) if hub.site.simulated else nullcontext()


def _progress(speech: Speech) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=speech.aside,
        transient=True,
    )
