"""Run by `test_dags.py` in a process of its own: Airflow reads its home once, and warns about itself."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.utils.db import initdb


def described(dag: DAG) -> dict[str, object]:
    return {
        "display_name": dag.dag_display_name,
        "tags": sorted(dag.tags),
        "doc_md": dag.doc_md,
        "max_active_runs": dag.max_active_runs,
        "tasks": {
            task.task_id: {
                "retries": task.retries,
                "retried": [[rule.exception, rule.action.name] for rule in task.retry_policy.rules],
                "otherwise": task.retry_policy.default.name,
                "display_name": task.task_display_name,
                "after": sorted(task.upstream_task_ids),
            }
            for task in dag.tasks
        },
    }


def tried(dag: DAG) -> dict[str, object]:
    run = dag.test()
    states = {f"{each.task_id}[{each.map_index}]": str(each.state) for each in run.get_task_instances()}
    return {"state": str(run.state), "tasks": states}


def main(folder: str, out: str, *order: str) -> None:
    initdb()
    bag = DagBag(folder)
    found: dict[str, object] = {
        "errors": {str(path): error for path, error in bag.import_errors.items()},
        "dags": {name: described(dag) for name, dag in bag.dags.items()},
        "runs": [(name, tried(bag.dags[name])) for name in order],
    }
    Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


main(*sys.argv[1:])
