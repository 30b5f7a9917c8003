"""Who issued a licence, through reorganisations and renamings (机构改革)."""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql
from exchange.licences.codes import code_identity, one_code_sql

LINEAGE = "issuer_lineage"
"""A relation (code, root): identities of former bodies, by code or name, and those that carry on their work."""


def issuer_identity(code: str | None, name: str | None, lineage: dict[str, str] | None = None) -> str:
    """The identity of the body that carries on an issuer's work: by code, or else by name (N and the name)."""
    plain = normalise(code)
    own = f"O{plain[8:17]}" if re.fullmatch("[0-9A-Z]{18}", plain) else code_identity(code, "001") or _by_name(name)
    return (lineage or {}).get(own, own)


def _by_name(name: str | None) -> str:
    plain = normalise(name)
    return f"N{plain}" if plain else ""


def issuer_sql(code: str, name: str) -> str:
    """`issuer_identity` as SQL over two columns, without the lineage."""
    named = (
        f"list_transform([{normalise_sql(name)}], lambda name: CASE WHEN name <> '' THEN 'N' || name ELSE '' END)[1]"
    )
    one = (
        f"CASE WHEN regexp_full_match(code, '[0-9A-Z]{{18}}') THEN 'O' || substr(code, 9, 9) "
        f"ELSE {one_code_sql('code', _BODY)} END"
    )
    coded = f"nullif(list_transform([{normalise_sql(code)}], lambda code: {one})[1], '')"
    return (
        f"CASE WHEN regexp_full_match({code}, '[0-9A-Z]{{18}}') THEN 'O' || substr({code}, 9, 9) "
        f"ELSE coalesce({coded}, {named}) END"
    )


_BODY = "'001'"
