"""What is wrong with the claims of licences: a function of the claims, made anew with the licences themselves."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from exchange.licences.blocks import NUMBER_LIMIT
from exchange.licences.chain import ENDED, RETURNED
from exchange.licences.holder import JOINT
from exchange.model.dataset import Dataset
from exchange.model.findings import Kind
from exchange.model.findings import licence_kinds as kinds
from exchange.model.record_sql import literal
from exchange.store.nearby import spans
from exchange.store.sql import keyed

_ENDED = ", ".join(f"'{state}'" for state in ENDED)
_SHARING = (
    "SELECT a.form FROM affected_now a JOIN within k ON k.identifier_block = a.identifier_block "
    "WHERE k.licence <> a.licence"
)
_HELD_OTHERWISE = (
    "SELECT a.form FROM affected_now a JOIN within k ON k.number_block = a.number_block AND k.cluster = a.cluster "
    f"JOIN forms f ON f.form = a.form AND f.number_forms <= {NUMBER_LIMIT} "
    "WHERE k.licence <> a.licence AND k.holder_block <> a.holder_block"
)
_PLACES: Mapping[Kind, tuple[str, str]] = {
    kinds.NO_NUMBER: ("certificate_number", "SELECT form FROM forms WHERE number = ''"),
    kinds.SEVERAL_HOLDERS: ("certificate_holder_code", f"SELECT form FROM forms WHERE contains(holder, '{JOINT}')"),
    kinds.CROWDED_NUMBER: ("certificate_number", f"SELECT form FROM forms WHERE number_forms > {NUMBER_LIMIT}"),
    kinds.SHARED_IDENTIFIER: ("certificate_source_id", _SHARING),
    kinds.OTHER_HOLDER: ("certificate_holder_code", _HELD_OTHERWISE),
}
"""Findings that stand on every claim of a form: the field, and the forms.

`affected_now` are the keys of the claims that are made anew, `within` those of all claims in their blocks: what a claim
shares with another licence it may share with one outside its component.
"""
_ENDS = f"(SELECT licence, min(happened) AS ended FROM happened WHERE state IN ({_ENDED}) GROUP BY licence)"
_AFTER_END = (
    f"SELECT h.licence, h.node, h.source FROM happened h JOIN {_ENDS} e USING (licence) "
    f"WHERE h.happened > e.ended AND h.state NOT IN ({_ENDED})"
)
_RETURNED = (
    f"SELECT licence, node, source FROM happened h WHERE operation = '{RETURNED}' AND NOT EXISTS ("
    "SELECT 1 FROM happened b WHERE b.licence = h.licence AND b.state = '02' AND b.happened <= h.happened)"
)
_EVENTS: Mapping[Kind, tuple[str, str]] = {
    kinds.AFTER_END: ("status", _AFTER_END),
    kinds.RETURNED_UNSUSPENDED: ("change_type", _RETURNED),
}
"""Findings of a licence's life: the field, and the licences with the source that told it.

They stand on that source's claim, or on all claims where it has none of its own here (a child node's record tells many
events).
"""
_COLUMNS = (
    "dataset, component, licence, origin, source, key, batch, file, row, field, code, severity, "
    "message_zh, message_en, hint_zh, hint_en"
)


def renew_findings(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Make the findings anew of the components in `components` and of the claims in `members`."""
    connection.execute(
        "DELETE FROM hub.licence_findings WHERE dataset = $dataset AND component IN (FROM components)",
        {"dataset": dataset.name},
    )
    kinds_here = spans(connection, "cluster", "affected")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE within AS SELECT DISTINCT form, licence, cluster, number_block, holder_block, "
        f"identifier_block FROM {keyed(dataset)} WHERE ({kinds_here}) AND form IS NOT NULL AND ("
        f"number_block IN (SELECT number_block FROM affected) "
        f"OR identifier_block IN (SELECT identifier_block FROM affected))"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE affected_now AS FROM within SEMI JOIN matched USING (form)")
    on_forms = [
        _finding(dataset, kind, field, f"JOIN ({forms}) f ON f.form = c._form")
        for kind, (field, forms) in _PLACES.items()
    ]
    on_events = [
        _finding(
            dataset,
            kind,
            field,
            f"JOIN (SELECT DISTINCT * FROM ({told})) t ON t.licence = c._thing AND "
            f"(c._claims IS NOT NULL OR (t.node = c._origin AND t.source = c._source))",
        )
        for kind, (field, told) in _EVENTS.items()
    ]
    itself = "WHERE previous_source_id IS NOT NULL AND previous_source_id = certificate_source_id"
    on_claims = [_finding(dataset, kinds.NAMES_ITSELF, "previous_source_id", itself)]
    connection.execute(
        f"INSERT INTO hub.licence_findings ({_COLUMNS}) {' UNION '.join([*on_forms, *on_events, *on_claims])}"
    )


def _finding(dataset: Dataset, kind: Kind, field: str, where: str) -> str:
    """A SELECT of a finding on each claim `c` that `where` joins or keeps."""
    made = kind.at(field=field)
    texts = ", ".join(literal(text) for text in (field, kind.code, made.severity.value, *made.message, *made.hint))
    return (
        f"SELECT {literal(dataset.name)}, m.component, c._thing, c._origin, c._source, c._key, "
        f"c._batch, c._file, c._row, "
        f"{texts} FROM members c JOIN matched m ON m.form = c._form {where}"
    )
