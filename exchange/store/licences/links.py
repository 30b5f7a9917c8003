"""Which licence follows which: by the identifiers that they name as the one before, without the versions."""

from __future__ import annotations

from exchange.licences.identifier import base_sql
from exchange.model.dataset import Dataset
from exchange.store.sql import golden


def links_sql(dataset: Dataset) -> str:
    """A SELECT of golden records (`licence`, a key) and those that come before them (`previous`); nothing of itself."""
    named = (
        f"SELECT _key, {base_sql('certificate_source_id')} AS own, {base_sql('previous_source_id')} AS before "
        f"FROM {golden(dataset)} WHERE NOT _deleted"
    )
    return (
        f"WITH named AS MATERIALIZED ({named}) SELECT l._key AS licence, p._key AS previous FROM named l "
        f"JOIN named p ON p.own = l.before WHERE l.before <> '' AND l._key <> p._key"
    )
