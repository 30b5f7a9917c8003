"""This folder is on the import path because this file is here: tests import `support`."""

from __future__ import annotations

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
