"""Each node's Ed25519 key pair (RFC 8032): private under the site's secrets, public beside the configuration."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exchange.errors import ConfigError
from exchange.files import put, put_new
from exchange.text import Text

_PEM = serialization.Encoding.PEM
_PRIVATE = serialization.PrivateFormat.PKCS8
_PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The key folder of a site: `<node>.key` (0600) for the nodes it hosts, `<node>.pub` for all it trusts."""

    folder: Path

    def private(self, node: str) -> Ed25519PrivateKey:
        """The node's private key, made on first use."""
        path = self.folder / f"{node}.key"
        if not path.exists():
            self._make(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ConfigError(_not_ed25519(path))
        if not path.with_suffix(".pub").exists():
            put(path.with_suffix(".pub"), key.public_key().public_bytes(_PEM, _PUBLIC), 0o644)
        return key

    def public(self, node: str) -> Ed25519PublicKey:
        """The public key that packages and receipts of a node are held against; ConfigError when none is pinned."""
        path = self.folder / f"{node}.pub"
        if not path.exists():
            raise ConfigError(
                Text(
                    f"没有节点 {node} 的公钥（{path.name}），无法验证它的签名。"
                    "请向该节点管理员索取公钥文件并放入密钥目录。",
                    f"There is no public key of node {node} ({path.name}); its signature cannot be verified. Ask its "
                    "administrator for the file and put it into the key folder.",
                )
            )
        key = serialization.load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ConfigError(_not_ed25519(path))
        return key

    def _make(self, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(_PEM, _PRIVATE, serialization.NoEncryption())
        put_new(path, pem, 0o600)


def signed(body: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """A JSON document with a signature over its canonical form in `signature`."""
    signature = base64.b64encode(key.sign(_canonical(body))).decode()
    return json.dumps({**body, "signature": signature}, ensure_ascii=False, indent=1).encode()


def verified(document: bytes, key: Ed25519PublicKey) -> dict[str, Any] | None:
    """The document's body when its signature holds; None when it does not, or when it is no such document."""
    try:
        body = json.loads(document)
        signature = base64.b64decode(body.pop("signature"), validate=True)
        key.verify(signature, _canonical(body))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, InvalidSignature):
        return None
    return dict(body)


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _not_ed25519(path: Path) -> Text:
    return Text(f"密钥文件 {path.name} 不是 Ed25519 密钥。", f"The key file {path.name} holds no Ed25519 key.")
