"""W203 to W206: a division code that is none, no longer or not yet one, another list's, or another province's."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import DIVISION_ALIAS, DIVISION_FOREIGN, DIVISION_RETIRED, DIVISION_UNKNOWN
from exchange.model.record_sql import ident
from exchange.validation.rules.provinces import PROVINCES
from exchange.validation.rules.rule import Rule, found, record_day


def _queries(dataset: Dataset) -> Iterator[str]:
    day = record_day(dataset)
    if day is None:
        return
    for field in dataset.areas:
        yield _query(field, day)


def _query(field: str, day: str) -> str:
    """Codes are few: each distinct code and day is judged once.

    A code of 6 or 9 digits is the division's 12 without the zeros; a village is judged by its township, and a township
    of a county that is gone by that county.
    """
    code = f"CASE WHEN length({ident(field)}) IN (6, 9) THEN rpad({ident(field)}, 12, '0') ELSE {ident(field)} END"
    words = {"found": "_found", "day": "_day", "wanted": "wanted", "name": "name"}
    branches = " UNION ALL ".join(
        f"SELECT {found(kind, field, words)} FROM named WHERE verdict = '{kind.code}'" for kind in RULE.kinds
    )
    return (
        f"WITH dated AS (SELECT _row, {ident(field)} AS _found, {day} AS _day FROM records "
        f"WHERE {ident(field)} IS NOT NULL), "
        f"pairs AS MATERIALIZED (SELECT _found, {code.replace(ident(field), '_found')} AS code, _day FROM dated "
        f"GROUP BY ALL), "
        f"placed AS (SELECT _found, _day, left(code, 9) || '000' AS township, left(code, 6) || '000000' AS county, "
        f"regexp_full_match(code, '[0-9]{{12}}') AS shaped, left(code, 2) AS province FROM pairs), "
        f"judged AS (SELECT p.*, {_VERDICT} AS verdict FROM placed p), "
        f"wrong AS MATERIALIZED (SELECT _found, _day, verdict, coalesce({_OFFICIAL}, '') AS wanted, "
        f"coalesce({_NAME}, '') AS name FROM judged j WHERE verdict <> ''), "
        f"named AS (SELECT d._row, w.* FROM dated d JOIN wrong w ON d._found = w._found "
        f"AND d._day IS NOT DISTINCT FROM w._day) {branches}"
    )


def _valid(code: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM rule_divisions v WHERE v.code = {code} AND (p._day IS NULL OR "
        f"(v.valid_from <= p._day AND p._day < v.valid_to)))"
    )


def _known(code: str) -> str:
    return f"EXISTS (SELECT 1 FROM rule_divisions v WHERE v.code = {code})"


def _alias(code: str) -> str:
    return f"EXISTS (SELECT 1 FROM rule_aliases a WHERE a.alias = {code})"


_LISTED = ", ".join(f"'{province}'" for province in PROVINCES)
_VERDICT = (
    f"CASE WHEN NOT p.shaped THEN '{DIVISION_UNKNOWN.code}' WHEN {_valid('p.township')} THEN '' "
    f"WHEN {_alias('p.township')} OR (NOT {_known('p.township')} AND {_alias('p.county')} "
    f"AND NOT {_valid('p.county')}) THEN '{DIVISION_ALIAS.code}' "
    f"WHEN {_known('p.township')} OR ({_known('p.county')} AND NOT {_valid('p.county')}) "
    f"THEN '{DIVISION_RETIRED.code}' "
    f"WHEN p.province::INTEGER <> (SELECT prefix FROM rule_province) AND p.province IN ({_LISTED}) "
    f"THEN '{DIVISION_FOREIGN.code}' ELSE '{DIVISION_UNKNOWN.code}' END"
)
_OFFICIAL = (
    "coalesce((SELECT any_value(a.code) FROM rule_aliases a WHERE a.alias = j.township), "
    "(SELECT any_value(a.code) FROM rule_aliases a WHERE a.alias = j.county))"
)
_NAME = (
    f"(SELECT arg_max(v.name, v.valid_from) FROM rule_divisions v WHERE v.code = "
    f"CASE j.verdict WHEN '{DIVISION_ALIAS.code}' THEN {_OFFICIAL} "
    f"ELSE coalesce((SELECT any_value(k.code) FROM rule_divisions k WHERE k.code = j.township), j.county) END)"
)

RULE = Rule((DIVISION_UNKNOWN, DIVISION_RETIRED, DIVISION_ALIAS, DIVISION_FOREIGN), _queries)
