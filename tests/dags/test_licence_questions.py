"""Questions about licences under Airflow: each is asked once, nothing waits for it, and its answer is followed."""

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
from support.doubt import FIRST, THIRD, first, third
from support.site import COUNTY, TinySite, make_site

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


@dataclass(frozen=True)
class Passed:
    """What came of it, and the site."""

    site: TinySite
    found: Mapping[str, Any]
    home: Path
    output: str


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Passed:
    folder = tmp_path_factory.mktemp("questions")
    site = make_site(folder / "site", nodes=(COUNTY,), sources={"cs-a": COUNTY, "cs-b": COUNTY})
    site.drop("cs-a", "licence", [first()])
    site.drop("cs-b", "licence", [third()])
    script = Path(__file__).with_name("licence_pass.py")
    command = [sys.executable, str(script), str(DAGS), str(folder / "out.json"), COUNTY]
    home = airflow_home(folder / "home")
    done = subprocess.run(command, env=environ(home, site), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    return Passed(site, json.loads((folder / "out.json").read_text()), home, done.stdout + done.stderr)


def test_a_round_starts_a_run_for_each_question_and_does_not_wait(passed: Passed) -> None:
    assert passed.found["errors"] == {}
    first_round = passed.found["rounds"][0]
    assert first_round["state"] == "success"
    assert (first_round["tasks"]["find_questions"], first_round["tasks"]["ask"]) == ("success", "success")
    (run,) = passed.found["started"][0]
    assert run["run_id"].startswith(run["conf"]["question"])


def test_a_question_is_asked_once(passed: Passed) -> None:
    second_round = passed.found["rounds"][1]
    assert second_round["state"] == "success"
    assert second_round["tasks"]["ask"] == "skipped"
    assert passed.found["started"][1] == passed.found["started"][0]


def test_what_is_put_to_people_tells_them_apart_and_shows_no_person(passed: Passed) -> None:
    subject, body, options = passed.found["same"]["put"]
    assert options == ["同一证照 same", "不同证照 different", "暂不决定 later"]
    assert "常熟市" in subject
    for word in ("测试局", "2026-01-05", "2026-01-20", "0.941", "号码相同", "hub licences explain", "苏1号***", "测**"):
        assert word in body
    # the smallest number of places is kept: of a name one, of a number three
    for secret in (FIRST, THIRD, "AB12", "QQ77", "测试企"):
        assert secret not in subject + body


def test_an_answer_becomes_a_decision_and_joins_the_licences(passed: Passed) -> None:
    same = passed.found["same"]
    assert (same["state"], same["recorded"]) == ("success", "2")
    kept = passed.site.entries(COUNTY, "licence.decided")[-1]
    assert (kept["subject"], kept["action"], kept["by"]) == ("2", "same", "王管理员")
    with passed.site.work(COUNTY) as work, work.open_store(COUNTY, read_only=True) as store:
        (licence,) = store.explain(store.licences.find("certificate_number", "苏1号"))
        assert len(licence.claims) == 2
        assert store.licences.questions() == []


def test_an_answer_that_puts_it_off_changes_nothing(passed: Passed) -> None:
    later = passed.found["later"]
    assert (later["state"], later["recorded"]) == ("success", "later")


def test_a_question_that_was_closed_while_it_waited_is_left_alone(passed: Passed) -> None:
    closed = passed.found["closed"]
    assert (closed["state"], closed["recorded"]) == ("success", "closed")
    decided = passed.site.entries(COUNTY, "licence.decided")
    assert [(each["subject"], each["by"]) for each in decided] == [("1", "命令行"), ("2", "王管理员")]
    assert "本次回答不起作用" in passed.output


def test_a_question_that_is_closed_already_is_not_asked(passed: Passed) -> None:
    gone = passed.found["gone"]
    assert gone["put"] is None
    assert gone["state"] == "success"
    assert set(gone["tasks"].values()) == {"skipped"}


def test_no_person_is_in_airflows_database_or_logs(passed: Passed) -> None:
    content = [passed.output.encode(), *(path.read_bytes() for path in passed.home.rglob("*") if path.is_file())]
    assert len(content) > 2
    for secret in (FIRST, "AB12", "QQ77"):
        assert not any(secret.encode() in each or secret.encode("unicode_escape") in each for each in content)
