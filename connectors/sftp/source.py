"""A folder on an SFTP server as a source."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paramiko import SFTPAttributes

from connectors.partial import Part, changed
from connectors.readiness import Seen, is_forbidden
from connectors.sftp.client import SftpClient
from connectors.sftp.config import SftpConfig
from connectors.sftp.session import answered, session
from exchange.errors import ConfigError
from exchange.model.connection import Connection
from exchange.model.offer import Offer, Withheld
from exchange.text import Text


@contextmanager
def opened(
    config: SftpConfig,
    *,
    home: Path,  # noqa: ARG001 - the folder is on the server
    connection: Callable[[str], Connection],
) -> Iterator[SftpSource]:
    """The source, signed in within `with`."""
    place = connection(config.connection)
    with session(place) as client:
        yield SftpSource(client, config, place)


class SftpSource:
    """What lies in one folder of the server. Its subfolders are not looked into, its links not followed."""

    def __init__(self, client: SftpClient, config: SftpConfig, connection: Connection) -> None:
        self._client = client
        self._config = config
        self._connection = connection

    def offers(self) -> list[Offer | Withheld]:
        """Every file in name order. ConfigError when there is no such folder."""
        with self._told():
            return self._config.readiness.judge(self._look)

    def fetch(self, offer: Offer, target: Path) -> None:
        """Bring the file whole, going on where a cut stopped it; RetriableError when it is not what was offered."""
        part = Part(target, offer)
        if self._is_other(offer):
            part.discard()
            raise changed(offer)
        with part.open() as copy:
            for block in self._blocks(offer, copy.tell()):
                copy.write(block)
        part.finish(unchanged=not self._is_other(offer))

    def settle(self, offer: Offer) -> None:
        """Remove the file if the contract says so, and only if it is still the one that was fetched."""
        if not self._config.remove_after_fetch or self._is_other(offer):
            return
        # The marker goes first: one that is left behind would call the next file of that name whole too early.
        markers = [offer.name + self._config.marker] if self._config.ready == "marker" else []
        for name in (*markers, offer.name):
            self._remove(name)

    def _look(self) -> list[Seen]:
        entries = self._client.entries(self._config.path)
        return [_seen(name, status) for name, status in entries if not stat.S_ISDIR(status.st_mode or 0)]

    def _path(self, name: str) -> str:
        if is_forbidden(name):  # no offer has such a name; a path is not built from it all the same
            raise ConfigError(
                Text("文件名含有不允许的字符，没有读取。", "The file's name is not allowed; it was not read.")
            )
        return posixpath.join(self._config.path, name)

    def _blocks(self, offer: Offer, start: int) -> Iterator[bytes]:
        with self._told(offer), self._client.open(self._path(offer.name), "rb") as file:
            yield from self._client.blocks(file, start, offer.size)

    def _is_other(self, offer: Offer) -> bool:
        """Whether the server now holds another file under that name, or none."""
        try:
            with answered(self._connection):
                status = self._client.lstat(self._path(offer.name))
        except FileNotFoundError:
            return True
        seen = _seen(offer.name, status)
        return not seen.is_file or (seen.size, seen.mtime_ns) != (offer.size, offer.mtime_ns)

    def _remove(self, name: str) -> None:
        with self._told():
            try:
                self._client.remove(self._path(name))
            except FileNotFoundError:
                return

    @contextmanager
    def _told(self, offer: Offer | None = None) -> Iterator[None]:
        """Say what the server's refusal means and what to do."""
        host, folder = self._connection.host, self._config.path
        try:
            with answered(self._connection):
                yield
        except FileNotFoundError as error:
            if offer is not None:
                raise changed(offer) from error
            raise ConfigError(
                Text(
                    f"服务器 {host} 上没有目录“{folder}”。请建立该目录或修改来源约定中的 path。",
                    f"The server {host} has no folder {folder}. Make it, or mend `path` in the contract.",
                )
            ) from error
        except PermissionError as error:
            raise ConfigError(
                Text(
                    f"服务器 {host} 不允许在目录“{folder}”中读取或删除。请对方授权给用户 {self._connection.login}。",
                    f"The server {host} does not let us read or remove in {folder}. Have it granted to"
                    f" the user {self._connection.login}.",
                )
            ) from error


def _seen(name: str, status: SFTPAttributes) -> Seen:
    """The entry as the server tells it; a server that tells no mode is taken to show files."""
    is_file = status.st_mode is None or stat.S_ISREG(status.st_mode)
    return Seen(name, status.st_size or 0, (status.st_mtime or 0) * 1_000_000_000, is_file)
