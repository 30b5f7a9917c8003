"""Opening a node's DuckDB file, as its one writer or as a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from exchange.errors import FatalError
from exchange.locks import exclusive
from exchange.model.folders import NodeFolder
from exchange.store import file
from exchange.store.compaction import compact
from exchange.store.migrations import migrate
from exchange.text import Text

LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "600MB",
    "threads": "2",
    "preserve_insertion_order": "true",
    "allow_community_extensions": "false",
}
_UNUSABLE = (duckdb.IOException, duckdb.SerializationException, duckdb.TransactionException, duckdb.FatalException)
"""What DuckDB raises when a file is damaged, is missing, or cannot grow (a commit that cannot be written)."""


@contextmanager
def writing(store: Path, lock: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store, open for its one writer.

    RetriableError when another process keeps it for a minute, FatalError when its file is damaged or the disk is full.
    """
    store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with exclusive(lock, _busy(lock)), _told(store):
        file.settle(store)
        if not store.exists():
            _create(store)
        with _connected(store, read_only=False) as connection:
            migrate(connection)
            yield connection
        file.fold(store, LIMITS, compact)


@contextmanager
def reading(store: Path, lock: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store, open to read while nobody writes; the errors are those of `writing`."""
    with exclusive(lock, _busy(lock)), _told(store):
        file.settle(store)
        with _connected(store, read_only=True) as connection:
            yield connection


def _create(store: Path) -> None:
    """An empty store, there as a whole or not at all: a run that is killed here, or finds no space, leaves none."""
    draft = file.draft_of(store)
    with duckdb.connect(str(draft), config=LIMITS) as connection:
        migrate(connection)
    file.replace(store, draft)


@contextmanager
def _connected(store: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = file.connect(store, LIMITS, read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _told(store: Path) -> Iterator[None]:
    """Say what an error of the store's file means, and what to do."""
    try:
        yield
    except duckdb.Error as error:
        # a checksum that does not hold has no class of its own: it is the bare base class
        if isinstance(error, _UNUSABLE) or type(error) is duckdb.Error:
            raise FatalError(_unusable(store, error)) from error
        raise


def replace_store(folder: NodeFolder, draft: Path) -> None:
    """Put a finished store file in a node's store's place, while nobody else has it open."""
    with exclusive(folder.lock, _busy(folder.lock)):
        file.replace(folder.store, draft)


def _unusable(store: Path, error: duckdb.Error) -> Text:
    node, reason = store.parent.name, str(error).partition("\n")[0]
    return Text(
        f"节点 {node} 的存储无法读写：{reason}。若磁盘已满，清理后重跑；若文件损坏或丢失，"
        f"用 hub rebuild --node {node} 重建，数据不会丢失。",
        f"The store of node {node} cannot be read or written: {reason}. If the disk is full, make room and run again; "
        f"if the file is damaged or gone, `hub rebuild --node {node}` makes it anew and nothing is lost.",
    )


def _busy(lock: Path) -> Text:
    return Text(
        f"节点存储正由另一个进程写入（{lock.parent.name}），等待一分钟后仍未释放。稍后会自动重试。",
        f"Another process has been writing the store of node {lock.parent.name} for a minute. It will be tried again.",
    )
