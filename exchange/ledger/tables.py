"""The ledger's one table, and the engine over it."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Engine, Index, Integer, MetaData, String, Table, Text, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

METADATA = MetaData()
ENTRIES = Table(
    "entries",
    METADATA,
    Column("node", String(12), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("entries_by_subject", "node", "kind", "subject"),
)


def connect(url: str) -> Engine:
    """An engine over the ledger's database; the table is made when it is missing.

    SQLite runs in WAL mode and syncs every commit to disk; a writer waits up to a minute for another.
    """
    engine = create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _write_at_once)
    METADATA.create_all(engine)
    return engine


def _durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _write_at_once(connection: Connection) -> None:
    """Take the write lock at the start: two writers that both read first would refuse each other later."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
