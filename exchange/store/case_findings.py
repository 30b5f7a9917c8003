"""Findings between the records of cases: made anew, in the same transaction, for every case that a change touches.

They are a function of the records that are held, so that neither the order of arrival nor a repetition matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.record_sql import idents
from exchange.model.reference import Reference
from exchange.store.sql import first_row, held
from exchange.validation.rules.case_rule import CASE, CASE_COLUMNS, LINEAGE
from exchange.validation.rules.cases import find_in_cases
from exchange.validation.rules.tables import register_reference

Connection = duckdb.DuckDBPyConnection
_SAME = f"t._origin = f.origin AND t.{CASE} = f.case_no"


class CaseFindings:
    """Keeps `hub.findings` in step with the records; one an open store. Without reference values there are no rules."""

    def __init__(self, connection: Connection, datasets: Sequence[Dataset], reference: Reference | None) -> None:
        self._connection = connection
        self._reference = reference
        self._datasets = [each for each in datasets if each.name in CASE_COLUMNS] if reference else []
        self._registered = False
        if self._datasets:
            # not within a change: what a transaction inserts into a table that it has made itself, DuckDB 2.0 can lose
            connection.execute(f"CREATE OR REPLACE TEMP TABLE touched_cases (_origin VARCHAR, {CASE} VARCHAR)")

    def begin(self) -> None:
        """A change begins: no case is touched yet."""
        if self._datasets:
            self._connection.execute("DELETE FROM touched_cases")

    def touch(self, dataset: Dataset) -> None:
        """The records in tables `changed` and `replaced` have come and gone: their cases are touched."""
        if dataset in self._datasets:
            self._connection.execute(
                f"INSERT INTO touched_cases SELECT _origin, {CASE} FROM changed "
                f"UNION SELECT _origin, {CASE} FROM replaced"
            )

    def renew(self, seq: int | None = None) -> None:
        """Make the findings of the touched cases anew.

        With the number of a change, note for each batch how many the rows have that the change let in.
        """
        if not self._datasets or not self._any_touched():
            return
        self._connection.execute(f"DELETE FROM hub.findings f USING touched_cases t WHERE {_SAME}")
        there = self._take_cases()
        if len(self._datasets) < len(CASE_COLUMNS) or not there:
            return
        self._register()
        if find_in_cases(self._connection, there):
            self._connection.execute(
                f"INSERT INTO hub.findings SELECT _origin, _source, dataset, _key, {CASE}, _batch, _file, _row, field, "
                f"code, severity, message_zh, message_en, hint_zh, hint_en FROM case_findings"
            )
            if seq is not None:
                self._connection.execute(
                    "INSERT INTO hub.batch_findings SELECT _batch, $seq, code, count(*) FROM case_findings "
                    "WHERE _seq = $seq GROUP BY _batch, code",
                    {"seq": seq},
                )

    def _any_touched(self) -> bool:
        return first_row(self._connection.execute("SELECT 1 FROM touched_cases LIMIT 1")) is not None

    def _take_cases(self) -> list[Dataset]:
        """Copy what the rules look at; the datasets of which there is anything, the basics not among them."""
        there = []
        for dataset in self._datasets:
            columns = idents((*LINEAGE, CASE, *CASE_COLUMNS[dataset.name]))
            made = self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE rule_{dataset.name} AS SELECT {columns} FROM {held(dataset)} "
                f"SEMI JOIN touched_cases USING (_origin, {CASE}) WHERE NOT _deleted"
            )
            count = first_row(made)
            if count and count[0] and dataset.name != "case_basic":
                there.append(dataset)
        return there

    def _register(self) -> None:
        if self._reference is not None and not self._registered:
            register_reference(self._connection, self._reference)
            self._registered = True


def findings_of(connection: Connection, batch: str, seq: int) -> Mapping[str, int]:
    """How many findings of each code the rows of a batch had when the change with this number let them in."""
    rows = connection.execute(
        "SELECT code, sum(findings)::BIGINT FROM hub.batch_findings WHERE batch = ? AND seq = ? "
        "GROUP BY code ORDER BY code",
        [batch, seq],
    ).fetchall()
    return dict(rows)
