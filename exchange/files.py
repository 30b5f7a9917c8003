"""Files that appear whole or not at all, and stay after a power cut."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def sync_file(path: Path) -> None:
    """Have a file's content on disk."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def sync_folder(path: Path) -> None:
    """Have a folder's entries on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(target: Path, content: bytes, mode: int = 0o640) -> None:
    """Write a file, whole or not at all, and never for a moment with wider permissions than `mode`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
    move(temporary, target)


def put_new(target: Path, content: bytes, mode: int = 0o640) -> None:
    """Write a file unless there is one; of two processes that do so at once, the first wins."""
    candidate = target.with_name(f".{target.name}.{os.getpid()}.new")
    put(candidate, content, mode)
    with suppress(FileExistsError):
        target.hardlink_to(candidate)
    candidate.unlink()
    sync_folder(target.parent)


def copy(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.copyfile(source, temporary)
    move(temporary, target)


def move(source: Path, target: Path) -> None:
    """Give a finished file or folder its name, in place of what had it."""
    if source.is_file():
        sync_file(source)
    source.replace(target)
    sync_folder(target.parent)
