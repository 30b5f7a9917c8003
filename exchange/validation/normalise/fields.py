"""The normaliser of one field: which steps its declaration calls for, and the fast path past all of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from exchange.model.dataset import Field
from exchange.model.findings.finding import Kind
from exchange.model.findings.repair_kinds import DATE_FORM, LETTER_CASE, NUMBER_FORM, PLACEHOLDER, SEVERAL_PHONES
from exchange.model.findings.row_kinds import DATE_WITHOUT_DAY, SPOILED_NUMBER, UNPRINTABLE
from exchange.validation.formats import FORMATS
from exchange.validation.normalise.characters import compact, half_width, is_clean, key_text, plain_text, unprintable
from exchange.validation.normalise.dates import is_wall_clock, lacks_day, standard_date, standard_date_time
from exchange.validation.normalise.numbers import is_scientific, is_spoiled, standard_number
from exchange.validation.normalise.phones import several_phones
from exchange.validation.normalise.placeholders import placeholders

Cleaned = tuple[str | None, tuple[Kind, ...]]
"""The value in its standard form (None: empty) and what was done to it or, as a kind of severity reject, is wrong."""
Normaliser = Callable[[str], Cleaned]
_Form = Callable[[str], tuple[str, Kind | None]]

_CLEAN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_CLEAN_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+08:00").fullmatch
_CLEAN_IDENTIFIER = re.compile(r"[0-9][0-9A-Z.]+").fullmatch
_CLEAN_INTEGER = re.compile(r"-?[1-9][0-9]*|0").fullmatch
_CLEAN_PHONE = re.compile(r"[0-9]{2,}").fullmatch
_BEFORE_EXPONENT = frozenset({"E+", "e+"})


def normaliser(field: Field, *, key: bool = False) -> Normaliser:
    """The function that puts a cell of this field into standard form. `key`: the field is of the business key.

    A value in standard form comes back as it is, with no kinds. One that no step can put right comes back as far as
    it came: whether it is then acceptable is for the schema alone to say.
    """
    nothing = placeholders(field)
    fast = _fast_path(field, nothing, key=key)
    characters = _characters(field, key=key)
    form = _form(field)

    def clean(cell: str) -> Cleaned:
        if not cell:
            return None, ()
        if fast(cell):
            return cell, ()
        if unprintable(cell):
            return cell, (UNPRINTABLE,)
        text, repairs = characters(cell)
        if text.lower() in nothing:
            return None, (PLACEHOLDER,)
        if not text:
            return None, repairs
        text, kind = form(text)
        return text, repairs if kind is None else (*repairs, kind)

    return clean


def _fast_path(field: Field, nothing: frozenset[str], *, key: bool) -> Callable[[str], object]:
    """A cheap test that is true only of values to which no step would do anything."""
    if field.format == "date":
        return _CLEAN_DATE
    if field.format == "date-time":
        return _CLEAN_DATE_TIME
    if field.type != "string":
        return _CLEAN_INTEGER
    if field.pii == "phone":
        return _CLEAN_PHONE
    if _is_number_of_a_body(field):
        return _CLEAN_IDENTIFIER
    return _clean_text(nothing, ascii_only=key or bool(field.format or field.codes))


def _clean_text(nothing: frozenset[str], *, ascii_only: bool) -> Callable[[str], bool]:
    def fast(text: str) -> bool:
        return (
            (not ascii_only or text.isascii())
            and is_clean(text)
            and text[-4:-2] not in _BEFORE_EXPONENT
            and text.lower() not in nothing
        )

    return fast


def _is_number_of_a_body(field: Field) -> bool:
    return field.format in FORMATS or field.pii == "identity"


def _characters(field: Field, *, key: bool) -> Callable[[str], tuple[str, tuple[Kind, ...]]]:
    if _is_number_of_a_body(field):
        return compact
    if field.type != "string" or field.format or field.codes or field.pii == "phone":
        return half_width
    return key_text if key else plain_text


def _form(field: Field) -> _Form:
    if field.type in {"integer", "number"}:
        return _number_form(whole=field.type == "integer")
    if field.type == "boolean":
        return _lower
    if field.format in {"date", "date-time"}:
        return _date_form(standard_date if field.format == "date" else standard_date_time)
    if field.pii == "phone":
        return _phone_form
    return _identifier_form if _is_number_of_a_body(field) else _text_form


def _number_form(*, whole: bool) -> _Form:
    def form(text: str) -> tuple[str, Kind | None]:
        standard = standard_number(text, whole=whole)
        if standard is None:
            return text, SPOILED_NUMBER if whole and is_scientific(text) else None
        return standard, NUMBER_FORM if standard != text else None

    return form


def _date_form(standard: Callable[[str], str | None]) -> _Form:
    def form(text: str) -> tuple[str, Kind | None]:
        if lacks_day(text):
            return text, DATE_WITHOUT_DAY
        moment = standard(text)
        if moment is None:
            return text, None
        return moment, None if moment == text or is_wall_clock(text) else DATE_FORM

    return form


def _text_form(text: str) -> tuple[str, Kind | None]:
    return text, SPOILED_NUMBER if is_spoiled(text) else None


def _phone_form(text: str) -> tuple[str, Kind | None]:
    phones = several_phones(text)
    return _text_form(text) if phones is None or phones == text else (phones, SEVERAL_PHONES)


def _identifier_form(text: str) -> tuple[str, Kind | None]:
    if is_spoiled(text):
        return text, SPOILED_NUMBER
    upper = text.upper() if text.isascii() else text
    return upper, LETTER_CASE if upper != text else None


def _lower(text: str) -> tuple[str, Kind | None]:
    return text.lower(), LETTER_CASE if text != text.lower() else None
