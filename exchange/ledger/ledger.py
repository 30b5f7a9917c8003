"""One node's ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import OperationalError

from exchange.errors import FatalError
from exchange.ledger.chain import GENESIS, breaks, canonical, entry_hash
from exchange.ledger.tables import ENTRIES, connect
from exchange.ports import Clock
from exchange.text import Text


class NodeLedger:
    """One node's chain of entries in the site's ledger. Nothing is ever changed or removed."""

    def __init__(self, engine: Engine, node: str, clock: Clock) -> None:
        self._engine = engine
        self._node = node
        self._clock = clock

    def append(self, kind: str, subject: str, body: Mapping[str, Any]) -> None:
        """Add one entry; one that says what the newest of its kind and subject says is not added again."""
        text = canonical(body)
        with _told(), self._engine.begin() as connection:
            self._alone(connection)
            if self._newest(connection, kind, subject) == text:
                return
            last = connection.execute(
                select(ENTRIES.c.number, ENTRIES.c.hash)
                .where(ENTRIES.c.node == self._node)
                .order_by(ENTRIES.c.number.desc())
                .limit(1)
            ).first()
            entry = {
                "node": self._node,
                "number": last.number + 1 if last else 1,
                "at": self._clock.now().isoformat(timespec="milliseconds"),
                "kind": kind,
                "subject": subject,
                "body": text,
                "previous": last.hash if last else GENESIS,
            }
            connection.execute(ENTRIES.insert().values(**entry, hash=entry_hash(entry)))

    def _alone(self, connection: Connection) -> None:
        """Keep a second writer of this node's chain waiting: SQLite locks at the start, PostgreSQL must be asked."""
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(self._node))))

    def entries(
        self, kind: str | None = None, subject: str | None = None, after: int = 0
    ) -> Iterator[Mapping[str, Any]]:
        """The bodies of matching entries past a number, oldest first, each with its number, at, kind and subject."""
        query = select(ENTRIES).where(ENTRIES.c.node == self._node, ENTRIES.c.number > after)
        if kind is not None:
            query = query.where(ENTRIES.c.kind == kind)
        if subject is not None:
            query = query.where(ENTRIES.c.subject == subject)
        with _told(), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.number)).mappings().all()
        for row in rows:
            about = {name: row[name] for name in ("number", "at", "kind", "subject")}
            yield {**json.loads(row["body"]), **about}

    def head(self) -> int:
        """The number of the newest entry; 0 when there is none."""
        query = select(ENTRIES.c.number).where(ENTRIES.c.node == self._node).order_by(ENTRIES.c.number.desc()).limit(1)
        with _told(), self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def verify(self) -> list[int]:
        """The numbers of the entries at which the chain does not hold."""
        query = select(ENTRIES).where(ENTRIES.c.node == self._node).order_by(ENTRIES.c.number)
        with _told(), self._engine.connect() as connection:
            return list(breaks(connection.execute(query).mappings().all()))

    def _newest(self, connection: Connection, kind: str, subject: str) -> str | None:
        """The body of the newest entry of a kind and subject; what held, then did not, then holds again is news."""
        query = select(ENTRIES.c.body).where(
            ENTRIES.c.node == self._node, ENTRIES.c.kind == kind, ENTRIES.c.subject == subject
        )
        return connection.execute(query.order_by(ENTRIES.c.number.desc()).limit(1)).scalar()


@contextmanager
def _told() -> Iterator[None]:
    """Say what an error of the database means; nothing was written then."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        raise FatalError(
            Text(
                f"台账无法读写：{reason}。请检查磁盘空间和数据库后重新运行，会从中断处继续。",
                f"The ledger cannot be read or written: {reason}. Check the disk and the database and run again; it "
                "goes on from where it stopped.",
            )
        ) from error


@contextmanager
def open_ledger(url: str) -> Iterator[Engine]:
    """The site's ledger database, open; each node's chain is a `NodeLedger` over it."""
    with _told():
        engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()
