"""How personal data is shown in a snapshot: enough to recognise a kind of value, not a person."""

from __future__ import annotations

from exchange.model.dataset import Pii

_USCC = "[1-9A-HJ-NPQRTUWXY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
_LIKE_CITIZEN_ID = "[0-9]{6}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{3}[0-9Xx]"


def masked_sql(kind: Pii, column: str) -> str:
    """SQL that masks a quoted column.

    identity: a unified social credit code is public and stays, unless it could be a citizen ID; of everything else the
    first three characters stay (of a citizen ID: the province and a part of the city). name: the first character.
    phone: the last two digits. address: the first six characters.
    """
    masks = {
        "identity": f"CASE WHEN {_public(column)} THEN {column} "
        f"ELSE left({column}, 3) || repeat('*', greatest(length({column}) - 3, 3)) END",
        "name": f"left({column}, 1) || repeat('*', greatest(length({column}) - 1, 1))",
        "phone": f"repeat('*', greatest(length({column}) - 2, 3)) || right({column}, 2)",
        "address": f"left({column}, 6) || '***'",
    }
    return masks[kind]


def _public(column: str) -> str:
    return f"regexp_full_match({column}, '{_USCC}') AND NOT regexp_full_match({column}, '{_LIKE_CITIZEN_ID}')"
