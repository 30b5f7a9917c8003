"""A licence's number in two forms: as it tells licences apart, and its core, in which slips of the pen are looked for.

第 and 号 frame a number and are not part of it: 第0012号, 0012号 and 0012 are one number. Brackets and dashes belong to
it (A-1-23 is not A-12-3), and only the core leaves them out.
"""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql, steps_of
from exchange.licences.codes import TELLS_NOTHING

ITSELF = "@"
"""The number of a licence that bears its holder's citizen ID as its number."""
FRAME = "第号"
_FRAME = str.maketrans("", "", FRAME)
_PLAIN = "[0-9A-Z]+"
_OUTSIDE_CORE = r"[^0-9A-Z\x{3400}-\x{9FFF}\x{20000}-\x{3FFFF}]|[第号字]"
_PYTHON_OUTSIDE_CORE = re.compile("[^0-9A-Z\u3400-\u9fff\U00020000-\U0003ffff]|[第号字]")


def number(value: str | None) -> str:
    """The number as it tells licences apart; the empty text when there is none."""
    plain = normalise(value).translate(_FRAME)
    return "" if re.fullmatch(TELLS_NOTHING, plain) else plain


def core(value: str | None) -> str:
    """Letters, digits and Chinese characters of a number alone."""
    return _PYTHON_OUTSIDE_CORE.sub("", number(value))


def number_steps(value: str) -> tuple[str, ...]:
    """What was done to a number, by name."""
    framed = ("frame",) if set(value) & set(FRAME) else ()
    return (*steps_of(value), *framed)


def number_sql(column: str) -> str:
    """`number` as SQL; a number of letters and digits takes a path of its own."""
    framed = f"replace(replace({normalise_sql(column)}, '第', ''), '号', '')"
    return (
        f"CASE WHEN regexp_full_match({column}, '[1-9A-Z]{_PLAIN}') THEN {column} "
        f"WHEN regexp_full_match({framed}, '{TELLS_NOTHING}') THEN '' ELSE {framed} END"
    )


def core_sql(number_column: str) -> str:
    """`core` as SQL, over a number that `number_sql` has made."""
    return (
        f"CASE WHEN regexp_full_match({number_column}, '{_PLAIN}|{ITSELF}') THEN {number_column} "
        f"ELSE regexp_replace({number_column}, '{_OUTSIDE_CORE}', '', 'g') END"
    )
