"""A full disk: a clear word, nothing lost, and the run with space ends where an undisturbed one does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.rows import basic, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

pytestmark = pytest.mark.slow

LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from exchange.cli.app import run_hub
sys.exit(run_hub(["run", "--home", sys.argv[2]]))
"""


@pytest.fixture
def site(tmp_path: Path) -> TinySite:
    site = make_site(tmp_path / "site")
    site.drop("cs-a", "case_basic", [basic(f"P{at}") for at in range(300)])
    site.drop("cs-a", "case_process", [process(f"P{at}", 1) for at in range(300)])
    site.drop("sz-b", "licence", [licence(f"苏{at}号") for at in range(20)])
    return site


@pytest.fixture
def undisturbed(site: TinySite, tmp_path: Path) -> TinySite:
    whole = site.copy(tmp_path / "whole")
    assert whole.round() == []
    return whole


def run(site: TinySite, limit: int) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HUB_LANG": "zh"}
    command = [sys.executable, "-c", LIMITED, str(limit), str(site.root)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("limit", [4 << 10, 40 << 10, 300 << 10, 1200 << 10])
def test_a_file_that_cannot_grow_is_told_and_made_up_for(site: TinySite, undisturbed: TinySite, limit: int) -> None:
    """No file may grow past a limit, which is what a full disk looks like to whoever writes it."""
    done = run(site, limit)
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert "错误" in done.stderr
    assert site.round() == []
    assert site.totals() == undisturbed.totals()
    for node in (CITY, COUNTY):
        assert len(site.entries(node, "batch.merged")) == len(undisturbed.entries(node, "batch.merged"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a tmpfs; the test above limits the file size instead")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_is_told_and_made_up_for(small_disk: Path, undisturbed: TinySite, site: TinySite) -> None:
    tight = site.copy(small_disk / "site")
    done = run(tight, 1 << 40)
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert "错误" in done.stderr
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    assert tight.round() == []
    assert tight.totals() == undisturbed.totals()
