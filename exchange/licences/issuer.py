"""Who issued a licence, through reorganisations and renamings (机构改革)."""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql
from exchange.licences.codes import code_identity, one_code_sql

WORD = r"[A-Z\x{3400}-\x{9FFF}]"
_WORD = "[A-Z\u3400-\u9fff]"
"""A name has a letter or a Chinese character at least: - and / are none."""
LINEAGE = "issuer_lineage"
"""A relation (code, root): identities of former bodies, by code or name, and those that carry on their work."""


def issuer_identity(code: str | None, name: str | None, lineage: dict[str, str] | None = None) -> str:
    """The identity of the body that carries on an issuer's work: by code, or else by name (N and the name)."""
    plain = normalise(code)
    own = f"O{plain[8:17]}" if re.fullmatch("[0-9A-Z]{18}", plain) else code_identity(code, "001") or _by_name(name)
    return (lineage or {}).get(own, own)


def _by_name(name: str | None) -> str:
    plain = normalise(name)
    return f"N{plain}" if re.search(_WORD, plain) else ""


def issuer_sql(code: str, name: str) -> str:
    """`issuer_identity` as SQL over two columns, without the lineage."""
    called = f"CASE WHEN regexp_matches(name, '{WORD}') THEN 'N' || name ELSE '' END"
    named = f"list_transform([{normalise_sql(name)}], lambda name: {called})[1]"
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
