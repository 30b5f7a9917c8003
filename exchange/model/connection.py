"""Where a system is and how to sign in to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Connection:
    """An address and its secrets, as an Airflow Connection or the site's secrets file holds them.

    `host_key` is an OpenSSH public key ("ssh-ed25519 AAAA…"): the only one the server may show. Secrets are left out
    of the repr, so that no log can hold them.
    """

    id: str
    host: str
    port: int
    login: str
    password: str | None = field(default=None, repr=False)
    key_file: Path | None = None
    host_key: str | None = None
