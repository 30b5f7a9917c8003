"""paramiko's client with what it lacks: names that are no UTF-8, and pipelined reads without a thread.

Its own listing fails as a whole over one such name, and its prefetch thread dies loudly, or spins, when the
connection is cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from paramiko import Message, SFTPAttributes, SFTPClient, SFTPError, SFTPFile
from paramiko.sftp import CMD_CLOSE, CMD_DATA, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READ, CMD_READDIR, int64

_REQUEST = 32 * 1024
"""Bytes asked for at a time: what every server grants (draft-ietf-secsh-filexfer-02, section 3)."""

_PIPELINE = 64
"""Requests under way at a time; 2 MiB, which is also paramiko's window."""


class SftpAttributes(SFTPAttributes):
    """The attributes of one directory entry."""

    if TYPE_CHECKING:

        def _unpack(self, msg: Message) -> None: ...

    @classmethod
    def read(cls, message: Message) -> SftpAttributes:
        """The attributes that come next in a message."""
        attributes = cls()
        attributes._unpack(message)
        return attributes


class SftpClient(SFTPClient):
    """A session's client."""

    if TYPE_CHECKING:  # what it takes from paramiko's inside

        def _request(self, kind: int, *fields: object) -> tuple[int, Message]: ...
        def _async_request(self, receiver: object, kind: int, *fields: object) -> int: ...
        def _read_response(self, waitfor: int | None = None) -> Any: ...  # noqa: ANN401 - unused
        def _convert_status(self, message: Message) -> None: ...

    def entries(self, path: str) -> list[tuple[str, SftpAttributes]]:
        """Names and attributes of a folder; bytes of a name that are no UTF-8 become surrogate escapes."""
        kind, message = self._request(CMD_OPENDIR, path)
        if kind != CMD_HANDLE:
            raise SFTPError("a handle was expected")
        handle = message.get_binary()
        found: list[tuple[str, SftpAttributes]] = []
        while names := self._names(handle):
            found += names
        self._request(CMD_CLOSE, handle)
        return [(name, attributes) for name, attributes in found if name not in {".", ".."}]

    def blocks(self, file: SFTPFile, start: int, size: int) -> Iterator[bytes]:
        """The bytes from `start` up to `size`, in order, with many requests under way; fewer when the file ends."""
        reads = _Reads(self, file)
        asked = start
        while True:
            while asked < size and reads.may_ask:
                length = min(_REQUEST, size - asked)
                reads.ask(asked, length)
                asked += length
            block = reads.next()
            if not block:
                return
            yield block

    def _names(self, handle: bytes) -> list[tuple[str, SftpAttributes]]:
        """The next entries of an open folder; none at its end."""
        try:
            kind, message = self._request(CMD_READDIR, handle)
        except EOFError:
            return []
        if kind != CMD_NAME:
            raise SFTPError("names were expected")
        return [_entry(message) for _ in range(message.get_int())]

    def ask(self, receiver: object, file: SFTPFile, offset: int, length: int) -> int:
        """Ask for bytes of a file; the number of the request, under which the receiver gets the answer."""
        return self._async_request(receiver, CMD_READ, file.handle, int64(offset), length)

    def receive(self) -> None:
        """Take in one answer, whosever it is."""
        self._read_response()

    def outcome(self, kind: int, message: Message) -> bytes:
        """What a read brought; nothing at the end of the file. OSError when the server says that it failed."""
        if kind == CMD_DATA:
            return message.get_string()
        try:
            self._convert_status(message)
        except EOFError:
            return b""
        raise SFTPError("data were expected")


class _Reads:
    """The reads of one file that are under way, in the order of the file."""

    def __init__(self, client: SftpClient, file: SFTPFile) -> None:
        self._client = client
        self._file = file
        self._under_way: deque[tuple[int, int, int]] = deque()
        self._arrived: dict[int, bytes] = {}
        self._cut: Exception | None = None

    @property
    def may_ask(self) -> bool:
        """Whether another request is worth while."""
        return self._cut is None and len(self._under_way) < _PIPELINE

    def ask(self, offset: int, length: int, *, first: bool = False) -> None:
        """Ask for more. A cut is kept back until all that has arrived before it is taken out."""
        try:
            number = self._client.ask(self, self._file, offset, length)
        except (OSError, EOFError) as error:
            self._cut = error
            if first:  # what comes after the gap is of no use
                self._under_way.clear()
            return
        (self._under_way.appendleft if first else self._under_way.append)((number, offset, length))

    def next(self) -> bytes:
        """The next bytes of the file; none at its end, or when nothing was asked for."""
        if not self._under_way:
            if self._cut is not None:
                raise self._cut
            return b""
        number, offset, length = self._under_way.popleft()
        while number not in self._arrived:
            self._client.receive()
        block = self._arrived.pop(number)
        if 0 < len(block) < length:  # a server may give less than it was asked for
            self.ask(offset + len(block), length - len(block), first=True)
        return block

    def _async_response(self, kind: int, message: Message, number: int) -> None:
        """Called by paramiko with the answer to a request of ours."""
        self._arrived[number] = self._client.outcome(kind, message)


def _entry(message: Message) -> tuple[str, SftpAttributes]:
    name = message.get_string().decode("utf-8", "surrogateescape")
    message.get_string()  # the long form, for people
    return name, SftpAttributes.read(message)
