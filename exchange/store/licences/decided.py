"""What people have decided about licences, in the store. The ledger has it too, and is where it counts."""

from __future__ import annotations

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.licence import Decided, Decision

Connection = duckdb.DuckDBPyConnection


def decisions(connection: Connection) -> frozenset[int]:
    """The numbers of the decisions that the store follows."""
    return frozenset(row[0] for row in connection.execute("SELECT decision FROM hub.decisions").fetchall())


def write_decision(connection: Connection, decision: Decision) -> None:
    """Write a decision down; it takes effect with the next comparison of what it concerns."""
    number, dataset = decision.number, decision.dataset
    connection.execute("INSERT INTO hub.decisions VALUES (?, ?)", [number, dataset])
    for pair in decision.pairs:
        values = [number, dataset, min(pair.forms), max(pair.forms), pair.same]
        connection.execute("INSERT INTO hub.decided VALUES (?, ?, ?, ?, ?)", values)
    for record in decision.records:
        connection.execute("INSERT INTO hub.parted VALUES (?, ?, ?, ?, ?)", [number, dataset, *record])
    for form in decision.rest:
        connection.execute("INSERT INTO hub.parted_from VALUES (?, ?, ?)", [number, dataset, form])


def strike_decision(connection: Connection, number: int) -> None:
    """Strike a decision out."""
    for table in ("decisions", "decided", "parted", "parted_from"):
        connection.execute(f"DELETE FROM hub.{table} WHERE decision = ?", [number])


def decided_pairs(connection: Connection, dataset: Dataset) -> list[Decided]:
    """What was decided of the forms in tables `forms` and `affected`, oldest first."""
    rows = connection.execute(
        f"SELECT a, b, same FROM ({_ALL}) SEMI JOIN forms f ON f.form = a SEMI JOIN forms g ON g.form = b "
        f"ORDER BY decision, a, b",
        {"dataset": dataset.name},
    ).fetchall()
    return [Decided((a, b), bool(same)) for a, b, same in rows]


_ALL = """
SELECT decision, a, b, same FROM hub.decided WHERE dataset = $dataset
UNION SELECT r.decision, least(k.form, r.form), greatest(k.form, r.form), false
FROM affected k JOIN hub.parted p ON p.origin = k._origin AND p.source = k._source AND p.key = k._key
JOIN hub.parted_from r ON r.decision = p.decision AND r.form <> k.form WHERE p.dataset = $dataset
"""


def decided_partners(forms: str) -> str:
    """A SELECT of the forms that a decision joins with those in a table; takes the parameter `dataset`."""
    joined = (
        "(SELECT unnest([a, b]) AS form, unnest([b, a]) AS other FROM hub.decided WHERE dataset = $dataset AND same)"
    )
    return f"SELECT other AS form FROM {joined} SEMI JOIN {forms} USING (form)"
