"""Which claim gives a licence its fields.

By trust first (国办函〔2016〕108号: A from the issuing body, B checked by window staff, C uploaded, D self-made; who
does not say comes last), then the issuing body's own node before relays, then the version in the identifier, then the
time of the last change. What belongs to a version (`VERSIONED`) goes by the version first: a renewal that only a
relay has told of so far is one. How a licence stands today (`STATE`) is what its life has come to (`chain`).
"""

from __future__ import annotations

from collections.abc import Iterator

from exchange.licences.identifier import version_sql
from exchange.model.dataset import Dataset
from exchange.model.record_sql import ident

TRUST = "DCBA"
"""From the least to the most trusted."""
VERSIONED = ("certificate_source_id", "previous_source_id", "valid_from", "valid_to")
STATE = {"status": "state", "change_type": "operation", "change_time": "changed", "change_reason": "reason"}
"""Fields that the newest event tells, and what they are called in it."""
LAST = ("_version", "_digest", "_origin", "_source")
"""What decides between claims of one rank, so that the order of arrival never does."""
ORDER = ("_trust", "_issuing", "_number_of_version", *LAST)
"""The declared order, the highest wins."""
VERSION_ORDER = ("_number_of_version", "_trust", "_issuing", *LAST)


def trust_sql(column: str) -> str:
    """0 for a claim that does not say how far it can be trusted, 1 to 4 for D to A."""
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE strpos('{TRUST}', {column}) END"


def leading_sql() -> str:
    """What decides which form names its licence: a text that sorts as its best claim ranks."""
    version = version_sql("certificate_source_id")
    return f"concat({trust_sql('trust_level')}, lpad(({version})::VARCHAR, 3, '0'), coalesce(cd_time, ''))"


def ranked_sql(rows: str) -> str:
    """A SELECT of claims with what they rank by.

    A claim is the issuing body's own when the division in the body's USCC (positions 3 to 8, GB 32100-2015) is that
    of the node at which it entered.
    """
    return (
        f"SELECT *, {trust_sql('trust_level')} AS _trust, "
        f"coalesce(substr(issue_dept_code, 3, 6) = left(_origin, 6), false) AS _issuing, "
        f"{version_sql('certificate_source_id')} AS _number_of_version FROM {rows}"
    )


def places_sql(thing: str) -> str:
    """Columns: the place of a claim among those of its licence, from the least, in either order."""
    return ", ".join(
        f"row_number() OVER (PARTITION BY {thing} ORDER BY {', '.join(order)}) AS {name}"
        for name, order in (("_place", ORDER), ("_version_place", VERSION_ORDER))
    )


def fields_sql(dataset: Dataset) -> Iterator[str]:
    """Of each field the expression over a licence's placed claims; `STATE` comes from `_now`, an event."""
    for name in dataset.field_names:
        if name in STATE:
            yield f"any_value(_now).{STATE[name]} AS {ident(name)}"
        else:
            place = "_version_place" if name in VERSIONED else "_place"
            yield f"arg_max({ident(name)}, {place}) AS {ident(name)}"
