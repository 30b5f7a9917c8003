from __future__ import annotations

from pathlib import Path

import pytest
from demo_site import DemoSite, made

from exchange.demo import make


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSite:
    """A small demo, with the deliveries that it is made of."""
    with pytest.MonkeyPatch.context() as patch:
        return made(tmp_path_factory.mktemp("demo"), 1500, 7, patch)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A demo that a test may change."""
    make.make_demo(tmp_path, cases=60, seed=3)
    return tmp_path
