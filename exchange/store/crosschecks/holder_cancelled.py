"""W413: a licence that still counts as valid, and a holder that is no more by the golden records.

A holder is no more when every registration of it (营业执照) is rescinded, cancelled or revoked: one that was reissued
under a new number has another that is not.
"""

from __future__ import annotations

from collections.abc import Mapping

from exchange.licences.characters import normalise, normalise_sql
from exchange.licences.holder import ALIASES, aliased_sql, holder_sql
from exchange.model.crosscheck import CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.findings.crosscheck_kinds import HOLDER_CANCELLED
from exchange.model.record_sql import literal
from exchange.store.crosschecks.cross_check import CrossCheck, day_sql, shown_number, told
from exchange.store.sql import golden

ENDED: Mapping[str, tuple[str, str]] = {
    "03": ("撤销", "rescinded"),
    "04": ("注销", "cancelled"),
    "07": ("吊销", "revoked"),
}
"""The states of a registration that end its holder, in words."""
_VALID = "01"
_FIRST_CLAIM = ("node", "source", "batch", "file")


def _query(datasets: Mapping[str, Dataset], terms: CrossTerms) -> str:
    words = {
        "number": shown_number("certificate_number"),
        "type": "certificate_type",
        "registration": "registration",
        "state_zh": _worded(0),
        "state_en": _worded(1),
    }
    registration = f"kind IN ({', '.join(literal(normalise(name)) for name in terms.registrations) or 'NULL'})"
    gone = (
        f"(SELECT holder, max(certificate_type) AS registration, max(status) AS ended FROM licences "
        f"WHERE {registration} AND holder <> '' GROUP BY holder HAVING bool_and({_ended('status')}))"
    )
    return (
        f"WITH licences AS MATERIALIZED ({_licences(datasets['licence'])}) "
        f"SELECT {told(HOLDER_CANCELLED, 'licence', 'status', terms, words)} FROM licences JOIN {gone} USING (holder) "
        f"WHERE NOT coalesce({registration}, false) AND coalesce(status, '{_VALID}') = '{_VALID}' "
        f"AND coalesce(try_cast(valid_to AS DATE) >= {day_sql(terms)}, true)"
    )


def _licences(licences: Dataset) -> str:
    """The golden records with the identity of their holder, at the place of their first claim."""
    node, source, batch, file = (f"json_extract_string(_claims, '$[0].{name}')" for name in _FIRST_CLAIM)
    own = (
        f"SELECT coalesce({node}, _origin) AS origin, coalesce({source}, _source) AS source, _key AS key, "
        f"NULL::VARCHAR AS case_no, printf('%016x', _key) AS licence_id, {batch} AS batch, {file} AS file, "
        f"json_extract_string(_claims, '$[0].row')::BIGINT AS row, "
        f"certificate_number, certificate_type, status, valid_to, {normalise_sql('certificate_type')} AS kind, "
        f"{holder_sql('certificate_holder_code', 'certificate_holder_type')} AS own_holder "
        f"FROM {golden(licences)} WHERE NOT _deleted"
    )
    return (
        f"SELECT l.*, {aliased_sql('own_holder', 'h.holder')} AS holder FROM ({own}) l "
        f"LEFT JOIN {ALIASES} h ON h.code = own_holder"
    )


def _ended(column: str) -> str:
    return f"coalesce({column} IN ({', '.join(literal(code) for code in ENDED)}), false)"


def _worded(language: int) -> str:
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(words[language])}" for code, words in ENDED.items())
    return f"CASE ended {cases} END"


CHECK = CrossCheck(frozenset({"licence"}), _query)
