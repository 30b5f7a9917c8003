"""A lock file that one process holds at a time; the system gives it back when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange.errors import RetriableError
from exchange.text import Text

SECONDS = 60.0


@contextmanager
def exclusive(lock: Path, busy: Text) -> Iterator[None]:
    """Hold the lock within `with`; RetriableError with the text `busy` when another keeps it for a minute."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("a") as handle:
        deadline = time.monotonic() + SECONDS
        while not _taken(handle.fileno()):
            if time.monotonic() > deadline:
                raise RetriableError(busy)
            time.sleep(0.1)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
