"""The store's file survives a kill at any instant: what it needs is never written over in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.stores import CASE, StoreBox, rows

from exchange.store import file
from exchange.store.compaction import compact
from exchange.store.connection import LIMITS

NEEDED = 3 * 4096 + 262_144
"""DuckDB's three headers and its first block, which its checkpoint writes anew in place."""


@pytest.fixture
def box(tmp_path: Path) -> StoreBox:
    box = StoreBox(tmp_path)
    box.merge(CASE, rows(CASE, "A t g 1 I"))
    return box


def log_of(box: StoreBox) -> Path:
    return box.folder.store.with_name("store.duckdb.wal")


def names(box: StoreBox) -> set[str]:
    return {path.name for path in box.folder.root.iterdir()}


def test_what_the_file_in_use_needs_is_not_written_over(box: StoreBox) -> None:
    before = box.folder.store.read_bytes()[:NEEDED]
    for at in range(5):
        box.merge(CASE, rows(CASE, *(f"K{at}-{each} t g 1 I" for each in range(500))))
    assert box.folder.store.read_bytes()[:NEEDED] == before
    assert len(box.texts(CASE)) == 2501


def test_a_large_log_is_folded_into_the_file(box: StoreBox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert log_of(box).exists()
    monkeypatch.setattr(file, "LOG_BYTES", 0)
    monkeypatch.setattr(file, "LOG_SHARE", 10**9)
    box.merge(CASE, rows(CASE, "B u g 1 I"))
    assert names(box) == {"store.duckdb", "writer.lock"}
    assert box.texts(CASE) == {"A": "t", "B": "u"}
    with box.open() as store:
        assert store.totals(sent=False) == store.recount(sent=False)
    assert box.folder.store.stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_cut_off_anywhere_leaves_whole_changes_only(box: StoreBox, tmp_path: Path) -> None:
    one = log_of(box).stat().st_size
    box.merge(CASE, rows(CASE, "B u g 1 I", "C v g 1 I"))
    whole = log_of(box).read_bytes()
    seen = set()
    for length in [*range(one, len(whole), 997), len(whole) - 1, len(whole)]:
        copy = StoreBox(tmp_path / f"cut-{length}")
        shutil.copytree(box.folder.root, copy.folder.root)
        log_of(copy).write_bytes(whole[:length])
        with copy.open() as store:
            assert store.totals(sent=False) == store.recount(sent=False)
        seen.add(tuple(sorted(copy.texts(CASE))))
    assert seen == {("A",), ("A", "B", "C")}


@pytest.mark.parametrize("stage", ["half a draft", "finished", "finished and the log is gone"])
def test_a_replacement_that_was_killed_is_finished_or_forgotten(box: StoreBox, tmp_path: Path, stage: str) -> None:
    other = StoreBox(tmp_path / "other")
    other.merge(CASE, rows(CASE, "Z new g 1 I"))
    with other.open() as store:
        store.checkpoint()
    finished = box.folder.store.with_name(".store.duckdb.finished")
    if stage == "half a draft":
        box.folder.store.with_name(".store.duckdb.new").write_bytes(other.folder.store.read_bytes()[:5000])
    else:
        shutil.copyfile(other.folder.store, finished)
    if stage == "finished and the log is gone":
        log_of(box).unlink()
    with box.open(read_only=True) as store:
        assert store.totals(sent=False) == store.recount(sent=False)
    assert box.texts(CASE) == ({"A": "t"} if stage == "half a draft" else {"Z": "new"})
    assert not finished.exists()


def test_half_a_draft_is_not_in_the_way_of_the_next(box: StoreBox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (".store.duckdb.new", ".store.duckdb.new.wal"):
        box.folder.store.with_name(name).write_bytes(b"half")
    monkeypatch.setattr(file, "LOG_BYTES", 0)
    monkeypatch.setattr(file, "LOG_SHARE", 10**9)
    file.fold(box.folder.store, LIMITS, compact)
    assert names(box) == {"store.duckdb", "writer.lock"}
    assert box.texts(CASE) == {"A": "t"}
