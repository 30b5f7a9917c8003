"""W307, W308 (三级四同): a licence's type, held against the certificates to which the catalogue's items lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import CERTIFICATE_NOT_IN_FORCE, CERTIFICATE_UNKNOWN
from exchange.model.record_sql import is_deletion, literal
from exchange.validation.rules.rule import Rule, shown, word_map
from exchange.validation.rules.same_text import plain

TYPE, _DAY = "certificate_type", "issue_date"


def speaks_of_certificates(dataset: Dataset) -> bool:
    """Whether records of this dataset name a kind of certificate and a day of issue."""
    return {TYPE, _DAY} <= set(dataset.field_names)


def unknown_certificates(dataset: Dataset, source: str, kept: Sequence[str], items: str = "rule_items") -> str:
    """SQL of every licence of `source` whose type no item in force leads to; the columns are those of `deviations`.

    Types are few: each distinct name and day is judged once. The item is not known, so `item` is the type's name.
    """
    same = f"i.plain_name = {plain('p.' + TYPE)}"
    return (
        f"WITH dated AS (SELECT {', '.join([*kept, TYPE])}, {_DAY} AS day FROM {source} "
        f"WHERE {TYPE} IS NOT NULL AND {_DAY} IS NOT NULL AND NOT {is_deletion(dataset)}), "
        f"pairs AS (SELECT DISTINCT {TYPE}, day FROM dated), "
        f"certificates AS MATERIALIZED (SELECT {plain('certificate')} AS plain_name, valid_from, valid_to FROM {items} "
        f"WHERE certificate IS NOT NULL), "
        f"wrong AS (SELECT p.*, CASE WHEN EXISTS (SELECT 1 FROM certificates i WHERE {same}) "
        f"THEN {literal(CERTIFICATE_NOT_IN_FORCE.code)} ELSE {literal(CERTIFICATE_UNKNOWN.code)} END AS code "
        f"FROM pairs p WHERE NOT EXISTS (SELECT 1 FROM certificates i WHERE {same} "
        f"AND i.valid_from <= p.day AND p.day < i.valid_to)) "
        f"SELECT {', '.join([*kept, f'd.{TYPE} AS item', 'd.day', f'{literal(TYPE)} AS field', 'w.code'])}, "
        f"d.{TYPE} AS found, '' AS wanted FROM dated d JOIN wrong w ON d.{TYPE} = w.{TYPE} AND d.day = w.day"
    )


def _queries(dataset: Dataset) -> Iterator[str]:
    if speaks_of_certificates(dataset):
        words = word_map({"found": shown("found"), "day": "day"})
        yield f"SELECT _row, field, code, {words} AS words FROM ({unknown_certificates(dataset, 'records', ['_row'])})"


RULE = Rule((CERTIFICATE_UNKNOWN, CERTIFICATE_NOT_IN_FORCE), _queries)
