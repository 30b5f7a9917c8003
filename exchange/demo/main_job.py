"""`make run`: the demo province goes one whole round through Airflow, and is held against the truth.

The first time the demo is made; every further time the departments deliver the same files again, which must change
nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from catalog.models import Site
from exchange.demo.airflow_site import Airflow, Run, running_airflow
from exchange.demo.make import make_demo
from exchange.demo.redeliver import redeliver
from exchange.demo.round_report import show_round
from exchange.demo.systems import simulated_systems
from exchange.errors import ConfigError, FatalError, HubError
from exchange.flows.report import report
from exchange.model.package import Total
from exchange.settings import Settings, read_settings
from exchange.text import Text
from exchange.wiring import Hub, load, open_hub

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:18080"
ROUND_SECONDS = 1200
CASES = 20_000


def main() -> int:
    """Run the main job; 0 when everything balanced and the truth came out."""
    settings = read_settings()
    try:
        return _main_job(settings)
    except HubError as error:
        sys.stderr.write(f"{error.text.of(settings.language)}\n")
        return 1


def _main_job(settings: Settings) -> int:
    first = _deliver(settings)
    with open_hub(settings) as hub:
        heads = {node.code: hub.workplace(node.code).ledger.head() for node in hub.site.nodes}
        before = None if first else digests(hub)
        failures = _round_through_airflow(settings, hub.site)
        reports = [report(hub.workplace(node.code), heads[node.code]) for node in hub.site.nodes]
        return show_round(hub, reports, failures, _unchanged(hub, before))


def _deliver(settings: Settings) -> bool:
    """The departments deliver: true for the first time."""
    home = settings.home.root
    if (settings.home.config / "site.yaml").exists():
        must_be_demo(settings)
        redeliver(home)
        return False
    with _told(settings, Text("正在生成演示站点 …", "Making the demo site …")):
        make_demo(home, cases=CASES)
    return True


def _round_through_airflow(settings: Settings, site: Site) -> list[str]:
    """Start Airflow, start the lowest nodes, and wait until the top node's run has ended."""
    home = settings.home.root
    told = _told(settings, Text("Airflow 正在运行各节点的 DAG …", "Airflow is running the nodes' DAGs …"))
    with told as progress, simulated_systems(home), running_airflow(ROOT, home, ADDRESS) as airflow:
        dags = {f"node__{node.code}": node.name for node in site.nodes}
        # a file's DAGs appear together: a node's run starts those that ask about its licences
        airflow.wait_for_dags(frozenset({*dags, f"licences__{site.top.code}"}))
        known = {dag: {run.id for run in airflow.runs(dag)} for dag in dags}
        for node in site.nodes:
            if not site.children(node.code):
                airflow.trigger(f"node__{node.code}")
        return _wait(airflow, known, dags, progress)


def _wait(airflow: Airflow, known: dict[str, set[str]], dags: dict[str, str], progress: Progress) -> list[str]:
    deadline = time.monotonic() + ROUND_SECONDS
    ended: dict[str, Run] = {}
    while len(ended) < len(dags):
        airflow.wait(1)
        for dag in dags.keys() - ended.keys():
            for run in airflow.runs(dag):
                if run.id not in known[dag] and run.state in {"success", "failed"}:
                    ended[dag] = run
        names = "、".join(dags[dag] for dag in ended)
        for task in progress.task_ids:
            progress.update(task, description=f"{len(ended)}/{len(dags)} {names}")
        if time.monotonic() > deadline:
            raise FatalError(Text("本轮没有按时结束，见 var/logs。", "The round did not end in time; see var/logs."))
    failed = [run for run in ended.values() if run.state == "failed"]
    return [f"{dags[run.dag]}: {', '.join(airflow.failed_tasks(run))}" for run in failed]


def digests(hub: Hub) -> dict[str, list[Total]]:
    """Every node's records, by count and digest."""
    found = {}
    for node in hub.site.nodes:
        with hub.workplace(node.code).open_store(node.code, read_only=True) as store:
            found[node.code] = [*store.totals(sent=False), *store.totals(sent=True)]
    return found


def _unchanged(hub: Hub, before: dict[str, list[Total]] | None) -> bool | None:
    """Whether the round changed nothing; None for the first round."""
    return None if before is None else before == digests(hub)


def must_be_demo(settings: Settings) -> None:
    """ConfigError when the home folder is a real site: nobody plays the departments there."""
    if not load(settings)[1].simulated:
        raise ConfigError(
            Text(
                f"{settings.home.root} 不是演示站点，make run 和 make up 只用于演示。"
                "真实站点请见 docs/guides/run-a-site.zh-CN.md。",
                f"{settings.home.root} is no demo site, and make run and make up are for the demo. "
                "For a real site see docs/guides/run-a-site.md.",
            )
        )


@contextmanager
def _told(settings: Settings, text: Text) -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress:
        progress.add_task(text.of(settings.language))
        yield progress


if __name__ == "__main__":
    sys.exit(main())
