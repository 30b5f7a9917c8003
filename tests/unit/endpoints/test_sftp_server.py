"""The SFTP server: an account reaches its own folder and nothing else, and can do there what it may."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import paramiko
import pytest

from exchange.endpoints.sftp_server import Account, SftpServer

PASSWORD = "口令"
Client = Callable[..., AbstractContextManager[paramiko.SFTPClient]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "accounts" / "minzheng"
    root.mkdir(parents=True)
    (root / "办件.csv").write_bytes(b"a,b\n1,2\n")
    (root.parent / "secret.txt").write_bytes(b"secret")
    return root


@pytest.fixture
def server(root: Path, tmp_path: Path) -> Iterator[SftpServer]:
    accounts = {
        "minzheng": Account(root, password="口令"),
        "reader": Account(root, password="口令", read_only=True),
        "keyless": Account(root),
    }
    with SftpServer(accounts, tmp_path / "keys" / "host") as server:
        yield server


@pytest.fixture
def client(server: SftpServer) -> Client:
    @contextmanager
    def opened(login: str = "minzheng", password: str = PASSWORD) -> Iterator[paramiko.SFTPClient]:
        with socket.create_connection(("127.0.0.1", server.port)) as wire, paramiko.Transport(wire) as transport:
            transport.connect(username=login, password=password)
            sftp = paramiko.SFTPClient.from_transport(transport)
            assert sftp is not None
            with sftp:
                yield sftp

    return opened


def test_a_file_makes_the_round(client: Client, root: Path) -> None:
    content = os.urandom(300_000)
    with client() as sftp:
        sftp.mkdir("今日")
        with sftp.open("今日/a.part", "wb") as file:
            file.set_pipelined(True)
            file.write(content)
        sftp.posix_rename("今日/a.part", "今日/a.csv")
        assert sftp.listdir("今日") == ["a.csv"]
        assert sftp.open("今日/a.csv").read() == content
        sftp.utime("今日/a.csv", (5, 5))
        assert sftp.stat("今日/a.csv").st_mtime == 5
        assert sftp.normalize(".") == "/"
    assert (root / "今日" / "a.csv").read_bytes() == content
    assert not (root / "今日" / "a.csv").stat().st_mode & 0o111


def test_a_file_is_appended_to_truncated_and_removed(client: Client, root: Path) -> None:
    with client() as sftp:
        with sftp.open("log", "wb") as file:
            file.write(b"one\n")
        with sftp.open("log", "ab") as file:
            file.write(b"two\n")
        assert (root / "log").read_bytes() == b"one\ntwo\n"
        sftp.truncate("log", 3)
        assert (root / "log").read_bytes() == b"one"
        sftp.remove("log")
        sftp.mkdir("d")
        sftp.rmdir("d")
    assert [path.name for path in root.iterdir()] == ["办件.csv"]


@pytest.mark.parametrize("path", ["../secret.txt", "/../secret.txt", "a/../../secret.txt", "/../../../../etc/passwd"])
def test_no_path_leads_out(client: Client, root: Path, path: str) -> None:
    with client() as sftp:
        with pytest.raises(FileNotFoundError):
            sftp.open(path)
        with pytest.raises(FileNotFoundError):
            sftp.stat(path)
        with sftp.open(path.replace("etc/passwd", "x"), "wb") as file:  # `..` at the top stays at the top
            file.write(b"mine")
    assert (root.parent / "secret.txt").read_bytes() == b"secret"


def test_no_link_leads_out(client: Client, root: Path) -> None:
    (root / "file-link").symlink_to(root.parent / "secret.txt")
    (root / "folder-link").symlink_to(root.parent)
    (root / "inner-link").symlink_to("办件.csv")
    with client() as sftp:
        for attempt in (
            lambda: sftp.open("file-link"),
            lambda: sftp.open("file-link", "wb"),
            lambda: sftp.stat("file-link"),
            lambda: sftp.open("folder-link/secret.txt"),
            lambda: sftp.listdir("folder-link"),
            lambda: sftp.remove("folder-link/secret.txt"),
            lambda: sftp.rename("办件.csv", "folder-link/办件.csv"),
            lambda: sftp.mkdir("folder-link/new"),
        ):
            with pytest.raises(PermissionError):
                attempt()
        for forbidden in (lambda: sftp.symlink("/etc", "link"), lambda: sftp.readlink("file-link")):
            with pytest.raises(OSError, match="unsupported"):
                forbidden()
        assert sftp.open("inner-link").read() == b"a,b\n1,2\n"
        sftp.remove("file-link")
    assert (root.parent / "secret.txt").read_bytes() == b"secret"
    assert sorted(path.name for path in root.parent.iterdir()) == ["minzheng", "secret.txt"]


def test_the_top_cannot_be_removed(client: Client, root: Path) -> None:
    (root / "办件.csv").unlink()
    with client() as sftp:
        with pytest.raises(PermissionError):
            sftp.rmdir("/")
        with pytest.raises(PermissionError):
            sftp.rename("/", "elsewhere")
    assert root.is_dir()


def test_a_reader_changes_nothing(client: Client, root: Path) -> None:
    with client("reader") as sftp:
        assert sftp.open("办件.csv").read() == b"a,b\n1,2\n"
        for attempt in (
            lambda: sftp.open("办件.csv", "ab"),
            lambda: sftp.open("new", "wb"),
            lambda: sftp.remove("办件.csv"),
            lambda: sftp.rename("办件.csv", "b"),
            lambda: sftp.posix_rename("办件.csv", "b"),
            lambda: sftp.mkdir("d"),
            lambda: sftp.utime("办件.csv", (5, 5)),
            lambda: sftp.truncate("办件.csv", 0),
        ):
            with pytest.raises(PermissionError):
                attempt()
        with sftp.open("办件.csv") as file:
            with pytest.raises(PermissionError):
                file.truncate(0)
            with pytest.raises(PermissionError):
                file.utime((5, 5))
    assert (root / "办件.csv").read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("login", "password"), [("minzheng", "wrong"), ("nobody", "口令"), ("keyless", ""), ("minzheng", "")]
)
def test_who_has_no_right_is_not_let_in(client: Client, login: str, password: str) -> None:
    with pytest.raises(paramiko.AuthenticationException), client(login, password):
        pass


def test_nothing_but_sftp(server: SftpServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as wire, paramiko.Transport(wire) as transport:
        transport.connect(username="minzheng", password="口令")
        with pytest.raises(paramiko.ChannelException):
            transport.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1))
        channel = transport.open_session()
        with pytest.raises(paramiko.SSHException):
            channel.exec_command("id")


def test_who_says_nothing_does_not_keep_others_waiting(server: SftpServer, client: Client) -> None:
    with socket.create_connection(("127.0.0.1", server.port)), client() as sftp:
        assert sftp.listdir() == ["办件.csv"]


def test_many_at_once(client: Client) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        with client() as sftp:
            seen.append(sftp.listdir())

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["办件.csv"]] * 8


def test_the_host_key_is_made_once_and_kept(root: Path, tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with SftpServer({"a": Account(root)}, tmp_path / "host") as server:
            keys.append(server.host_key)
    assert keys[0] == keys[1]
    assert keys[0].startswith("ssh-ed25519 ")
    assert (tmp_path / "host").stat().st_mode & 0o077 == 0


def test_nothing_runs_after_the_end(root: Path, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with SftpServer({"a": Account(root, password="b")}, tmp_path / "host") as server:
        port = server.port
        wire = socket.create_connection(("127.0.0.1", port))
        transport = paramiko.Transport(wire)
        transport.connect(username="a", password="b")
    transport.close()
    transport.join(5)
    wire.close()
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
