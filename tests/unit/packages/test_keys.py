"""Keys are made once, are only their owner's to read, and sign what they say."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from exchange.errors import ConfigError
from exchange.packages import NodeKeys, signed, verified

NODE = "320500000000"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_key_is_its_owners_alone(tmp_path: Path) -> None:
    keys = NodeKeys(tmp_path / "keys")
    keys.private(NODE)
    assert mode(tmp_path / "keys") == 0o700
    assert mode(tmp_path / "keys" / f"{NODE}.key") == 0o600
    assert [path.name for path in sorted((tmp_path / "keys").iterdir())] == [f"{NODE}.key", f"{NODE}.pub"]


def test_a_key_is_made_once(tmp_path: Path) -> None:
    first, second = (NodeKeys(tmp_path).private(NODE).private_bytes_raw() for _ in range(2))
    assert first == second
    assert NodeKeys(tmp_path).public(NODE) == NodeKeys(tmp_path).private(NODE).public_key()


MAKER = "import sys; from pathlib import Path; from exchange.packages import NodeKeys; \
sys.stdout.write(NodeKeys(Path(sys.argv[1])).private('320500000000').private_bytes_raw().hex())"


def test_processes_that_make_a_key_at_once_end_with_one(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen([sys.executable, "-c", MAKER, str(tmp_path / "keys")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [maker.communicate(timeout=60)[0] for maker in makers]
    assert [maker.returncode for maker in makers] == [0] * 4
    assert set(told) == {NodeKeys(tmp_path / "keys").private(NODE).private_bytes_raw().hex()}


def test_a_missing_public_key_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=NODE):
        NodeKeys(tmp_path).public(NODE)


def test_a_key_of_another_kind_is_not_used(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    (tmp_path / f"{NODE}.key").write_bytes(
        other.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / f"{NODE}.pub").write_bytes(
        other.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for use in (NodeKeys(tmp_path).private, NodeKeys(tmp_path).public):
        with pytest.raises(ConfigError, match="Ed25519"):
            use(NODE)


def test_a_signed_document_verifies_and_no_changed_one_does(tmp_path: Path) -> None:
    keys = NodeKeys(tmp_path)
    body = {"状态": "已入库", "counts": {"read": 3}, "reason": None}
    document = signed(body, keys.private(NODE))
    assert verified(document, keys.public(NODE)) == body
    assert verified(document.replace("已入库".encode(), "已拒收".encode()), keys.public(NODE)) is None
    assert verified(document.replace(b'"read": 3', b'"read": 4'), keys.public(NODE)) is None
    keys.private("320581000000")
    assert verified(document, keys.public("320581000000")) is None
