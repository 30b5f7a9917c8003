"""An SFTP session that exists only inside `with`: the server proved itself, we signed in, errors say what to do."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
from paramiko.config import SSH_PORT
from paramiko.pkey import UnknownKeyType
from paramiko.ssh_exception import AuthenticationException, BadHostKeyException, PasswordRequiredException, SSHException

from connectors.sftp.client import SftpClient
from exchange.errors import ConfigError, HubError, RetriableError
from exchange.model.connection import Connection
from exchange.text import Text

CONNECT_SECONDS = 15.0
"""How long the server may take to answer at each step of signing in."""

ANSWER_SECONDS = 60.0
"""How long the server may take to answer a request."""


@contextmanager
def session(connection: Connection) -> Iterator[SftpClient]:
    """A signed-in session.

    Only the host key of the connection is accepted, and only its key file or password is offered: no agent and no
    keys from elsewhere. ConfigError when key, password or settings are wrong; RetriableError when the server does
    not answer.
    """
    client = paramiko.SSHClient()
    try:
        with answered(connection):
            _trust(client, connection)
            _sign_in(client, connection)
            sftp = _opened(client)
        yield sftp
    finally:
        client.close()


@contextmanager
def answered(connection: Connection) -> Iterator[None]:
    """Within it, faults of the network are RetriableError; FileNotFoundError and PermissionError of the server stay."""
    try:
        yield
    except (HubError, FileNotFoundError, PermissionError):
        raise
    except BadHostKeyException as error:
        raise _wrong_host_key(connection, _line(error.key)) from error
    except AuthenticationException as error:
        raise _refused(connection) from error
    except (SSHException, EOFError, OSError) as error:
        raise _unanswered(connection, error) from error


class _Refuse(paramiko.MissingHostKeyPolicy):
    """A server whose kind of key is not the one expected."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002 - paramiko's signature
        """Never accept it."""
        raise _wrong_host_key(self._connection, _line(key))


def _trust(client: paramiko.SSHClient, connection: Connection) -> None:
    client.set_missing_host_key_policy(_Refuse(connection))
    if not connection.host_key:
        raise ConfigError(
            Text(
                f"连接“{connection.id}”没有登记服务器公钥（host_key），不能确认对方身份。请向对方索取公钥"
                f"（ssh-keyscan -p {connection.port} {connection.host} 可读出，须电话核对）并填入连接。",
                f"The connection {connection.id} has no host_key, so the server cannot be told from another. Get its"
                f" public key (ssh-keyscan -p {connection.port} {connection.host} shows it; confirm it by another way)"
                " and enter it.",
            )
        )
    key = _public_key(connection, connection.host_key)
    place = connection.host if connection.port == SSH_PORT else f"[{connection.host}]:{connection.port}"
    client.get_host_keys().add(place, key.get_name(), key)


def _public_key(connection: Connection, line: str) -> paramiko.PKey:
    """The key that an OpenSSH line holds."""
    try:
        kind, blob, *_ = line.split()
        return paramiko.PKey.from_type_string(kind, base64.b64decode(blob, validate=True))
    except (ValueError, SSHException, UnknownKeyType) as error:
        raise ConfigError(
            Text(
                f"连接“{connection.id}”的 host_key 不是正确的 OpenSSH 公钥（如“ssh-ed25519 AAAA…”）。",
                f"The host_key of the connection {connection.id} is no OpenSSH public key ('ssh-ed25519 AAAA…').",
            )
        ) from error


def _sign_in(client: paramiko.SSHClient, connection: Connection) -> None:
    client.connect(
        connection.host,
        connection.port,
        connection.login,
        password=None if connection.key_file else connection.password,
        pkey=_key(connection, connection.key_file) if connection.key_file else None,
        timeout=CONNECT_SECONDS,
        banner_timeout=CONNECT_SECONDS,
        auth_timeout=CONNECT_SECONDS,
        allow_agent=False,
        look_for_keys=False,
    )


def _key(connection: Connection, path: Path) -> paramiko.PKey:
    """The private key; a password of the connection is then the key's."""
    try:
        return paramiko.PKey.from_path(path, connection.password)
    except (OSError, ValueError, TypeError, PasswordRequiredException, SSHException, UnknownKeyType) as error:
        raise ConfigError(
            Text(
                f"连接“{connection.id}”的私钥文件 {path} 无法读取（不存在、格式不对或口令有误）。",
                f"The key file {path} of the connection {connection.id} cannot be read (missing, not a key, or its"
                " passphrase is wrong).",
            )
        ) from error


def _opened(client: paramiko.SSHClient) -> SftpClient:
    transport = client.get_transport()
    sftp = SftpClient.from_transport(transport) if transport else None
    channel = sftp.get_channel() if sftp else None
    if sftp is None or channel is None:
        raise EOFError("the server opened no SFTP channel")
    channel.settimeout(ANSWER_SECONDS)
    return sftp


def _line(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def _where(connection: Connection) -> str:
    return f"{connection.login}@{connection.host}:{connection.port}"


def _wrong_host_key(connection: Connection, shown: str) -> ConfigError:
    return ConfigError(
        Text(
            f"服务器 {_where(connection)} 出示的公钥与连接“{connection.id}”登记的不一致，已中断，可能有人冒充服务器。"
            f"它出示的是：{shown}。请电话核对，确认对方更换过密钥后再更新 host_key。",
            f"The server {_where(connection)} shows another key than the host_key of the connection {connection.id}; it"
            f" may be an impostor, and the session was broken off. It shows: {shown}. Ask its owner by another way, and"
            " enter the new key only if it was really changed.",
        )
    )


def _refused(connection: Connection) -> ConfigError:
    return ConfigError(
        Text(
            f"服务器 {_where(connection)} 拒绝登录。请核对连接“{connection.id}”的用户名、密码或密钥。",
            f"The server {_where(connection)} refuses to sign us in. Check login, password or key of the connection"
            f" {connection.id}.",
        )
    )


def _unanswered(connection: Connection, error: Exception) -> RetriableError:
    reason = str(error) or type(error).__name__
    return RetriableError(
        Text(
            f"服务器 {_where(connection)} 没有应答或连接中断（{reason}），稍后自动重试。"
            "若持续出现，请检查网络和对方服务。",
            f"The server {_where(connection)} did not answer or the connection was cut ({reason}); it will be tried"
            " again. If this lasts, check the network and the server.",
        )
    )
