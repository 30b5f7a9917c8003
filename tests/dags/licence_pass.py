"""Run by `test_licence_questions.py` in a process of its own: node runs, then questions that a person answers."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.dag_processing.dagbag import DagBag
from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.sdk import DAG
from airflow.utils.db import initdb
from airflow.utils.session import create_session
from fastapi.testclient import TestClient
from sqlalchemy import select

from exchange.flows.decide import decide_question, undo
from exchange.settings import read_settings
from exchange.wiring import open_hub


def client() -> TestClient:
    """A browser of the user 王管理员, signed in."""
    app = create_app()
    manager = app.state.auth_manager
    token = manager.generate_jwt(SimpleAuthManagerUser(username="王管理员", role="admin"))
    return TestClient(app, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"})


def waiting() -> tuple[str, str] | None:
    """DAG and run of a question that waits for an answer."""
    with create_session() as session:
        found = session.execute(
            select(TaskInstance.dag_id, TaskInstance.run_id)
            .join(HITLDetail, HITLDetail.ti_id == TaskInstance.id)
            .where(HITLDetail.responded_at.is_(None), TaskInstance.state == "awaiting_input")
        ).first()
    return (found[0], found[1]) if found else None


def answer(choice: str, before: Callable[[], None]) -> None:
    """Answer the next question as the interface does, through the REST API."""
    deadline = time.monotonic() + 120
    while (found := waiting()) is None:
        if time.monotonic() > deadline:
            return
        time.sleep(0.5)
    before()
    path = f"/api/v2/dags/{found[0]}/dagRuns/{found[1]}/taskInstances/answer/-1/hitlDetails"
    told = BROWSER.patch(path, json={"chosen_options": [choice], "params_input": {}})
    assert told.status_code == 200, told.text


def asked(dag: DAG, question: str, choice: str = "", before: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """One run of a question; `before` is done while it waits for the answer."""
    person = threading.Thread(target=answer, args=(choice, before))
    if choice:
        person.start()
    run = dag.test(run_conf={"question": question})
    if choice:
        person.join()
    states = {each.task_id: str(each.state) for each in run.get_task_instances()}
    with create_session() as session:
        values = session.execute(
            select(XComModel.task_id, XComModel.value).where(
                XComModel.run_id == run.run_id, XComModel.key == "return_value"
            )
        ).all()
        details = session.execute(
            select(HITLDetail.subject, HITLDetail.body, HITLDetail.options)
            .join(TaskInstance, HITLDetail.ti_id == TaskInstance.id)
            .where(TaskInstance.run_id == run.run_id)
        ).first()
    return {
        "state": str(run.state),
        "tasks": states,
        "recorded": next((value for task, value in values if task == "record"), None),
        "put": list(details) if details else None,
    }


def started(dag_id: str) -> list[dict[str, Any]]:
    """The runs of a DAG that wait for the scheduler."""
    with create_session() as session:
        found = session.scalars(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.state == "queued")).all()
        return [{"run_id": run.run_id, "conf": run.conf} for run in found]


def node_run(dag: DAG) -> dict[str, Any]:
    run = dag.test()
    return {"state": str(run.state), "tasks": {each.task_id: str(each.state) for each in run.get_task_instances()}}


def main(folder: str, out: str, node: str) -> None:
    bag = DagBag(folder)
    nodes, questions = bag.dags[f"node__{node}"], bag.dags[f"licences__{node}"]
    found: dict[str, Any] = {"errors": {str(path): error for path, error in bag.import_errors.items()}}
    found["rounds"] = [node_run(nodes)]
    found["started"] = [started(questions.dag_id)]
    found["rounds"].append(node_run(nodes))
    found["started"].append(started(questions.dag_id))
    question = found["started"][0][0]["conf"]["question"]
    with open_hub(read_settings()) as hub:

        def decide() -> None:
            decide_question(hub.workplace(node), question, same=False, by="命令行")

        found["later"] = asked(questions, question, "暂不决定 later")
        found["closed"] = asked(questions, question, "同一证照 same", decide)
        undo(hub.workplace(node), 1, by="命令行")
    found["same"] = asked(questions, question, "同一证照 same")
    found["gone"] = asked(questions, question)
    Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


initdb()
BROWSER = client()
main(*sys.argv[1:])
