"""The uplink within a site: a folder that both ends reach, where files appear by atomic rename."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exchange.files import copy, put
from exchange.model.package import Channel


class DirectoryUplink:
    """Packages in `<channel>/packages`, receipts in `<channel>/receipts`; names with a dot first are unfinished."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def send(self, channel: Channel, name: str, content: Path) -> None:
        """Put a package at the receiver's door, whole or not at all; a second time does nothing."""
        target = self._packages(channel) / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy(content, target)

    def waiting(self, channel: Channel) -> Iterator[str]:
        """The names of the packages at the receiver's door, in order of name."""
        yield from _names(self._packages(channel))

    def fetch(self, channel: Channel, name: str, target: Path) -> None:
        """Bring one waiting package to `target`."""
        copy(self._packages(channel) / name, target)

    def done(self, channel: Channel, name: str) -> None:
        """The package was taken in: it need not wait any longer."""
        (self._packages(channel) / name).unlink(missing_ok=True)

    def answer(self, channel: Channel, name: str, receipt: bytes) -> None:
        """Leave the receipt of a package for its sender, whole or not at all."""
        put(self._receipts(channel) / f"{name}.json", receipt)

    def answers(self, channel: Channel) -> Iterator[tuple[str, bytes]]:
        """The receipts that the receiver has left, by package name."""
        for name in _names(self._receipts(channel)):
            yield name.removesuffix(".json"), (self._receipts(channel) / name).read_bytes()

    def settled(self, channel: Channel, name: str) -> None:
        """The receipt was taken in: it need not wait any longer."""
        (self._receipts(channel) / f"{name}.json").unlink(missing_ok=True)

    def _packages(self, channel: Channel) -> Path:
        return self._root / channel.name / "packages"

    def _receipts(self, channel: Channel) -> Path:
        return self._root / channel.name / "receipts"


def _names(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
