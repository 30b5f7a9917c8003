"""The demo's secrets: host key, passwords and keys of its SFTP server, made when the demo is made."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from exchange.demo.layout import SYSTEMS, System
from exchange.files import put

HOST = "127.0.0.1"
PORT = 20222
CONNECTIONS = "connections.yaml"
HOST_KEY = "sftp_host_key"


def write_secrets(folder: Path) -> None:
    """`connections.yaml` (as Airflow's local secrets backend reads it), the host key and the clients' keys, all 0600.

    What is there already stays: a demo that is made anew keeps its keys. These are real secrets, so they do not come
    from the demo's seed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    host_key = _public(_key(folder / HOST_KEY))
    connections = read_connections(folder)
    for system in SYSTEMS:
        if system.way.startswith("sftp") and system.id not in connections:
            connections[system.id] = _connection(folder, system, host_key)
    write_connections(folder, connections)


def read_connections(folder: Path) -> dict[str, dict[str, Any]]:
    """The connections by id; none when there is no file yet."""
    path = folder / CONNECTIONS
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


def write_connections(folder: Path, connections: dict[str, dict[str, Any]]) -> None:
    """Put the file in place, whole or not at all."""
    text = yaml.safe_dump(connections, allow_unicode=True, sort_keys=True)
    put(folder / CONNECTIONS, text.encode(), mode=0o600)


def public_key(folder: Path, login: str) -> str:
    """The public key with which a login signs in ("ssh-ed25519 AAAA…")."""
    return _public(_key(folder / f"{login}_key"))


def _connection(folder: Path, system: System, host_key: str) -> dict[str, Any]:
    extra = {"host_key": host_key, "no_host_key_check": "false"}
    connection = {"conn_type": "sftp", "host": HOST, "port": PORT, "login": system.id, "extra": extra}
    if system.way == "sftp-password":
        return {**connection, "password": secrets.token_urlsafe(18)}
    public_key(folder, system.id)
    return {**connection, "extra": {**extra, "key_file": str((folder / f"{system.id}_key").resolve())}}


def _key(path: Path) -> Path:
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        put(path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()), mode=0o600)
    return path


def _public(path: Path) -> str:
    from_file = load_ssh_private_key(path.read_bytes(), None)
    return from_file.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
