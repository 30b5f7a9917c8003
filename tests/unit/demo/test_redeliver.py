from __future__ import annotations

import hashlib
from collections import Counter
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

from catalog.loader import load_catalog, load_site
from exchange.demo import redeliver
from exchange.demo.layout import SYSTEMS
from exchange.demo.make import delivery_folder


def delivered(folder: Path) -> dict[Path, tuple[str, float]]:
    found = {}
    for system in SYSTEMS:
        for path in delivery_folder(folder, system).iterdir():
            if path.suffix == f".{system.form.extension}":
                found[path] = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
    return found


def test_the_same_bytes_come_again_under_new_names_and_newer(tiny: Path) -> None:
    rounds = [delivered(tiny)]
    for _ in range(2):
        redeliver(tiny)
        rounds.append(delivered(tiny))
    for before, after in pairwise(rounds):
        assert Counter(digest for digest, _ in before.values()) == Counter(digest for digest, _ in after.values())
        assert not before.keys() & after.keys()
        assert min(time for _, time in after.values()) > max(time for _, time in before.values())
    assert all(path.stem.endswith("-重报2") for path in rounds[2])


def test_the_contracts_still_take_them(tiny: Path) -> None:
    before = taken(tiny)
    redeliver(tiny)
    assert taken(tiny) == before
    assert len(before) == len(SYSTEMS)


def taken(folder: Path) -> dict[str, list[int]]:
    """How many files each feed of each source takes; a file of a source that wants markers must have one."""
    site = load_site(folder / "config", load_catalog())
    counts = {}
    for system in SYSTEMS:
        names = {path.name for path in delivery_folder(folder, system).iterdir()}
        contract = next(each for each in site.node(system.node).sources if each.id == system.id)
        if contract.connector.get("ready") == "marker":
            names = {name for name in names if f"{name}.ok" in names}
        counts[system.id] = [sum(fnmatchcase(name, feed.files) for name in names) for feed in contract.feeds]
        assert all(counts[system.id])
    return counts
