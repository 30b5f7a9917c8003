"""Records of one key within one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from exchange.validation.accepted import accepted_rows


def count_superseded(accepted: Path, key: Sequence[str]) -> int:
    """How many accepted rows share their key with another and so do not count: all but one of each key."""
    if not key:
        return 0
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in key)
    with duckdb.connect() as connection:
        query = f"SELECT count(*) - count(DISTINCT ({names})) FROM ({accepted_rows(accepted)})"
        ((count,),) = connection.execute(query).fetchall()
    return int(count)
