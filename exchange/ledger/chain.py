"""The hash chain: each entry's hash covers its content and the hash before it, so an edit shows at that entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

GENESIS = "0" * 64


def canonical(value: object) -> str:
    """JSON with one way to write it: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(entry: Mapping[Any, Any]) -> str:
    """The hash of an entry, from its columns and the hash before it."""
    covered = [entry[name] for name in ("node", "number", "at", "kind", "subject", "body", "previous")]
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def breaks(entries: Sequence[Mapping[Any, Any]]) -> Iterator[int]:
    """The numbers at which a node's chain does not hold: that entry was changed, or one before it is missing.

    `entries` come in the order of their numbers.
    """
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry["number"] != expected or entry["previous"] != previous or entry["hash"] != entry_hash(entry):
            yield entry["number"]
        previous, expected = entry["hash"], entry["number"] + 1
