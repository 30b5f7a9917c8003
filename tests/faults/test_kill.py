"""kill -9 at any moment of a round: the next round ends where an undisturbed one does."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.rows import basic, deleted, licence, process, result
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.cli.app import run_hub
from exchange.flows.balance import balance_live
from exchange.model.package import Total

POINTS = 32
SHARES = 4
"""The points are worked through in so many tests, so that two workers share them."""
DELAYS = (0.0, 0.015, 0.06)

pytestmark = pytest.mark.slow
Totals = dict[str, tuple[list[Total], list[Total]]]

RUNNER = """
import os, sys
from exchange.cli.app import run_hub
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(run_hub(["run", "--home", line.strip()]))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Runner:
    """Starts `hub run` in a process group of its own, from a process that has read the program already.

    Without it most of each run would be spent on reading the program, where a kill has nothing to hit.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, site: TinySite) -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{site.root}\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> int:
        """The run's exit code; -9 when it was killed."""
        return self._read()

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0

    def _read(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@dataclass(frozen=True)
class Prepared:
    """Two sites that wait for a round, and how it ends when nobody disturbs it: (site, end, ledger entries)."""

    runner: Runner
    fresh: tuple[TinySite, Totals, int]
    lived: tuple[TinySite, Totals, int]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("kill")
    site = make_site(folder / "fresh")
    site.drop("cs-a", "case_basic", [basic(f"P{at}") for at in range(20)])
    site.drop("cs-a", "case_process", [process(f"P{at}", 1) for at in range(25)])
    site.drop("sz-b", "licence", [licence(f"苏{at}号") for at in range(5)])
    lived = site.copy(folder / "lived")
    lived.round()
    lived.drop("cs-a", "case_basic", [basic(f"P{at}", 3) for at in range(18, 24)] + [deleted(basic("P1"), 4)], "2")
    lived.drop("cs-a", "case_result", [result(f"P{at}") for at in range(30)], "2")
    lived.drop("cs-a", "licence", [licence(f"苏{at}号", 9, certificate_name="新") for at in range(8)], "2")
    lived.drop("sz-b", "case_basic", [basic(f"S{at}") for at in range(9)] + [basic("bad", apply_date="?")], "2")
    runner = Runner()
    yield Prepared(runner, _undisturbed(runner, site), _undisturbed(runner, lived))
    runner.close()


def _undisturbed(runner: Runner, site: TinySite) -> tuple[TinySite, Totals, int]:
    whole = site.copy(site.root.with_name(f"{site.root.name}-whole"))
    before = entries(whole)
    runner.start(whole)
    assert runner.end() == 0
    end = whole.totals()
    assert sum(total.records for total in end[CITY][0]) > 30
    return site, end, entries(whole) - before


def entries(site: TinySite) -> int:
    """How far the ledger has come."""
    if not site.settings.home.ledger.exists():
        return 0
    with closing(sqlite3.connect(f"file:{site.settings.home.ledger}?mode=ro", uri=True, timeout=30)) as ledger:
        try:
            return int(ledger.execute("SELECT count(*) FROM entries").fetchone()[0])
        except sqlite3.OperationalError:  # the table is not there yet
            return 0


def kill_after(runner: Runner, site: TinySite, steps: int, delay: float) -> bool:
    """Run a round and kill it a little after so many entries of its ledger; whether it was still running."""
    goal = entries(site) + steps
    group = runner.start(site)
    deadline = time.monotonic() + 60
    while entries(site) < goal and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(delay)
    os.killpg(group, signal.SIGKILL) if _is_there(group) else None
    return runner.end() == -signal.SIGKILL


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def check_end(site: TinySite, end: Totals, point: object) -> None:
    assert site.totals() == end, point
    for node in (COUNTY, CITY):
        with site.work(node) as work:
            assert work.ledger.verify() == [], point
            assert all(each.equal for each in balance_live(work)), point
        recorded = site.entries(node, "batch.recorded")
        assert recorded, point
        for entry in recorded:
            folder = site.settings.home.node(node).receipts(entry["source"])
            assert (folder / f"{entry['file']}.{entry['subject'][:8]}.receipt.json").exists(), (point, entry)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_round_after_a_kill_ends_where_an_undisturbed_one_does(
    prepared: Prepared, tmp_path: Path, share: int, capsys: pytest.CaptureFixture[str]
) -> None:
    hit = 0
    points = range(share, POINTS, SHARES)
    for point in points:
        origin, end, steps = prepared.fresh if point % 8 < 3 else prepared.lived
        site = origin.copy(tmp_path / f"at-{point}")
        hit += kill_after(prepared.runner, site, steps * point // POINTS, DELAYS[point % len(DELAYS)])
        assert site.round() == [], point
        check_end(site, end, point)
        if point < SHARES:
            for command in (["ledger", "verify"], ["balance"]):
                assert run_hub([*command, "--home", str(site.root)]) == 0, (point, capsys.readouterr())
        shutil.rmtree(site.root)
    # of all 32 at least 25 must have hit a running process
    assert hit >= len(points) * 25 / POINTS


def test_a_run_that_is_killed_again_and_again_gets_there_in_the_end(prepared: Prepared, tmp_path: Path) -> None:
    origin, end, _ = prepared.fresh
    site = origin.copy(tmp_path / "site")
    hits = sum(kill_after(prepared.runner, site, steps, 0.01) for steps in (1, 2, 3, 2, 1, 3, 2))
    assert hits >= 4
    assert site.round() == []
    check_end(site, end, "again and again")


def test_the_command_itself_can_be_killed_and_run_again(prepared: Prepared, tmp_path: Path) -> None:
    origin, end, _ = prepared.lived
    site = origin.copy(tmp_path / "site")
    command = [sys.executable, "-m", "exchange.cli", "run", "--home", str(site.root)]
    before = entries(site)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        while entries(site) < before + 9:
            assert run.poll() is None
            time.sleep(0.002)
        os.killpg(run.pid, signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    check_end(site, end, "the command")
