"""Sites that several tests begin with: one in which rows were rejected, and a family of nodes that share back."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.family import make_family
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


@pytest.fixture
def family(grown: TinySite, tmp_path: Path) -> TinySite:
    return grown.copy(tmp_path / "site")


@pytest.fixture
def settled(done: TinySite, tmp_path: Path) -> TinySite:
    return done.copy(tmp_path / "settled")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    return make_family(tmp_path_factory.mktemp("family") / "site")


@pytest.fixture(scope="module")
def done(grown: TinySite, tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The same after whole rounds, until nothing moves any more."""
    site = grown.copy(tmp_path_factory.mktemp("done") / "site")
    assert site.exchange() == []
    assert site.exchange() == []
    return site
