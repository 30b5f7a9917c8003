"""How many questions about licences are open, and what is wrong with their claims; also of one batch."""

from __future__ import annotations

import duckdb

from exchange.model.licence import LicenceCounts
from exchange.store.sql import first_row

Connection = duckdb.DuckDBPyConnection


def licence_counts(connection: Connection) -> LicenceCounts:
    """What is open about all licences of a store."""
    row = first_row(connection.execute("SELECT count(*) FROM (SELECT DISTINCT dataset, question FROM hub.questions)"))
    found = connection.execute("SELECT code, count(*) FROM hub.licence_findings GROUP BY code ORDER BY code")
    return LicenceCounts(int(row[0]) if row else 0, dict(found.fetchall()))


def note_batch_findings(connection: Connection, batch: str, seq: int) -> None:
    """Note how many findings of each code the claims of a batch have now, with the change that let them in.

    What comes later may add findings to these claims, or take some away: a batch's receipt tells those of its day.
    """
    connection.execute(
        "INSERT INTO hub.batch_findings SELECT batch, $seq, code, count(*) FROM hub.licence_findings "
        "WHERE batch = $batch GROUP BY batch, code",
        {"batch": batch, "seq": seq},
    )
