"""A process that dies between any two statements of a merge leaves the store as it was, or as it should be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.stores import CARD, CASE, STEP, StoreBox, rows

from exchange.model.package import Total


class Dying:
    """A connection that ends the process, as kill -9 would, at the nth statement."""

    def __init__(self, connection: object, last: int) -> None:
        self._connection = connection
        self._left = last

    def __getattr__(self, name: str) -> object:
        found = getattr(self._connection, name)
        return self._counted(found) if name in {"execute", "begin", "commit"} else found

    def _counted(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object) -> object:
            if self._left == 0:
                os._exit(9)
            self._left -= 1
            return call(*args)

        return counted


def state(box: StoreBox) -> tuple[list[Total], list[Total], dict[str, int], list[tuple[object, ...]], int]:
    with box.open() as store:
        noted = store._connection.execute("SELECT * EXCLUDE (seq) FROM hub.batches ORDER BY batch").fetchall()
        assert store.totals(sent=False) == store.recount(sent=False)
        assert store.totals(sent=True) == store.recount(sent=True)
        return store.totals(sent=False), store.totals(sent=True), store.parked(), noted, store.last_seq()


def dies(work: Callable[[int], None], last: int) -> bool:
    """Whether the work, in a process of its own, died before it was done."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(last)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, 9}
    return code == 9


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_merge_is_all_or_nothing_at_every_statement(tmp_path: Path) -> None:
    box = StoreBox(tmp_path / "s")
    box.merge(STEP, rows(STEP, "A 1 x 1 I"))
    box.merge(CASE, rows(CASE, "B t g 1 I"))
    batch, path, counts = box.accepted(CASE, rows(CASE, "A t g 1 I", "B - g 2 D"))
    before = state(box)

    def merge(last: int) -> None:
        with box.open() as store:
            store._connection = Dying(store._connection, last)  # type: ignore[assignment]
            store.merge(batch, path, counts)

    points = 0
    while dies(merge, points):
        assert state(box) == before
        points += 1
    after = state(box)
    assert after[2]["step"] == 0
    assert after != before
    assert points > 15  # it died at each of them
    assert not dies(merge, 10**6)
    assert state(box) == after


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_receive_is_all_or_nothing_at_every_statement(tmp_path: Path) -> None:
    child, parent = StoreBox(tmp_path / "c"), StoreBox(tmp_path / "p", "320500000000")
    child.merge(CARD, rows(CARD, "1 h t - 1 I"))
    child.merge(CASE, rows(CASE, "A t g 1 I"))
    manifest, files = child.pack(parent.node, 1, 0)
    before = state(parent)

    def receive(last: int) -> None:
        with parent.open() as store:
            store._connection = Dying(store._connection, last)  # type: ignore[assignment]
            store.receive(manifest, "sha", files)

    points = 0
    while dies(receive, points):
        assert state(parent) == before
        points += 1
    assert points > 15
    with parent.open() as store, child.open() as below:
        assert store.totals(sent=False) == below.totals(sent=True)
        assert store.last_received(child.node) == 1
