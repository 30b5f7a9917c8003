"""Holders written otherwise: names in other signs or words, codes in other signs, in older forms, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.matching.claims import Record
from benchmarks.matching.holders import Holder
from benchmarks.matching.number_writing import Writing, another, full_width, invisible, other_brackets, spaces
from benchmarks.matching.world import Licence

_NO_CODE = (None, None, "", "无", "-", "/", "0")
_SUFFIX = {"有限公司": "有限责任公司", "有限责任公司": "有限公司", "股份有限公司": "股份公司"}
_SEPARATORS = "、,，；; /"


def _other_suffix(name: str, _rng: Random) -> str:
    for suffix, other in sorted(_SUFFIX.items(), key=lambda item: -len(item[0])):
        if name.endswith(suffix):
            return name.removesuffix(suffix) + other
    return name


def _branch(name: str, rng: Random) -> str:
    if len(name) < 5:
        return name
    return f"{name}（{rng.choice(('本部', '总店', '新区店', '一分店'))}）"


def _wide_inside(name: str, _rng: Random) -> str:
    return "\u3000".join(name) if len(name) <= 3 else name


_WRITINGS: Sequence[tuple[Writing, int]] = (
    (_other_suffix, 30),
    (other_brackets, 15),
    (full_width, 5),
    (spaces, 20),
    (invisible, 6),
    (_branch, 9),
    (_wide_inside, 15),
)


def name_otherwise(name: str, rng: Random) -> str:
    """The name in another writing."""
    return another(name, _WRITINGS, rng)


def holder_otherwise(record: Record, licence: Licence, rng: Random) -> None:
    """The name otherwise, or the code, or both; one time in three the code is missing."""
    holder = licence.holders[0]
    draw = rng.random()
    if draw < 0.35:
        record["certificate_holder_code"] = rng.choice(_NO_CODE)
        record["certificate_holder_type"] = None
        if rng.random() < 0.3:
            record["certificate_holder"] = name_otherwise(holder.name, rng)
    elif draw < 0.5:
        record["certificate_holder_code"] = _code_otherwise(holder.code, rng)
    elif draw < 0.53 and holder.is_person:
        record["certificate_holder"] = holder.name[0] + "*" * (len(holder.name) - 1)
    else:
        record["certificate_holder"] = name_otherwise(holder.name, rng)


def _code_otherwise(code: str, rng: Random) -> str:
    way = rng.choice((full_width, spaces, invisible))
    return code.lower() if code.lower() != code and rng.random() < 0.5 else way(code, rng)


def old_code(holder: Holder, rng: Random) -> tuple[str, str] | None:
    """A code that the holder had before today's, and the kind of code that it is; None if there never was one.

    A firm founded before 2015 has an organisation code and a registration number, a person born before 2000 may still
    be kept with the citizen ID of 15 digits.
    """
    if holder.is_person:
        return None if holder.old_id is None else (holder.old_id, "111")
    if holder.registration is not None and rng.random() < 0.4:
        return holder.registration, "099"
    dashed = f"{holder.org_code[:8]}-{holder.org_code[8]}"
    return rng.choice((holder.org_code, dashed)), "099"


def joined(holders: Sequence[Holder], rng: Random) -> tuple[str, str]:
    """Several holders in an order and with a separator of their own; a few records name the first only."""
    order = rng.sample(holders, len(holders))
    if rng.random() < 0.03:
        return f"{holders[0].name}等{len(holders)}人", holders[0].code
    separator = rng.choice(_SEPARATORS)
    return separator.join(each.name for each in order), separator.join(each.code for each in order)
