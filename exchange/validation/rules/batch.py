"""The rules on the accepted records of one batch, run as SQL: what they cost when nothing is wrong is a few scans."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.validation.rules import (
    catalogue_certificate,
    catalogue_item,
    citizen_id,
    date_order,
    division,
    key_repeated,
    spoiled_number,
)
from exchange.validation.rules.rule import Rule
from exchange.validation.rules.tables import register_reference
from exchange.validation.rules.texts import TEXT_COLUMNS, texts

BATCH_RULES: tuple[Rule, ...] = (
    key_repeated.RULE,
    date_order.RULE,
    division.RULE,
    citizen_id.RULE,
    spoiled_number.RULE,
    catalogue_item.RULE,
    catalogue_certificate.RULE,
)
FINDING_COLUMNS = pa.schema([("row", pa.int64())] + [(name, pa.string()) for name in TEXT_COLUMNS])
"""The columns of `findings.parquet` but for the line."""
_ROWS_A_BATCH = 10_000


def run_rules(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, reference: Reference
) -> Iterator[pa.RecordBatch]:
    """Every finding of every rule, by row and then by field, in batches of `FINDING_COLUMNS`. Nothing is left out.

    `connection` has a view or table `records` with the dataset's fields as text in standard form and `_row`, the number
    of the record in its file. It is in use until the last batch was taken. Temporary tables that begin with `rule_`
    are made on it.
    """
    register_reference(connection, reference)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rule_found "
        "(_row BIGINT, field VARCHAR, code VARCHAR, words MAP(VARCHAR, VARCHAR))"
    )
    for rule in BATCH_RULES:
        queries = list(rule.queries(dataset))
        if queries and (rule.signs is None or connection.execute(rule.signs(dataset)).fetchone()):
            for query in queries:
                connection.execute(f"INSERT INTO rule_found SELECT _row, field, code, words FROM ({query})")
    return _told(connection, dataset)


def _told(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[pa.RecordBatch]:
    """The findings with their texts. A text is made once, however many rows it is said of."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rule_texts AS SELECT (row_number() OVER () - 1)::BIGINT AS id, * FROM ("
        "SELECT DISTINCT field, code, words FROM rule_found)"
    )
    distinct = connection.execute("SELECT field, code, words FROM rule_texts ORDER BY id").fetchall()
    columns = [pa.array(column, pa.string()) for column in zip(*texts(dataset, distinct), strict=True)]
    if not columns:
        return
    told = connection.sql(
        "SELECT f._row, t.id FROM rule_found f JOIN rule_texts t USING (field, code, words) "
        "ORDER BY f._row, list_position($fields, f.field), f.code, t.id",
        params={"fields": list(dataset.field_names)},
    )
    for each in told.to_arrow_reader(_ROWS_A_BATCH):
        rows, ids = each.columns
        yield pa.RecordBatch.from_arrays([rows, *(column.take(ids) for column in columns)], schema=FINDING_COLUMNS)
