"""Files appear whole or not at all, with the permissions that were asked for from the first moment."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.files import copy, move, put, put_new
from exchange.keyfile import secret


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_put_writes_and_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    put(target, b"one")
    put(target, b"two", 0o600)
    assert target.read_bytes() == b"two"
    assert mode(target) == 0o600
    assert list(target.parent.iterdir()) == [target]


def test_put_keeps_the_old_file_when_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    put(target, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(target, b"new")
    assert target.read_bytes() == b"old"


def test_put_new_keeps_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "file"
    put_new(target, b"first", 0o600)
    put_new(target, b"second", 0o600)
    assert target.read_bytes() == b"first"
    assert mode(target) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_copy_and_move_leave_nothing_half_done(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"content")
    copy(source, tmp_path / "in" / "copied")
    assert (tmp_path / "in" / "copied").read_bytes() == b"content"
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["copied"]
    move(source, tmp_path / "in" / "copied")
    assert not source.exists()


@pytest.mark.parametrize(("kind", "length"), [("fernet", 44), ("signing", 88)])
def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path, kind: str, length: int) -> None:
    path = tmp_path / "secrets" / "key"
    made = secret(path, kind)
    assert len(made) == length
    assert secret(path, kind) == made
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert secret(tmp_path / "secrets" / "other", kind) != made


def test_processes_that_make_a_secret_at_once_all_get_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "exchange.keyfile", str(tmp_path / "secrets" / "jwt.key"), "signing"]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(5)]
    told = {maker.communicate(timeout=60)[0] for maker in makers}
    assert [maker.returncode for maker in makers] == [0] * 5
    assert told == {(tmp_path / "secrets" / "jwt.key").read_bytes()}
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["jwt.key"]
