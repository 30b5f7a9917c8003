"""Who holds a licence: one identity for each way to write it, also when several hold it together."""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql
from exchange.licences.codes import code_identity, one_code_sql, plain_code_sql

BETWEEN = r"[、,，;；/／|｜ \t\n\f\r\x{3000}]+"
"""What stands between the codes of several holders."""
_PYTHON_BETWEEN = re.compile("[、,，;；/／|｜ \t\n\f\r\u3000]+")
JOINT = "+"
ALIASES = "holder_aliases"
"""A relation (code, holder): identities of old codes, and those of the same bodies now."""


def holder_identity(code: str | None, kind: str | None, aliases: dict[str, str] | None = None) -> str:
    """The identity of one holder or several (sorted, joined by `+`); the empty text when there is no code."""
    known = aliases or {}
    each = {code_identity(part, kind) for part in _PYTHON_BETWEEN.split(code or "")} - {""}
    return JOINT.join(sorted({known.get(one, one) for one in each}))


def holder_sql(code: str, kind: str) -> str:
    """`holder_identity` as SQL over two columns, without aliases."""
    parts = f"regexp_split_to_array({code}, '{BETWEEN}')"
    each = f"list_transform({parts}, lambda raw: {normalise_sql('raw')})"
    known = f"list_transform({each}, lambda part: {one_code_sql('part', kind)})"
    many = f"array_to_string(list_sort(list_distinct(list_filter({known}, lambda one: one <> ''))), '{JOINT}')"
    simple = f"regexp_full_match({code}, '[0-9A-Z]+')"
    return f"CASE WHEN {code} IS NULL THEN '' WHEN {simple} THEN {plain_code_sql(code, kind)} ELSE {many} END"


def aliased_sql(holder: str, found: str) -> str:
    """A holder's identity by what `ALIASES` says of it (`found`); the parts of a joint one have their own."""
    return f"coalesce({found}, {holder})"


def holder_name(value: str | None) -> str:
    """A holder's name as names are compared: the two ways to call a limited company are one, brackets are none."""
    return re.sub("[()]", "", normalise(value)).replace("有限责任公司", "有限公司")


def holder_name_sql(column: str) -> str:
    """`holder_name` as SQL."""
    return f"replace(regexp_replace({normalise_sql(column)}, '[()]', '', 'g'), '有限责任公司', '有限公司')"
