"""The keys of a claim: what it is compared by, from the columns of the licence dataset, as SQL.

Two claims with one `form` say the same of kind, issuer, number and holder once each is in its normal form: they are one
licence, and nothing else is looked at. The blocks say which other forms can be the same licence: `number_block` those
of one kind with one core of the number, `holder_block` those of one kind and holder, `identifier_block` those of one
kind with one identifier but for its version. A kind is never compared with another.
"""

from __future__ import annotations

from collections.abc import Collection

from exchange.licences.characters import normalise_sql
from exchange.licences.codes import one_code_sql
from exchange.licences.holder import ALIASES, aliased_sql, holder_sql
from exchange.licences.identifier import base_sql
from exchange.licences.issuer import LINEAGE, issuer_sql
from exchange.licences.number import core_sql, number_sql, plain_sql
from exchange.model.dataset import Dataset
from exchange.model.record_sql import ident

ROLES = (
    "certificate_source_id",
    "certificate_type",
    "certificate_type_code",
    "certificate_number",
    "issue_dept",
    "issue_dept_code",
    "issue_date",
    "certificate_holder",
    "certificate_holder_code",
    "certificate_holder_type",
    "valid_to",
    "trust_level",
    "cd_time",
)
"""The columns that licences are told apart by; one that a file does not have is empty in every row."""
RULES_VERSION = "1"
"""Counts up with every change of what this package says is one licence: stores are resolved anew then."""


def roles_sql(there: Collection[str]) -> str:
    """The role columns of a relation of texts, whichever of them there are."""
    return ", ".join(ident(name) if name in there else f"NULL::VARCHAR AS {ident(name)}" for name in ROLES)


def normal_sql(rows: str, kept: str) -> str:
    """A SELECT of claims in their normal forms from a relation with the role columns; `kept` columns stay.

    It adds kind, issuer, number, core, holder and identifier. Needs the relations `LINEAGE` and `ALIASES`.
    """
    plain = f"(SELECT *, {plain_sql('certificate_number')} AS plain FROM {rows})"
    read = (
        f"SELECT {kept}, plain, COLUMNS([{', '.join(repr(name) for name in ROLES)}]), "
        f"{_kind_sql()} AS kind, {issuer_sql('issue_dept_code', 'issue_dept')} AS own_issuer, "
        f"{number_sql('certificate_number', 'plain')} AS own_number, "
        f"{holder_sql('certificate_holder_code', 'certificate_holder_type')} AS own_holder, "
        f"{base_sql('certificate_source_id')} AS identifier FROM {plain}"
    )
    linked = (
        f"SELECT n.* EXCLUDE (own_issuer, own_holder), coalesce(l.root, own_issuer) AS issuer, "
        f"{aliased_sql('own_holder', 'h.holder')} AS holder FROM ({read}) n "
        f"LEFT JOIN {LINEAGE} l ON l.code = n.own_issuer LEFT JOIN {ALIASES} h ON h.code = n.own_holder"
    )
    numbered = f"SELECT * EXCLUDE (own_number), {_own_number_sql()} AS number FROM ({linked})"
    return f"SELECT * EXCLUDE (plain), {core_sql('number', 'plain')} AS core FROM ({numbered})"


def keys_sql(reference: str) -> str:
    """The key columns over a relation that `normal_sql` made; `reference` names a claim that has nothing else."""
    alone = f"CASE WHEN identifier <> '' THEN '#' || identifier ELSE '##' || {reference} END"
    form = (
        f"md5_number_lower(CASE WHEN number = '' THEN concat_ws(chr(31), kind, {alone}) "
        f"ELSE concat_ws(chr(31), kind, issuer, number, holder) END)"
    )
    return (
        f"{form} AS form, CASE WHEN core <> '' THEN hash(kind, core) END AS number_block, "
        f"CASE WHEN holder <> '' AND core <> '' THEN hash(kind, holder) END AS holder_block, "
        f"CASE WHEN identifier <> '' THEN hash(kind, identifier) END AS identifier_block"
    )


def cluster_sql() -> str:
    """Where a claim lies in the store: claims of one kind together, and of one issuer within it."""
    return "((hash(kind) >> 48) << 16 | (hash(issuer) >> 48))::UINTEGER"


def kind_span_sql(clusters: str) -> str:
    """The first and the last cluster of the kind that a cluster belongs to."""
    return f"({clusters} >> 16) << 16, ({clusters} >> 16) << 16 | 65535"


def clustered_sql(rows: str) -> str:
    """A SELECT of claims with their `_cluster`, from a relation with the role columns. Needs the relation `LINEAGE`."""
    own = f"SELECT *, {_kind_sql()} AS kind, {issuer_sql('issue_dept_code', 'issue_dept')} AS own_issuer FROM {rows}"
    linked = (
        f"SELECT n.*, coalesce(l.root, own_issuer) AS issuer FROM ({own}) n "
        f"LEFT JOIN {LINEAGE} l ON l.code = n.own_issuer"
    )
    return f"SELECT * EXCLUDE (kind, own_issuer, issuer), {cluster_sql()} AS _cluster FROM ({linked})"


def compares(dataset: Dataset) -> bool:
    """Whether the records of a dataset are told apart as licences are: it has an identity, and all their columns."""
    return bool(dataset.identity) and set(ROLES) <= set(dataset.field_names)


def _kind_sql() -> str:
    code, name = normalise_sql("certificate_type_code"), normalise_sql("certificate_type")
    return f"CASE WHEN coalesce({code}, '') <> '' THEN {code} WHEN {name} <> '' THEN 'N' || {name} ELSE '' END"


def _own_number_sql() -> str:
    """A number that is the holder's own citizen ID has its 18 places, however either is written."""
    code = one_code_sql("own_number", "certificate_holder_type")
    return (
        f"CASE WHEN length(own_number) IN (15, 18) AND starts_with(holder, 'P') AND {code} = holder "
        f"THEN substr(holder, 2) ELSE own_number END"
    )
