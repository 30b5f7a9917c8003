"""Where a site keeps what: pure path arithmetic over the site's home folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """One node's own folder."""

    root: Path

    @property
    def store(self) -> Path:
        """The node's DuckDB store; one process writes it at a time."""
        return self.root / "store.duckdb"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write the node's store."""
        return self.root / "writer.lock"

    @property
    def incoming(self) -> Path:
        """Files on their way in; what lies here has not been recorded yet."""
        return self.root / "incoming"

    @property
    def snapshots(self) -> Path:
        """The published snapshots and `current`, the link to the newest."""
        return self.root / "snapshots"

    @property
    def outbox(self) -> Path:
        """The packages that the node has sealed, kept."""
        return self.root / "packages" / "out"

    def inbox(self, sender: str) -> Path:
        """The packages that a child, or the parent, has sent, kept."""
        return self.root / "packages" / "in" / sender

    def batch(self, batch: str) -> BatchFolder:
        """The folder of one batch, by its id."""
        return BatchFolder(self.root / "batches" / batch[:2] / batch)

    def receipts(self, source: str) -> Path:
        """What a source is told: its receipts and error slips. Nothing of another source lies here."""
        return self.root / "receipts" / source


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """What is kept of one batch."""

    root: Path

    @property
    def raw(self) -> Path:
        """The department's file as it came, under its own name or a safe form of it."""
        return self.root / "raw"

    @property
    def checked(self) -> Path:
        """The outcome of the check; there only when it is complete."""
        return self.root / "checked"

    def raw_file(self) -> Path:
        """The one file in `raw`; FileNotFoundError when the batch was never recorded."""
        for path in self.raw.iterdir():
            return path
        raise FileNotFoundError(self.raw)


@dataclass(frozen=True, slots=True)
class Home:
    """A site's home folder."""

    root: Path

    @property
    def config(self) -> Path:
        """`site.yaml` and the source contracts."""
        return self.root / "config"

    @property
    def secrets(self) -> Path:
        """Connections and private keys; 0700."""
        return self.root / "secrets"

    @property
    def ledger(self) -> Path:
        """The site's ledger, unless a database URL is set."""
        return self.root / "ledger.sqlite"

    @property
    def uplink(self) -> Path:
        """The directory uplink between the nodes of this site."""
        return self.root / "uplink"

    @property
    def nodes(self) -> Path:
        """The folders of all nodes; 0700, for they hold personal data."""
        return self.root / "nodes"

    def node(self, code: str) -> NodeFolder:
        """One node's folder."""
        return NodeFolder(self.nodes / code)
