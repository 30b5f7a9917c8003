"""One folder as an SFTP file system from which no path and no link leads out."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from paramiko import ServerInterface, SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface
from paramiko.sftp import SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_OP_UNSUPPORTED, SFTP_PERMISSION_DENIED

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Signed(Protocol):
    """Who signed in."""

    @property
    def root(self) -> Path:
        """The folder beyond which nothing is shown."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed."""


class RootedFiles(SFTPServerInterface):
    """The operations of SFTP version 3 (draft-ietf-secsh-filexfer-02) within one folder.

    Paths are taken from that folder on, `..` at its top stays there. A path is refused when a link on it leads out of
    the folder; links themselves can neither be made nor read.
    """

    def __init__(self, server: ServerInterface, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - paramiko's signature
        super().__init__(server, *args, **kwargs)
        self._signed = cast("Signed", server)

    def canonicalize(self, path: str) -> str:
        """The path from the folder's top, without `.` and `..`."""
        return posixpath.normpath("/" + path).replace("//", "/")

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        """What a folder holds."""
        return _answer(lambda: [_attributes(entry) for entry in sorted(self._real(path).iterdir())])

    def stat(self, path: str) -> SFTPAttributes | int:
        """What stands at a path, links followed as far as they stay inside."""
        return _answer(lambda: SFTPAttributes.from_stat(self._real(path).stat()))

    def lstat(self, path: str) -> SFTPAttributes | int:
        """What stands at a path itself."""
        if self.canonicalize(path) == "/":
            return self.stat(path)
        return _answer(lambda: SFTPAttributes.from_stat(self._entry(path).lstat()))

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:  # noqa: ARG002 - modes are ours
        """A file, open; new files belong to the server's user and are not executable."""
        if flags & _WRITING and self._signed.read_only:
            return SFTP_PERMISSION_DENIED
        return _answer(lambda: _File(self._real(path), flags))

    def remove(self, path: str) -> int:
        """Remove a file or a link."""
        return self._change(lambda: self._entry(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        """Rename; the new name must be free."""

        def renamed() -> None:
            new = self._entry(newpath)
            if os.path.lexists(new):
                raise FileExistsError(new)
            self._entry(oldpath).rename(new)

        return self._change(renamed)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """Rename, in place of what has the new name."""
        return self._change(lambda: self._entry(oldpath).replace(self._entry(newpath)))

    def mkdir(self, path: str, attr: SFTPAttributes) -> int:  # noqa: ARG002 - modes are ours
        """Make a folder."""
        return self._change(lambda: self._entry(path).mkdir())

    def rmdir(self, path: str) -> int:
        """Remove an empty folder."""
        return self._change(lambda: self._entry(path).rmdir())

    def chattr(self, path: str, attr: SFTPAttributes) -> int:
        """Set times and size; owner and mode stay the server's."""
        return self._change(lambda: _set(self._real(path), attr))

    def symlink(self, target_path: str, path: str) -> int:  # noqa: ARG002 - paramiko's signature
        """Links are not made."""
        return SFTP_OP_UNSUPPORTED

    def readlink(self, path: str) -> int:  # noqa: ARG002 - paramiko's signature
        """Links are not told: they would show paths of the server."""
        return SFTP_OP_UNSUPPORTED

    def _change(self, work: Callable[[], object]) -> int:
        if self._signed.read_only:
            return SFTP_PERMISSION_DENIED
        return _done(work)

    def _real(self, path: str) -> Path:
        """Where a path leads, links followed. PermissionError when that is outside."""
        top = self._signed.root.resolve()
        real = (top / self.canonicalize(path).lstrip("/")).resolve()
        if not real.is_relative_to(top):
            raise PermissionError(path)
        return real

    def _entry(self, path: str) -> Path:
        """The entry at a path itself, its folder within ours. Our top is no entry: nobody removes it."""
        folder, name = posixpath.split(self.canonicalize(path))
        if not name:
            raise PermissionError(path)
        return self._real(folder) / name


class _File(SFTPHandle):
    """An open file. No link is followed at its end, so that one put there since the check leads nowhere."""

    def __init__(self, path: Path, flags: int) -> None:
        super().__init__(flags)
        self._writes = bool(flags & _WRITING)
        self._descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o640)

    def read(self, offset: int, length: int) -> bytes | int:
        """Bytes from a place; none at the end."""
        return _answer(lambda: os.pread(self._descriptor, length, offset))

    def write(self, offset: int, data: ReadableBuffer) -> int:
        """All of the bytes at a place."""

        def written() -> None:
            left = memoryview(data)
            place = offset
            while left:
                count = os.pwrite(self._descriptor, left, place)
                left, place = left[count:], place + count

        return _done(written)

    def stat(self) -> SFTPAttributes | int:
        """What the file is now."""
        return _answer(lambda: SFTPAttributes.from_stat(os.fstat(self._descriptor)))

    def chattr(self, attr: SFTPAttributes) -> int:
        """Set times and size of a file that was opened for writing."""
        if not self._writes:
            return SFTP_PERMISSION_DENIED
        return _done(lambda: _set(self._descriptor, attr))

    def close(self) -> None:
        """Give the descriptor back, once."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _answer(work: Callable[[], T]) -> T | int:
    """What the work gives, or SFTP's number for what went wrong."""
    try:
        return work()
    except ValueError:  # a NUL in a path
        return SFTP_NO_SUCH_FILE
    except PermissionError:  # ours have no number of their own
        return SFTP_PERMISSION_DENIED
    except FileNotFoundError:
        return SFTP_NO_SUCH_FILE
    except OSError as error:
        return int(SFTPServer.convert_errno(error.errno or 0))


def _done(work: Callable[[], object]) -> int:
    """SFTP's number for how the work went."""

    def finished() -> int:
        work()
        return SFTP_OK

    return _answer(finished)


def _attributes(entry: Path) -> SFTPAttributes:
    attributes = SFTPAttributes.from_stat(entry.lstat())
    name = os.fsencode(entry.name)  # as it is on disk, be it UTF-8 or not
    attributes.filename = cast("str", name)  # paramiko sends bytes as they are
    return attributes


def _set(place: Path | int, attr: SFTPAttributes) -> None:
    if attr.st_size is not None:
        os.truncate(place, attr.st_size)
    if attr.st_atime is not None and attr.st_mtime is not None:
        os.utime(place, (attr.st_atime, attr.st_mtime))
