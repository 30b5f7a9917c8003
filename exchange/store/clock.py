"""The node's change numbers."""

from __future__ import annotations

import duckdb

from exchange.errors import FatalError
from exchange.store.sql import first_row
from exchange.text import Text


def next_seq(connection: duckdb.DuckDBPyConnection) -> int:
    """The next change number of the node."""
    row = first_row(connection.execute("UPDATE hub.clock SET seq = seq + 1 RETURNING seq"))
    if row is None:
        raise FatalError(
            Text("存储库缺少变更序号表的记录，请用 hub rebuild 重建。", "The store has lost its clock; rebuild it.")
        )
    return int(row[0])


def advance(connection: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Take the change numbers up to this one as given out."""
    connection.execute("UPDATE hub.clock SET seq = greatest(seq, ?)", [seq])
