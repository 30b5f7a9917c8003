"""A store's file and its log, such that a process may be killed at any instant.

DuckDB's checkpoint writes anew, in its place, a block that the file in use still needs: a kill in the middle of that
write leaves a file that cannot be opened. So the file in use is never checkpointed. Changes go to its log
(`store.duckdb.wal`), which DuckDB reads again at each opening and which survives being cut off anywhere; now and then a
copy of both is checkpointed, and takes their place.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from exchange.files import move

Config = dict[str, str | bool | int | float | list[str]]

NEVER = "1TB"
"""A log of this size is never reached: DuckDB would checkpoint by itself then."""
LOG_BYTES = 1 << 20
LOG_SHARE = 50
"""A log is folded in when it is larger than `LOG_BYTES` and than the file divided by this: the copy costs the file."""


def connect(store: Path, config: Config, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """The file in use, open; it is never checkpointed."""
    connection = duckdb.connect(str(store), read_only=read_only, config={**config, "checkpoint_threshold": NEVER})
    if not read_only:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    return connection


def draft_of(store: Path) -> Path:
    """Where a file is made that will take the store's place; what a killed run has left there is removed."""
    draft = store.with_name(f".{store.name}.new")
    for left in (draft, _log(draft)):
        left.unlink(missing_ok=True)
    return draft


def replace(store: Path, draft: Path) -> None:
    """Put a finished file in the place of the store's file and its log, as one step."""
    draft.chmod(0o600)
    move(draft, _finished(store))
    settle(store)


def settle(store: Path) -> None:
    """Finish a replacement that a killed run has begun: the finished file stands for the old one and its log."""
    finished = _finished(store)
    if finished.exists():
        _log(store).unlink(missing_ok=True)
        move(finished, store)


def fold(store: Path, config: Config, tidy: Callable[[duckdb.DuckDBPyConnection], object]) -> None:
    """Fold the log into the file, when it has become large; nobody has the store open.

    `tidy` puts the copy in order that will take the store's place.
    """
    log = _log(store)
    if not log.exists() or log.stat().st_size <= max(LOG_BYTES, store.stat().st_size // LOG_SHARE):
        return
    draft = draft_of(store)
    shutil.copyfile(store, draft)
    shutil.copyfile(log, _log(draft))
    with duckdb.connect(str(draft), config=config) as connection:
        tidy(connection)
        connection.execute("CHECKPOINT")
    replace(store, draft)


def _log(store: Path) -> Path:
    return store.with_name(f"{store.name}.wal")


def _finished(store: Path) -> Path:
    return store.with_name(f".{store.name}.finished")
