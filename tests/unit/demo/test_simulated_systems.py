from __future__ import annotations

import socket
from pathlib import Path

import paramiko
import pytest

from exchange.demo.access import read_connections, write_connections
from exchange.demo.systems import simulated_systems
from exchange.model.connection import Connection
from exchange.model.folders import Home
from exchange.settings import read_connections as connections_of


def listing(connection: Connection) -> list[str]:
    """What the server shows to a login, after it has shown the host key that the connection holds."""
    transport = paramiko.Transport((connection.host, connection.port))
    try:
        key = paramiko.Ed25519Key.from_private_key_file(str(connection.key_file)) if connection.key_file else None
        transport.start_client(timeout=10)
        shown = transport.get_remote_server_key()
        assert f"{shown.get_name()} {shown.get_base64()}" == connection.host_key
        if key is not None:
            transport.auth_publickey(connection.login, key)
        else:
            transport.auth_password(connection.login, connection.password or "")
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        return sorted(client.listdir("/out"))
    finally:
        transport.close()


@pytest.fixture
def port(tiny: Path) -> int:
    """A port that was free a moment ago, set in the demo's connections."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free: int = probe.getsockname()[1]
    secrets = tiny / "secrets"
    write_connections(secrets, {name: {**each, "port": free} for name, each in read_connections(secrets).items()})
    return free


@pytest.mark.parametrize("login", ["sz-scjg", "nj-rs"])
def test_a_login_sees_its_own_files(tiny: Path, port: int, login: str) -> None:
    with simulated_systems(tiny):
        connection = connections_of(Home(tiny))[login]
        assert connection.port == port
        assert listing(connection) == sorted(
            path.name for path in (tiny / "systems" / "sftp" / login / "out").iterdir()
        )
    with pytest.raises(ConnectionRefusedError), socket.create_connection((connection.host, port), timeout=2):
        pass


def test_a_port_that_is_taken_is_replaced(tiny: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), simulated_systems(tiny):
        connection = connections_of(Home(tiny))["nj-rs"]
        assert connection.port != port
        assert listing(connection)
