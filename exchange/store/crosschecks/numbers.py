"""The numbers that results name and that licences bear, in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from exchange.licences.characters import normalise_sql
from exchange.licences.number import number_sql, plain_sql
from exchange.model.dataset import Dataset
from exchange.store.sql import held

NAMED = "cross_named"
"""A relation of one row for each number of a result: its place, `case_no`, `outcome`, `settled`, `written` with its
characters in their normal form, `number`, and `whole`, the number that all of the field would be."""
BORNE = "cross_borne"
"""A relation of one row for each live claim of a licence: its place, `issued`, `written` and `number`, as above."""
_BETWEEN = "[、,;]"
"""Between the numbers of several certificates that one case led to; a number that holds one is compared as a whole."""


def place(case_no: str) -> str:
    """The place of a record, as `told` needs it."""
    return (
        f"_origin AS origin, _source AS source, _key AS key, {case_no} AS case_no, NULL::VARCHAR AS licence_id, "
        f"_batch AS batch, _file AS file, _row AS row"
    )


def make_numbers(connection: duckdb.DuckDBPyConnection, datasets: Mapping[str, Dataset]) -> None:
    """Make both relations, each where there is such a dataset.

    The normal form of the characters is reckoned once: it costs more than everything that follows.
    """
    if "case_result" in datasets:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {NAMED} AS {_named(datasets['case_result'])}")
    if "licence" in datasets:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {BORNE} AS {_borne(datasets['licence'])}")


def _named(results: Dataset) -> str:
    parts = (
        f"CASE WHEN regexp_matches(written, '{_BETWEEN}') "
        f"THEN list_distinct(regexp_split_to_array(written, '{_BETWEEN}')) ELSE [written] END"
    )
    all_of_it = (
        f"SELECT {place('project_no')}, result_type AS outcome, left(result_date, 10) AS settled, "
        f"{normalise_sql('result_cetr_no')} AS written FROM {held(results)} "
        f"WHERE NOT _deleted AND result_cetr_no IS NOT NULL"
    )
    each = f"SELECT * REPLACE (unnest({parts}) AS written), {_number('written')} AS whole FROM ({all_of_it})"
    return f"SELECT *, {_number('written')} AS number FROM ({each}) WHERE number <> ''"


def _borne(licences: Dataset) -> str:
    each = (
        f"SELECT {place('NULL::VARCHAR')}, issue_date AS issued, {normalise_sql('certificate_number')} AS written "
        f"FROM {held(licences)} WHERE NOT _deleted"
    )
    return f"SELECT *, {_number('written')} AS number FROM ({each}) WHERE number <> ''"


def _number(normal: str) -> str:
    return number_sql(normal, plain_sql(normal))
