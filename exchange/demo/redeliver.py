"""The second round: every department delivers the same bytes once more."""

from __future__ import annotations

import os
import re
from pathlib import Path

from exchange.demo.layout import SYSTEMS
from exchange.demo.make import MARKER, delivery_folder

_AGAIN = re.compile(r"(?:-重报(?P<round>[0-9]+))?$")
_DAY = 86_400


def redeliver(folder: Path) -> None:
    """Give every delivered file a new name (`…-重报1`, `…-重报2`) and a newer time, so that it is a delivery anew.

    The bytes stay as they are. What a source has removed after fetching cannot be sent again.
    """
    for system in SYSTEMS:
        ending = f".{system.form.extension}"
        for path in sorted(delivery_folder(folder, system).glob(f"*{ending}")):
            status = path.stat()
            again = path.with_name(_next_name(path.name.removesuffix(ending)) + ending)
            path.rename(again)
            os.utime(again, (status.st_atime + _DAY, status.st_mtime + _DAY))
            marker = path.with_name(path.name + MARKER)
            if marker.exists():
                marker.rename(again.with_name(again.name + MARKER))


def _next_name(stem: str) -> str:
    found = _AGAIN.search(stem)
    number = int(found["round"] or 0) if found else 0
    return f"{_AGAIN.sub('', stem)}-重报{number + 1}"
