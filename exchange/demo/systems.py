"""The departments' own systems, running for as long as the demo does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exchange.demo.access import HOST, HOST_KEY, public_key, read_connections, write_connections
from exchange.endpoints.sftp_server import Account, SftpServer


@contextmanager
def simulated_systems(folder: Path) -> Iterator[None]:
    """Run the demo's SFTP server on loopback within `with`, on the port that `connections.yaml` names.

    When that port is taken, a free one is used and written into `connections.yaml`.
    """
    secrets = folder / "secrets"
    connections = read_connections(secrets)
    accounts = {login: _account(folder, login, entry) for login, entry in connections.items()}
    wanted = next((int(entry["port"]) for entry in connections.values()), 0)
    with SftpServer(accounts, secrets / HOST_KEY, HOST, _free(wanted)) as server:
        if server.port != wanted:
            write_connections(secrets, {name: {**entry, "port": server.port} for name, entry in connections.items()})
        yield


def _account(folder: Path, login: str, entry: dict[str, Any]) -> Account:
    root = folder / "systems" / "sftp" / login
    if "password" in entry:
        return Account(root, password=entry["password"])
    return Account(root, public_key=public_key(folder / "secrets", login))


def _free(port: int) -> int:
    """The port if nobody listens there, else 0, which takes any free one."""
    try:
        with socket.create_server((HOST, port)):
            return port
    except OSError:
        return 0
