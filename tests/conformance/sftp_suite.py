"""What an SFTP source must do beside what every source does: trust, sign-in, and a network that fails."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from source_suite import SourceSuite, drop, offered, the_offer

from connectors.registry import open_source
from exchange.errors import ConfigError, RetriableError
from exchange.model.connection import Connection
from exchange.ports import Source


def make_key(path: Path) -> str:
    """A new private key at a place; its public half as OpenSSH writes it."""
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    path.chmod(0o600)
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def sftp_source(connection: Connection, path: str, **settings: object) -> AbstractContextManager[Source]:
    return open_source(
        {"kind": "sftp", "connection": connection.id, "path": path, **settings},
        home=Path("/nonexistent"),
        connection={connection.id: connection}.__getitem__,
    )


class SftpSuite(SourceSuite):
    """Inherit, and define `connection` (how to sign in, rightly) and `path` (the folder's name on the server)."""

    @pytest.fixture(autouse=True)
    def connection(self) -> Connection:
        raise NotImplementedError

    def path(self, folder: Path) -> str:
        raise NotImplementedError

    def open(self, folder: Path, **settings: object) -> AbstractContextManager[Source]:
        return sftp_source(self.signed, self.path(folder), **settings)

    @pytest.fixture(autouse=True)
    def _remember(self, connection: Connection) -> None:
        self.signed = connection

    def refusal(self, connection: Connection, folder: Path) -> ConfigError:
        with pytest.raises(ConfigError) as raised, sftp_source(connection, self.path(folder)):
            pass
        return raised.value

    def test_another_host_key_is_refused_and_shown(self, folder: Path, tmp_path: Path) -> None:
        other = make_key(tmp_path / "other")
        error = self.refusal(replace(self.signed, host_key=other), folder)
        assert str(self.signed.host_key).split()[1] in error.text.zh

    def test_a_host_key_of_another_kind_is_refused(self, folder: Path) -> None:
        other = paramiko.ECDSAKey.generate()
        error = self.refusal(replace(self.signed, host_key=f"{other.get_name()} {other.get_base64()}"), folder)
        assert "公钥" in error.text.zh

    @pytest.mark.parametrize("host_key", [None, "", "ssh-ed25519", "ssh-ed25519 AAAA", "no key at all"])
    def test_without_a_host_key_nothing_is_sent(self, folder: Path, host_key: str | None) -> None:
        assert "host_key" in self.refusal(replace(self.signed, host_key=host_key), folder).text.zh

    def test_an_unknown_login_is_for_a_person_to_mend(self, folder: Path) -> None:
        assert "拒绝登录" in self.refusal(replace(self.signed, login="nobody-here"), folder).text.zh

    def test_a_wrong_key_is_for_a_person_to_mend(self, folder: Path, tmp_path: Path) -> None:
        make_key(tmp_path / "wrong")
        wrong = replace(self.signed, password=None, key_file=tmp_path / "wrong")
        assert "拒绝登录" in self.refusal(wrong, folder).text.zh

    def test_a_missing_key_file_is_for_a_person_to_mend(self, folder: Path, tmp_path: Path) -> None:
        missing = replace(self.signed, password=None, key_file=tmp_path / "missing")
        assert "私钥" in self.refusal(missing, folder).text.zh

    def test_a_closed_port_can_be_tried_again(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        away = replace(self.signed, port=port)
        with pytest.raises(RetriableError), sftp_source(away, self.path(folder)):
            pass

    def test_a_cut_transfer_goes_on_where_it_stopped(self, folder: Path, tmp_path: Path) -> None:
        content = random.Random(7).randbytes(3_000_000)
        drop(folder, "big.bin", content)
        target = tmp_path / "raw"
        with cutting(self.signed.port, after=1_500_000) as cut:
            behind = replace(self.signed, port=cut.port)
            with sftp_source(behind, self.path(folder)) as source:
                offer = the_offer(source, "big.bin")
                with pytest.raises(RetriableError):
                    source.fetch(offer, target)
        assert not target.exists()
        held = (tmp_path / "raw.part").stat().st_size
        assert 200_000 < held < 1_500_000
        with cutting(self.signed.port, after=None) as counted:
            behind = replace(self.signed, port=counted.port)
            with sftp_source(behind, self.path(folder)) as source:
                source.fetch(the_offer(source, "big.bin"), target)
        assert target.read_bytes() == content
        assert counted.passed < len(content) - held + 100_000

    def test_a_cut_while_listing_can_be_tried_again(self, folder: Path) -> None:
        for number in range(400):
            drop(folder, f"{number:03}-{'x' * 60}.csv")
        with cutting(self.signed.port, after=12_000) as cut:
            behind = replace(self.signed, port=cut.port)
            with pytest.raises(RetriableError), sftp_source(behind, self.path(folder)) as source:
                list(source.offers())

    def test_many_files_are_all_listed(self, folder: Path) -> None:
        names = [f"{number:04}.csv" for number in range(500)]
        for name in names:
            drop(folder, name)
        with self.open(folder) as source:
            assert offered(source) == names


class Cut:
    """A wire to a server that breaks after so many bytes have come from it."""

    def __init__(self, listener: socket.socket, after: int | None) -> None:
        self.port: int = listener.getsockname()[1]
        self.after = after
        self.passed = 0


@contextmanager
def cutting(server_port: int, *, after: int | None) -> Iterator[Cut]:
    """A proxy before a server on loopback, for one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        cut = Cut(listener, after)
        thread = threading.Thread(target=_carry, args=(listener, server_port, cut))
        thread.start()
        yield cut
        listener.close()
        thread.join()


def _carry(listener: socket.socket, server_port: int, cut: Cut) -> None:
    client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", server_port)) as server:
        upward = threading.Thread(target=_copy, args=(client, server))
        upward.start()
        while data := _received(server):
            if cut.after is not None and cut.passed + len(data) > cut.after:
                break
            cut.passed += len(data)
            client.sendall(data)
        _shut(server, socket.SHUT_RDWR)
        _shut(client, socket.SHUT_WR)  # what was sent still arrives; a reset would throw it away
        upward.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    while data := _received(source):
        with suppress(OSError):  # after the cut it goes nowhere
            target.sendall(data)
    _shut(target, socket.SHUT_RDWR)


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(1 << 15)
    except OSError:
        return b""


def _shut(end: socket.socket, how: int) -> None:
    with suppress(OSError):
        end.shutdown(how)
