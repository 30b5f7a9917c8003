"""Prints a secret of the site, made at first use: `python -m exchange.keyfile FILE KIND`.

Airflow's configuration names this as the command for each of its keys, so that no key is ever committed.
"""

from __future__ import annotations

import base64
import secrets
import sys
from pathlib import Path

from exchange.files import put_new

BYTES = {"fernet": 32, "signing": 64}


def secret(path: Path, kind: str) -> str:
    """The secret in a file, made (0600) when there is none: random bytes in url-safe base64."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        put_new(path, base64.urlsafe_b64encode(secrets.token_bytes(BYTES[kind])), 0o600)
    return path.read_text(encoding="ascii")


if __name__ == "__main__":
    sys.stdout.write(secret(Path(sys.argv[1]), sys.argv[2]))
