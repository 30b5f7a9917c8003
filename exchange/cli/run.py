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
from exchange.flows.round import Failure, acknowledge_children, run_node
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
            "不经 Airflow 跑完整一轮：下级先于上级。全部对账一致时返回 0。",
            "One whole round without Airflow, children first; exit 0 when everything balanced.",
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
    """Run the chosen nodes, or all, children first; what the round came to at each."""
    nodes = [node for node in hub.site.nodes if not chosen or node.code in chosen]
    for code in chosen:
        hub.workplace(code)  # says so when the site has no such node
    failures: list[Failure] = []
    reports: list[NodeReport] = []
    with _progress(speech) as bar:
        task = bar.add_task("", total=len(nodes))
        for node in nodes:
            work = hub.workplace(node.code)
            before = work.ledger.head()
            failures += run_node(work, partial(_advance, bar, task, node.name))
            failures += acknowledge_children(work, hub.workplace)
            try:
                reports.append(report(work, before))
            except HubError as error:
                failures.append(Failure(node.code, "report", error.text))
            bar.advance(task)
    return reports, failures


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
