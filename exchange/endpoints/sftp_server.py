"""A small SFTP server: each account sees its own folder and nothing else."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import compare_digest
from types import TracebackType
from typing import Self

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED

from exchange.endpoints.rooted_files import RootedFiles

_POLL_SECONDS = 0.2
_CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in, how, and to which folder.

    `public_key` is an OpenSSH public key ("ssh-ed25519 AAAA…"). A `read_only` account can fetch but change nothing.
    """

    root: Path
    password: str | None = field(default=None, repr=False)
    public_key: str | None = None
    read_only: bool = False


class SftpServer:
    """A server that runs within `with`; `port` is where it listens (port 0 takes a free one).

    A host key is made when there is none at `host_key`.
    """

    def __init__(self, accounts: Mapping[str, Account], host_key: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        self._accounts = dict(accounts)
        self._key = _host_key(host_key)
        self._address = (host, port)
        self._listener: socket.socket | None = None
        self._transports: set[paramiko.Transport] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._acceptor = threading.Thread(target=self._accept, name="sftp-server", daemon=True)

    @property
    def port(self) -> int:
        """The port on which the server listens."""
        if self._listener is None:
            raise RuntimeError("the server listens within `with` only")
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def host_key(self) -> str:
        """The server's public key as clients must know it ("ssh-ed25519 AAAA…")."""
        return f"{self._key.get_name()} {self._key.get_base64()}"

    def __enter__(self) -> Self:
        self._listener = socket.create_server(self._address)
        self._listener.settimeout(_POLL_SECONDS)
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._listener is not None:
            with suppress(OSError):  # wakes the acceptor at once where the system allows it
                self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(_CLOSE_SECONDS)
        if self._listener is not None:
            self._listener.close()
        with self._lock:
            transports = list(self._transports)
        for transport in transports:
            transport.close()
        for transport in transports:
            transport.join(_CLOSE_SECONDS)

    def _accept(self) -> None:
        while not self._stopping.is_set() and self._listener is not None:
            try:
                connected, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:  # the listener was closed
                return
            self._serve(connected)

    def _serve(self, connected: socket.socket) -> None:
        transport = paramiko.Transport(connected)
        transport.add_server_key(self._key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, RootedFiles)
        with self._lock:
            self._transports = {each for each in self._transports if each.is_alive()} | {transport}
        with suppress(paramiko.SSHException, EOFError, OSError):  # who connects and does not speak SSH is let go
            # With an event it returns at once, so that one client's slow hello does not keep the others waiting.
            transport.start_server(event=threading.Event(), server=_Guard(self._accounts))


class _Guard(paramiko.ServerInterface):
    """Lets accounts in, to SFTP alone."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self.account: Account | None = None

    @property
    def root(self) -> Path:
        """The folder of who signed in."""
        if self.account is None:
            raise PermissionError("nobody has signed in")
        return self.account.root

    @property
    def read_only(self) -> bool:
        """Whether who signed in may change nothing."""
        return self.account is None or self.account.read_only

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - the same for every name: names are not told
        """What can be tried."""
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        """Whether the password is the account's."""
        account = self._accounts.get(username)
        if account is None or account.password is None:
            return AUTH_FAILED
        return self._enter(account, passed=compare_digest(account.password.encode(), password.encode()))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Whether the key is the account's; that the client holds it is proved by the transport."""
        account = self._accounts.get(username)
        if account is None or account.public_key is None:
            return AUTH_FAILED
        return self._enter(account, passed=account.public_key.split()[:2] == [key.get_name(), key.get_base64()])

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - paramiko's signature
        """Only sessions: no forwarding."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def _enter(self, account: Account, *, passed: bool) -> int:
        if passed:
            self.account = account
        return AUTH_SUCCESSFUL if passed else AUTH_FAILED


def _host_key(path: Path) -> paramiko.PKey:
    """The key at a place; a new Ed25519 key, readable by its owner alone, when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    return paramiko.PKey.from_path(path)
