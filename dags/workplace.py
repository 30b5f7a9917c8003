"""What every task works in: the node's workplace, with Airflow's connections; and how it speaks in its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from exchange.flows.workplace import Workplace
    from exchange.model.connection import Connection


def workplace(code: str) -> AbstractContextManager[Workplace]:
    """The node's workplace, with addresses and secrets from Airflow's connections where it has them."""
    from contextlib import contextmanager

    from exchange.settings import read_settings
    from exchange.wiring import open_hub

    @contextmanager
    def opened() -> Iterator[Workplace]:
        settings = read_settings()
        with open_hub(settings, _connection) as hub, _spoken_errors():
            yield hub.workplace(code)

    return opened()


def say(text: str, counts: dict[str, int]) -> None:
    """One line in the task's log that says what came of it."""
    import logging

    logging.getLogger("hub").info("%s %s", text, counts)


def _connection(name: str) -> Connection:
    """An Airflow connection as the hub's own; the site's secrets file when Airflow has none of this name."""
    from pathlib import Path

    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    from exchange.model.connection import Connection
    from exchange.settings import find_connection, read_settings

    try:
        found = BaseHook.get_connection(name)
    except AirflowNotFoundException:
        return find_connection(read_settings().home, name)
    extra = found.extra_dejson
    key_file = extra.get("key_file")
    return Connection(
        id=name,
        host=found.host or "",
        port=found.port or 22,
        login=found.login or "",
        password=found.password,
        key_file=Path(key_file) if key_file else None,
        host_key=extra.get("host_key"),
    )


def _spoken_errors() -> AbstractContextManager[None]:
    """Say in the log, in plain words and last, why a task fails."""
    import logging
    from contextlib import contextmanager

    from exchange.errors import HubError

    @contextmanager
    def spoken() -> Iterator[None]:
        try:
            yield
        except HubError as error:
            logging.getLogger("hub").error("失败原因 Reason: %s", error.text.both())  # noqa: TRY400 - words, not a trace
            raise

    return spoken()
