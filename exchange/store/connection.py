"""Opening a node's DuckDB file, as its one writer or as a reader."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from exchange.errors import RetriableError
from exchange.files import move
from exchange.model.folders import NodeFolder
from exchange.store.migrations import migrate
from exchange.text import Text

LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "600MB",
    "threads": "2",
    "preserve_insertion_order": "true",
    "allow_community_extensions": "false",
}
LOCK_SECONDS = 60.0


@contextmanager
def writing(store: Path, lock: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store, open for its one writer. RetriableError when another process keeps it for a minute."""
    store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(lock):
        connection = duckdb.connect(str(store), config=LIMITS)
        try:
            migrate(connection)
            yield connection
        finally:
            connection.close()


@contextmanager
def reading(store: Path, lock: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store, open to read while nobody writes. RetriableError when a writer keeps it for a minute."""
    with _locked(lock):
        connection = duckdb.connect(str(store), read_only=True, config=LIMITS)
        try:
            yield connection
        finally:
            connection.close()


def replace_store(folder: NodeFolder, draft: Path) -> None:
    """Put a finished store file in a node's store's place, while nobody else has it open."""
    with _locked(folder.lock):
        folder.store.with_name(f"{folder.store.name}.wal").unlink(missing_ok=True)
        move(draft, folder.store)


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("a") as handle:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RetriableError(_busy(lock)) from None
                time.sleep(0.1)
        yield


def _busy(lock: Path) -> Text:
    return Text(
        f"节点存储正由另一个进程写入（{lock.parent.name}），等待一分钟后仍未释放。稍后会自动重试。",
        f"Another process has been writing the store of node {lock.parent.name} for a minute. It will be tried again.",
    )
