"""All cross-checks over one store; the findings of before are replaced."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from exchange.model.crosscheck import CrossCount, CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.store.crosschecks import case_missing, holder_cancelled, licence_loops, licence_missing
from exchange.store.crosschecks.licence_loops import make_circles
from exchange.store.crosschecks.licence_missing import DAYS
from exchange.store.crosschecks.numbers import BORNE, NAMED, make_numbers
from exchange.store.licences.tables import register_lookups

CHECKS = (licence_missing.CHECK, case_missing.CHECK, holder_cancelled.CHECK, licence_loops.CHECK)


def renew_cross_findings(
    connection: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    reference: Reference | None,
    terms: CrossTerms,
) -> list[CrossCount]:
    """Make `hub.cross_findings` anew, within the caller's transaction; how many there are by origin, source and code.

    They are a function of what is held and of the terms. Without reference values every day counts as a working day.
    """
    by_name = {dataset.name: dataset for dataset in datasets}
    make_numbers(connection, by_name)
    make_circles(connection, by_name)
    _make_days(connection, reference)
    register_lookups(connection, reference)
    connection.execute("DELETE FROM hub.cross_findings")
    for check in CHECKS:
        if check.needs <= by_name.keys():
            connection.execute(
                f"INSERT INTO hub.cross_findings {check.query(by_name, terms)} ORDER BY origin, source, key, message_zh"
            )
    for table in (NAMED, BORNE):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    return _counts(connection)


def _counts(connection: duckdb.DuckDBPyConnection) -> list[CrossCount]:
    rows = connection.execute(
        "SELECT origin, source, code, count(*) FROM hub.cross_findings GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [CrossCount(*row) for row in rows]


def _make_days(connection: duckdb.DuckDBPyConnection, reference: Reference | None) -> None:
    days = reference.days if reference else ()
    table = pa.table(
        {
            "day": pa.array([each.day for each in days], pa.date32()),
            "working": pa.array([each.working for each in days], pa.int32()),
        }
    )
    connection.register("days_now", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT * FROM days_now")
    connection.unregister("days_now")
