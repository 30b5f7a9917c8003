from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from site_examples import CONTRACT, SITE, Told

from catalog.catalogue import Catalog
from catalog.loader import load_catalog
from exchange.errors import ConfigError


@pytest.fixture(scope="session")
def jiangsu() -> Catalog:
    return load_catalog()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A good site's folder, for tests to spoil."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    (tmp_path / "sources" / "sz-market.yaml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def told() -> Told:
    """Calls something that must fail, and gives the Chinese messages by `file:line`; several of a line are joined."""

    def places(call: Callable[[], object]) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            call()
        zh, en = (_by_place(text) for text in caught.value.text)
        assert list(zh) == list(en)
        return zh

    return places


def _by_place(text: str) -> dict[str, str]:
    head, *lines = text.splitlines()
    found: dict[str, str] = {}
    for line in lines:
        place, message = re.fullmatch(r"(\S+:\d+): (.+)", line).groups()  # type: ignore[union-attr]
        found[place] = f"{found[place]}；{message}" if place in found else message
    assert re.search(r"\d+", head)
    return found
