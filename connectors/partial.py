"""A file on its way in: a part that a cut leaves behind and that the next attempt goes on with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from exchange.errors import RetriableError
from exchange.files import sync_folder
from exchange.model.offer import Offer
from exchange.text import Text


class Part:
    """The part of one offer's file beside its target. A part of another offer is thrown away.

    `<target>.part` holds the bytes, `<target>.part.json` the offer to which they belong; the target itself appears
    whole, at the end.
    """

    def __init__(self, target: Path, offer: Offer) -> None:
        self._target = target
        self._offer = offer
        self._bytes = target.with_name(target.name + ".part")
        self._owner = target.with_name(target.name + ".part.json")

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The part, open at its end. On disk when the block is left, however it is left."""
        if not self._is_ours():
            self.discard()
            self._target.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(self._owner, json.dumps(asdict(self._offer)).encode())
        with self._bytes.open("ab") as stream:
            try:
                yield stream
            finally:
                stream.flush()
                os.fsync(stream.fileno())

    def finish(self, *, unchanged: bool) -> None:
        """Make the part the target; when it is not the file that was offered, drop it and raise RetriableError."""
        if not unchanged or self._bytes.stat().st_size != self._offer.size:
            self.discard()
            raise changed(self._offer)
        self._bytes.replace(self._target)
        self._owner.unlink()
        sync_folder(self._target.parent)

    def discard(self) -> None:
        """Leave nothing behind."""
        for path in (self._bytes, self._owner):
            with suppress(FileNotFoundError):
                path.unlink()

    def _is_ours(self) -> bool:
        try:
            owner = json.loads(self._owner.read_bytes())
            return bool(owner == asdict(self._offer)) and self._bytes.stat().st_size <= self._offer.size
        except (FileNotFoundError, ValueError):
            return False


def changed(offer: Offer) -> RetriableError:
    """The error for a file that is no longer what was offered."""
    return RetriableError(
        Text(
            f"文件“{offer.name}”在读取期间被修改或移走，本次不取，下次重新读取。",
            f"The file {offer.name} was changed or moved while it was fetched; it will be fetched again next time.",
        )
    )


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
