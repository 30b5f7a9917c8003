"""A licence's number in two forms: as it tells licences apart, and its core, in which slips of the pen are looked for.

第 and 号 frame a number and are not part of it, nor is a label before it: 第12号, 编号:12 and 12 are one number.
Brackets and dashes belong to it (A-1-23 is not A-12-3), and only the core leaves them out.
"""

from __future__ import annotations

import re

from exchange.licences.characters import normalise, normalise_sql, steps_of
from exchange.licences.codes import TELLS_NOTHING

FRAME = "第号"
LABEL = r"^((证书|证照|许可证|登记)?(编号|号码|证号)|NO\.|NO:|№)[:.]?"
"""What forms print before a number, once it is in its normal form."""
_FRAME = str.maketrans("", "", FRAME)
_PLAIN = "[0-9A-Z]+"
_OUTSIDE_CORE = r"[^0-9A-Z\x{3400}-\x{9FFF}\x{20000}-\x{3FFFF}]|[第号字]"
_PYTHON_OUTSIDE_CORE = re.compile("[^0-9A-Z\u3400-\u9fff\U00020000-\U0003ffff]|[第号字]")


def number(value: str | None) -> str:
    """The number as it tells licences apart; the empty text when there is none."""
    plain = re.sub(LABEL, "", normalise(value)).translate(_FRAME)
    return "" if re.fullmatch(TELLS_NOTHING, plain) else plain


def core(value: str | None) -> str:
    """Letters, digits and Chinese characters of a number alone."""
    return _PYTHON_OUTSIDE_CORE.sub("", number(value))


def number_steps(value: str) -> tuple[str, ...]:
    """What was done to a number, by name."""
    labelled = ("label",) if re.match(LABEL, normalise(value)) else ()
    framed = ("frame",) if set(re.sub(LABEL, "", normalise(value))) & set(FRAME) else ()
    return (*steps_of(value), *labelled, *framed)


def plain_sql(column: str) -> str:
    """Whether a number is of capital letters and digits alone: then it is its own normal form, and its own core."""
    return f"coalesce(regexp_full_match({column}, '[1-9A-Z]{_PLAIN}'), false)"


def number_sql(column: str, plain: str) -> str:
    """`number` as SQL, given a column with `plain_sql`."""
    bare = f"regexp_replace({normalise_sql(column)}, '{LABEL}', '')"
    framed = f"replace(replace({bare}, '第', ''), '号', '')"
    return (
        f"CASE WHEN {plain} THEN {column} WHEN regexp_full_match({framed}, '{TELLS_NOTHING}') THEN '' ELSE {framed} END"
    )


def core_sql(number_column: str, plain: str) -> str:
    """`core` as SQL, over a number that `number_sql` has made."""
    return (
        f"CASE WHEN {plain} THEN {number_column} ELSE regexp_replace({number_column}, '{_OUTSIDE_CORE}', '', 'g') END"
    )
