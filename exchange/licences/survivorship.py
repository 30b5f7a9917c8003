"""Which claim gives a licence its fields.

By trust first (A from the issuing body, B checked by window staff, C uploaded, D self-made: 国办函〔2016〕108号; a claim
that does not say comes last), then the issuing body's own node before relays, then the version in the identifier, then
the time of the last change. What says how a licence stands today (`STATE`) follows the chain instead.
"""

from __future__ import annotations

from exchange.licences.identifier import version_sql

TRUST = "DCBA"
"""From the least to the most trusted."""


def trust_sql(column: str) -> str:
    """0 for a claim that does not say how far it can be trusted, 1 to 4 for D to A."""
    return f"strpos('{TRUST}', coalesce({column}, '-'))"


def leading_sql() -> str:
    """What decides which form names its licence: a text that sorts as its best claim ranks."""
    version = version_sql("certificate_source_id")
    return f"concat({trust_sql('trust_level')}, lpad(({version})::VARCHAR, 3, '0'), coalesce(cd_time, ''))"
