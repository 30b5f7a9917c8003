"""Airflow over a site, started and stopped with its own programs, and asked through its REST interface."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from exchange.errors import FatalError, RetriableError
from exchange.text import Text

PROGRAMS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
START_SECONDS = 120
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a DAG."""

    dag: str
    id: str
    state: str


class Airflow:
    """A running Airflow, asked through its REST interface."""

    def __init__(self, client: httpx.Client, processes: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
        self._client = client
        self._processes = processes
        self._logs = logs

    def wait_for_dags(self, wanted: frozenset[str]) -> None:
        """Until every DAG is known; FatalError with the import errors when one cannot be loaded."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            errors = self._get("importErrors")["import_errors"]
            if errors:
                raise FatalError(Text(f"DAG 无法加载：{errors}", f"A DAG cannot be loaded: {errors}"))
            known = {dag["dag_id"] for dag in self._get("dags", limit=1000)["dags"]}
            if wanted <= known:
                return
            self._still_running(deadline)
            time.sleep(0.5)

    def trigger(self, dag: str) -> None:
        """Start one run."""
        self._client.post(f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None}).raise_for_status()

    def runs(self, dag: str) -> list[Run]:
        """The DAG's runs, newest first."""
        found = self._get(f"dags/{dag}/dagRuns", order_by="-run_after", limit=20)["dag_runs"]
        return [Run(dag, run["dag_run_id"], run["state"]) for run in found]

    def failed_tasks(self, run: Run) -> list[str]:
        """The names of a run's failed tasks."""
        found = self._get(f"dags/{run.dag}/dagRuns/{run.id}/taskInstances", limit=1000)["task_instances"]
        return [f"{each['task_id']}[{each['map_index']}]" for each in found if each["state"] == "failed"]

    def wait(self, seconds: float) -> None:
        """Wait a little; FatalError when one of Airflow's programs has ended."""
        self._still_running(time.monotonic() + seconds + 1)
        time.sleep(seconds)

    def _get(self, path: str, **query: str | int) -> dict[str, Any]:
        answer = self._client.get(f"/api/v2/{path}", params=query)
        answer.raise_for_status()
        return dict(answer.json())

    def _still_running(self, deadline: float) -> None:
        for name, process in self._processes.items():
            if process.poll() is not None:
                log = self._logs / f"{name}.log"
                raise FatalError(
                    Text(f"Airflow 的 {name} 已退出，原因见 {log}", f"Airflow's {name} has ended; {log} says why")
                )
        if time.monotonic() > deadline:
            raise RetriableError(Text("Airflow 没有按时就绪。", "Airflow was not ready in time."))


@contextmanager
def running_airflow(root: Path, home: Path, address: str) -> Iterator[Airflow]:
    """Airflow with `root` as AIRFLOW_HOME over the site at `home`, for as long as the context lasts."""
    _must_be_free(address)
    logs = root / "var" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "AIRFLOW_HOME": str(root), "HUB_HOME": str(home)}
    _run_once(environment, logs, "db", "migrate")
    with ExitStack() as stack:
        processes = {name: stack.enter_context(_program(environment, logs, name)) for name in PROGRAMS}
        client = stack.enter_context(httpx.Client(base_url=address, timeout=30))
        _sign_in(client, root / "var" / "secrets" / "passwords.json")
        yield Airflow(client, processes, logs)


def _must_be_free(address: str) -> None:
    """FatalError when something listens there already: it would answer in place of the Airflow that is started."""
    place = httpx.URL(address)
    try:
        with socket.create_server((place.host, place.port or 80)):
            return
    except OSError as error:
        raise FatalError(
            Text(
                f"{address} 已被占用，可能 make up 或 make run 正在运行。请先结束它（Ctrl-C）再试。",
                f"{address} is taken: make up or make run may be running. End it (Ctrl-C) and try again.",
            )
        ) from error


def password(root: Path) -> str:
    """The password of `admin`, which Airflow made at its first start."""
    known = json.loads((root / "var" / "secrets" / "passwords.json").read_text(encoding="utf-8"))
    return str(known["admin"])


def _run_once(environment: Mapping[str, str], logs: Path, *arguments: str) -> None:
    name = "-".join(arguments)
    with (logs / f"{name}.log").open("wb") as log:
        done = subprocess.run(_command(*arguments), env=environment, stdout=log, stderr=log, check=False)  # noqa: S603
    if done.returncode:
        raise FatalError(Text(f"airflow {name} 失败，见 {logs}", f"airflow {name} has failed; see {logs}"))


@contextmanager
def _program(environment: Mapping[str, str], logs: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and fixed words
            _command(*PROGRAMS[name]), env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "airflow", *arguments]


def _sign_in(client: httpx.Client, passwords: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            known = json.loads(passwords.read_text(encoding="utf-8"))
            answer = client.post("/auth/token", json={"username": "admin", "password": known["admin"]})
            answer.raise_for_status()
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        except (FileNotFoundError, httpx.HTTPError, json.JSONDecodeError):
            if time.monotonic() > deadline:
                raise RetriableError(
                    Text("Airflow 界面没有按时就绪。", "Airflow's server was not ready in time.")
                ) from None
            time.sleep(0.5)
        else:
            return
