"""This folder is on the import path because this file is here: tests import `support`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support.site import TinySite, make_site

# a database test is as slow as the disk: time limits would make tests of it fail by chance
settings.register_profile("hub", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hub")


@pytest.fixture
def site(tmp_path: Path) -> TinySite:
    """A county below a city, with one source each."""
    return make_site(tmp_path / "site")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where `HUB_TESTS_MAY_SKIP=0` is set (CI) every program is there, and a test that was skipped is a failure."""
    if os.environ.get("HUB_TESTS_MAY_SKIP") == "0":
        skipped = terminalreporter.stats.get("skipped", [])
        for report in skipped:
            terminalreporter.write_line(f"SKIPPED, and may not be: {report.nodeid}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The exit code of the rule above."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("HUB_TESTS_MAY_SKIP") == "0" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
