"""The SFTP source against OpenSSH's own server."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sftp_suite import SftpSuite, make_key

from exchange.model.connection import Connection

SSHD = Path("/usr/sbin/sshd")

CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {home}/host-key
AuthorizedKeysFile {home}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
"""


@pytest.mark.sshd
@pytest.mark.skipif(not SSHD.exists(), reason="OpenSSH's sshd is not installed (Debian: openssh-server)")
class TestSftpAgainstOpenSsh(SftpSuite):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "办件"
        folder.mkdir()
        return folder

    def path(self, folder: Path) -> str:
        return str(folder)

    @pytest.fixture(autouse=True)
    def connection(self, tmp_path: Path) -> Iterator[Connection]:
        home = tmp_path / "sshd"
        home.mkdir()
        host_key = make_key(home / "host-key")
        (home / "authorized").write_text(make_key(home / "client-key") + "\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (home / "config").write_text(CONFIG.format(port=port, home=home))
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # what its service file does
        command = [SSHD, "-D", "-E", home / "log", "-f", home / "config"]
        with subprocess.Popen(command) as server:
            try:
                wait_for(port, server)
                yield Connection(
                    "openssh", "127.0.0.1", port, getpass.getuser(), key_file=home / "client-key", host_key=host_key
                )
            finally:
                server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("sshd did not start")
