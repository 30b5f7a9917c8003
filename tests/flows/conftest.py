"""A site in which rows were rejected, for the tests of what comes after."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.rows import basic
from support.site import COUNTY, TinySite, make_site
from support.slips import (
    BAD,
)


@pytest.fixture
def rejected(checked: TinySite, tmp_path: Path) -> TinySite:
    return checked.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A round in which rows 2, 4 and 5 of one file were rejected."""
    site = make_site(tmp_path_factory.mktemp("rejected") / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY})
    rows = [basic("P1"), basic("P2", **BAD), basic("P3"), basic("P4", **BAD), basic("P5", applyer_page_code="1")]
    site.drop("cs-a", "case_basic", rows)
    assert site.exchange() == []
    return site
