"""The settings of a drop folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.readiness import Readiness, Ready


@dataclass(frozen=True, slots=True)
class DropFolderConfig:
    """A folder of the hub's own machine.

    `path` is absolute or under the site's home. A file is taken when it has stopped growing for `quiet_seconds`
    (`ready: quiet`) or when a file of its name and `marker` lies beside it (`ready: marker`). `remove_after_fetch`
    removes it, and its marker, once it is safe at the hub.
    """

    kind: Literal["dropfolder"]
    path: str
    ready: Ready = "quiet"
    marker: str = ".ok"
    quiet_seconds: float = 2.0
    remove_after_fetch: bool = False

    @property
    def readiness(self) -> Readiness:
        """When a file counts as whole."""
        return Readiness(self.ready, self.marker, self.quiet_seconds)
