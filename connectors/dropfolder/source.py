"""A drop folder as a source."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from connectors.dropfolder.config import DropFolderConfig
from connectors.partial import Part, changed
from connectors.readiness import Seen, is_forbidden
from exchange.errors import ConfigError, RetriableError
from exchange.model.connection import Connection
from exchange.model.offer import Offer, Withheld
from exchange.text import Text

_BLOCK = 1 << 20


@contextmanager
def opened(
    config: DropFolderConfig,
    *,
    home: Path,
    connection: Callable[[str], Connection],  # noqa: ARG001 - a folder needs none
) -> Iterator[DropFolderSource]:
    """The source, open within `with`."""
    yield DropFolderSource(home / config.path, config)


class DropFolderSource:
    """What lies in one folder. Its subfolders are not looked into, its links not followed."""

    def __init__(self, folder: Path, config: DropFolderConfig) -> None:
        self._folder = folder
        self._config = config

    def offers(self) -> list[Offer | Withheld]:
        """Every file in name order. ConfigError when there is no such folder."""
        with self._told():
            return self._config.readiness.judge(self._look)

    def fetch(self, offer: Offer, target: Path) -> None:
        """Copy the file whole, or raise RetriableError when it is not what was offered."""
        part = Part(target, offer)
        stream = self._open(offer)
        if stream is None:
            part.discard()
            raise changed(offer)
        with stream, part.open() as copy:
            for block in self._blocks(stream, copy.tell()):
                copy.write(block)
        part.finish(unchanged=not self._is_other(offer))

    def settle(self, offer: Offer) -> None:
        """Remove the file if the contract says so, and only if it is still the one that was fetched."""
        if not self._config.remove_after_fetch or self._is_other(offer):
            return
        # The marker goes first: one that is left behind would call the next file of that name whole too early.
        markers = [offer.name + self._config.marker] if self._config.ready == "marker" else []
        for name in (*markers, offer.name):
            with self._told():
                self._path(name).unlink(missing_ok=True)

    def _look(self) -> list[Seen]:
        with os.scandir(self._folder) as entries:
            seen = (_seen(entry) for entry in entries)
            return [each for each in seen if each is not None]

    def _path(self, name: str) -> Path:
        if is_forbidden(name):  # no offer has such a name; a path is not built from it all the same
            raise ConfigError(
                Text("文件名含有不允许的字符，没有读取。", "The file's name is not allowed; it was not read.")
            )
        return self._folder / name

    def _open(self, offer: Offer) -> BinaryIO | None:
        """The file that was offered, open; None when there is another one, or none."""
        with self._told():
            try:
                stream = open(self._path(offer.name), "rb", opener=_without_following)  # noqa: SIM115 - the caller closes it
            except OSError as error:
                if error.errno in {errno.ENOENT, errno.ELOOP}:
                    return None
                raise
        if _differs(os.fstat(stream.fileno()), offer):
            stream.close()
            return None
        return stream

    def _blocks(self, stream: BinaryIO, start: int) -> Iterator[bytes]:
        with self._told():
            stream.seek(start)
            while block := stream.read(_BLOCK):
                yield block

    def _is_other(self, offer: Offer) -> bool:
        """Whether the folder now holds another file under that name, or none."""
        try:
            return _differs(self._path(offer.name).lstat(), offer)
        except FileNotFoundError:
            return True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what an error of the folder means and what to do."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ConfigError(
                Text(
                    f"投放目录“{self._folder}”不存在。请建立该目录或修改来源约定中的 path。",
                    f"The drop folder {self._folder} does not exist. Make it, or mend `path` in the contract.",
                )
            ) from error
        except PermissionError as error:
            raise ConfigError(
                Text(
                    f"没有权限读写投放目录“{self._folder}”。请把权限授予运行交换系统的用户。",
                    f"The drop folder {self._folder} may not be used. Grant it to the user that runs the hub.",
                )
            ) from error
        except OSError as error:
            raise RetriableError(
                Text(
                    f"读取投放目录“{self._folder}”时出错（{error.strerror}），稍后自动重试。",
                    f"The drop folder {self._folder} could not be read ({error.strerror}); it will be tried again.",
                )
            ) from error


def _without_following(path: str, flags: int) -> int:
    """Open what stands there itself: no link is followed, and a pipe does not make us wait."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _differs(status: os.stat_result, offer: Offer) -> bool:
    return not stat.S_ISREG(status.st_mode) or (status.st_size, status.st_mtime_ns) != (offer.size, offer.mtime_ns)


def _seen(entry: os.DirEntry[str]) -> Seen | None:
    """One entry as it stands; None for a folder, and for what has gone meanwhile."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return None
    return Seen(entry.name, status.st_size, status.st_mtime_ns, stat.S_ISREG(status.st_mode))
