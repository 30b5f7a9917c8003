"""What people are asked about licences."""

from __future__ import annotations

from itertools import groupby

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.licence import Open, Question
from exchange.store.sql import keyed


def open_questions(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> list[Question]:
    """Every open question, the surest first."""
    licences = f"(SELECT DISTINCT form, licence FROM {keyed(dataset)} WHERE form IS NOT NULL)"
    rows = connection.execute(
        f"SELECT question, a, b, x.licence, y.licence, score, rule FROM hub.questions q "
        f"JOIN {licences} x ON x.form = q.a JOIN {licences} y ON y.form = q.b WHERE dataset = $dataset "
        f"ORDER BY question, score DESC, a, b",
        {"dataset": dataset.name},
    ).fetchall()
    asked = [
        Question(dataset.name, f"{question:016x}", tuple(_open(*row[1:]) for row in pairs))
        for question, pairs in groupby(rows, key=lambda row: row[0])
    ]
    return sorted(asked, key=lambda each: -each.pairs[0].score)


def _open(a: int, b: int, licence_a: int, licence_b: int, score: float, rule: str) -> Open:
    return Open(f"{a:016x}", f"{b:016x}", f"{licence_a:016x}", f"{licence_b:016x}", score, rule)
