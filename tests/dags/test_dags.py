"""The DAGs that Airflow sees: found by a Chinese reader, cheap to parse, and one pass over a site ends balanced."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.airflow_home import DAGS, airflow_home, environ
from support.rows import basic, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

FILES = sorted(path.stem for path in DAGS.glob("*.py") if path.stem != "__init__")


@dataclass(frozen=True)
class Passed:
    """What one process of Airflow found and did over a site."""

    site: TinySite
    found: Mapping[str, Any]
    output: str

    def dag(self, node: str) -> Mapping[str, Any]:
        dag: Mapping[str, Any] = self.found["dags"][f"node__{node}"]
        return dag


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Passed:
    folder = tmp_path_factory.mktemp("airflow")
    site = make_site(folder / "site")
    site.drop("cs-a", "case_basic", [basic("P1"), basic("P2"), basic("bad", apply_date="?")])
    site.drop("cs-a", "case_process", [process("P1", 1)])
    site.drop("sz-b", "licence", [licence("苏1号")])
    order = [f"node__{node}" for node in (COUNTY, CITY)]
    command = [
        sys.executable,
        str(Path(__file__).with_name("airflow_pass.py")),
        str(DAGS),
        str(folder / "out.json"),
        *order,
    ]
    home = airflow_home(folder / "home")
    done = subprocess.run(command, env=environ(home, site), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    return Passed(site, json.loads((folder / "out.json").read_text()), done.stdout + done.stderr)


def test_every_node_has_a_dag_and_nothing_fails_to_load(passed: Passed) -> None:
    assert passed.found["errors"] == {}
    assert set(passed.found["dags"]) == {f"{kind}__{node}" for kind in ("node", "licences") for node in (COUNTY, CITY)}


def test_names_and_tags_lead_a_chinese_reader_to_the_node(passed: Passed) -> None:
    assert passed.dag(COUNTY)["display_name"] == "苏州市 / 常熟市"
    assert passed.dag(CITY)["display_name"] == "苏州市"
    assert passed.dag(COUNTY)["tags"] == sorted(["县级", "苏州市"])
    assert passed.dag(CITY)["tags"] == sorted(["市级", "苏州市"])


def test_the_page_names_the_node_its_neighbours_its_sources_and_every_task(passed: Passed) -> None:
    text = passed.dag(COUNTY)["doc_md"]
    for word in ("常熟市", COUNTY, "苏州市", "来源cs-a", "cs-a", "公安", "case_basic", "dropfolder"):
        assert word in text
    for task in passed.dag(COUNTY)["tasks"].values():
        assert task["display_name"] in text
    assert "来源sz-b" in passed.dag(CITY)["doc_md"]
    assert "来源cs-a" not in passed.dag(CITY)["doc_md"]


def test_only_a_side_that_does_not_answer_is_tried_again(passed: Passed) -> None:
    for node in (CITY, COUNTY):
        for name, task in passed.dag(node)["tasks"].items():
            retried = [(exception, action.lower()) for exception, action in task["retried"]]
            assert retried in ([("exchange.errors.RetriableError", "retry")], []), name
            assert task["otherwise"].lower() == "fail", name
            assert retried or task["retries"] == 0, name


def test_one_writer_a_node(passed: Passed) -> None:
    assert {passed.dag(node)["max_active_runs"] for node in (COUNTY, CITY)} == {1}


def test_one_pass_children_first_ends_in_success_and_balanced(passed: Passed) -> None:
    for name, run in passed.found["runs"]:
        assert run["state"] == "success", (name, run, passed.output[-3000:])
        assert set(run["tasks"].values()) <= {"success", "skipped"}
    held = {(total.origin, total.dataset): total.records for total in passed.site.totals()[CITY][0]}
    assert held == {(COUNTY, "case_basic"): 2, (COUNTY, "case_process"): 1, (CITY, "licence"): 1}
    balances = passed.site.entries(CITY, "balance")
    assert [each["equal"] for each in balances] == [True]
    assert len(passed.site.entries(CITY, "snapshot.published")) == 1


def test_a_parent_shares_when_all_else_is_done_and_a_child_fetches_at_its_start(passed: Passed) -> None:
    assert "share_back" in passed.dag(CITY)["tasks"]
    assert "fetch_back" not in passed.dag(CITY)["tasks"]
    assert passed.dag(CITY)["tasks"]["share_back"]["after"] == ["publish"]
    assert "share_back" not in passed.dag(COUNTY)["tasks"]
    assert passed.dag(COUNTY)["tasks"]["fetch_back"]["after"] == []
    assert "fetch_back" in passed.dag(COUNTY)["tasks"]["merge"]["after"]
    # the city's licence is of its own division only: nothing concerned the county
    assert passed.site.entries(CITY, "share.sealed") == []


def test_nothing_of_a_row_is_in_airflows_log_or_its_database(passed: Passed) -> None:
    home = Path(passed.site.root).parent / "home"
    secrets = [basic("")["applyer_name"], basic("")["applyer_page_code"]]
    content = [passed.output.encode(), *(path.read_bytes() for path in home.rglob("*") if path.is_file())]
    assert len(content) > 2
    for secret in secrets:
        assert not any(secret.encode() in each or secret.encode("unicode_escape") in each for each in content)


@pytest.mark.parametrize("name", FILES)
def test_reading_a_dag_file_brings_in_nothing_heavy(name: str, site: TinySite, tmp_path: Path) -> None:
    """Airflow reads each file again for every task: DuckDB, pyarrow and paramiko come in with the work, not before."""
    heavy = ("duckdb", "pyarrow", "paramiko", "openpyxl")
    code = f"import dags.{name}, sys; print(sorted(set({heavy!r}) & set(sys.modules)))"
    without = f"import airflow.sdk, sys; print(sorted(set({heavy!r}) & set(sys.modules)))"
    home = airflow_home(tmp_path / "home")
    told = [
        subprocess.run(
            [sys.executable, "-c", each],
            env=environ(home, site),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        for each in (code, without)
    ]
    assert told[0].stdout == "[]\n"
    assert told[0].stdout == told[1].stdout


def test_the_repository_stays_clean_of_airflows_files(passed: Passed) -> None:
    home = passed.site.root.parent / "home"
    assert (home / "airflow.db").exists()
