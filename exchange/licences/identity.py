"""The exact identity of a record of any dataset that declares one (`x-identity`): its normalised identity columns."""

from __future__ import annotations

from collections.abc import Sequence

from exchange.licences.characters import normalise_sql

SEPARATOR = "\x1f"


def identity_sql(columns: Sequence[str]) -> str:
    """The identity of a record as one SQL text, from its quoted identity columns."""
    return f"concat_ws('{SEPARATOR}', {', '.join(normalise_sql(column) for column in columns)})"
