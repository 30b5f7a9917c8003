"""A GB18030 file made UTF-8, strictly, in two threads and bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from connectors.formats.gb18030 import Converter, fastest
from connectors.formats.limits import CHUNK
from connectors.formats.sight import PART, Sight

_THREADS = 2
_AHEAD = 4
"""So many parts may wait to be written."""


def to_utf8(path: Path, target: Path, sight: Sight) -> bool:
    """Write a GB18030 file as UTF-8, looking at its bytes on the way; False when it is not sound or needs care.

    What is at `target` is of use only when the answer is True.
    """
    with ExitStack() as stack:
        source, out = stack.enter_context(path.open("rb")), stack.enter_context(target.open("wb"))
        spare = stack.enter_context(_converters())
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS))
        waiting: deque[Future[bytes | None]] = deque()
        for lines in _parts(source):
            if len(lines) > CHUNK or not sight.take(lines, len(lines)):
                return False
            waiting.append(pool.submit(_with_spare, spare, lines))
            if len(waiting) > _AHEAD and not _write(waiting.popleft(), out):
                return False
        return all(_write(done, out) for done in waiting)


def _parts(source: BinaryIO) -> Iterator[bytes]:
    """The file in parts of whole lines."""
    while part := source.read(PART):
        yield part + source.readline(CHUNK)


def _write(done: Future[bytes | None], out: BinaryIO) -> bool:
    text = done.result()
    if text is not None:
        out.write(text)
    return text is not None


def _with_spare(spare: SimpleQueue[Converter], lines: bytes) -> bytes | None:
    converter = spare.get()
    try:
        return converter.convert(lines)
    finally:
        spare.put(converter)


@contextmanager
def _converters() -> Iterator[SimpleQueue[Converter]]:
    spare: SimpleQueue[Converter] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(_THREADS):
            spare.put(stack.enter_context(fastest()))
        yield spare
