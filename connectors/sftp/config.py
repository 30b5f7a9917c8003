"""The settings of an SFTP source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.readiness import Readiness, Ready


@dataclass(frozen=True, slots=True)
class SftpConfig:
    """A folder on an SFTP server.

    `connection` is the id of the connection that holds address and secrets, `path` the folder on the server.
    `ready`, `marker` and `quiet_seconds` say when a file is whole, as for a drop folder. `remove_after_fetch` removes
    it from the server, with its marker, once it is safe at the hub.
    """

    kind: Literal["sftp"]
    connection: str
    path: str = "."
    ready: Ready = "quiet"
    marker: str = ".ok"
    quiet_seconds: float = 2.0
    remove_after_fetch: bool = False

    @property
    def readiness(self) -> Readiness:
        """When a file counts as whole."""
        return Readiness(self.ready, self.marker, self.quiet_seconds)
