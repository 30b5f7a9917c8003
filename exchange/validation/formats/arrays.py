"""The check digits of whole columns at once: what the predicates beside say of one text, said of an Arrow array.

A text of another length, or with other characters than digits and capitals, is not given to arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from exchange.validation.formats.citizen_id import CHECK as CITIZEN_CHECK
from exchange.validation.formats.citizen_id import WEIGHTS as CITIZEN_WEIGHTS
from exchange.validation.formats.codes import is_task_code
from exchange.validation.formats.licence_id import is_licence_id
from exchange.validation.formats.organisations import (
    ORG_CHECK,
    ORG_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
    is_org_code,
    is_registration_no,
)

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
OnArray = Callable[[pa.Array], pa.Array]
_NONE = 255
_REMEMBERED = 65_536
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 2_800, np.int32)


class Texts(NamedTuple):
    """The texts of an array as they lie in memory: all bytes, and where each begins; null has no length.

    `padded` is `codes` with two more bytes, so that one may look past the end.
    """

    padded: Bytes
    starts: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]

    @property
    def codes(self) -> Bytes:
        """The bytes."""
        return self.padded[:-2]


def texts_of(texts: pa.Array) -> Texts:
    """The parts of an array of strings."""
    _, ends, content = texts.buffers()
    if ends is None:
        return Texts(np.zeros(2, np.uint8), np.empty(0, np.int32), np.empty(0, np.int32))
    offsets = np.frombuffer(ends, np.int32, len(texts) + 1, texts.offset * 4)
    codes = np.frombuffer(content or b"", np.uint8)[offsets[0] : offsets[-1]]
    return Texts(np.append(codes, np.zeros(2, np.uint8)), offsets[:-1] - offsets[0], np.diff(offsets))


def _values(alphabet: str) -> Bytes:
    table = np.full(256, _NONE, np.uint8)
    table[np.frombuffer(alphabet.encode(), np.uint8)] = np.arange(len(alphabet), dtype=np.uint8)
    return table


_ZERO = np.uint8(ord("0"))
_BASE_36 = _values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_USCC = _values(USCC_ALPHABET)


def citizen_ids(texts: pa.Array) -> pa.Array:
    """`is_citizen_id` of each text; false where there is none."""
    return on_places(texts, 18, _are_citizen_ids)


def usccs(texts: pa.Array) -> pa.Array:
    """`is_uscc` of each text; false where there is none."""
    return on_places(texts, 18, _are_usccs)


def by_distinct(predicate: Callable[[str], bool]) -> OnArray:
    """The predicate of a whole array; it is asked once for each of the last values that differ."""
    known: dict[str, bool] = {}

    def on_array(texts: pa.Array) -> pa.Array:
        encoded = texts.dictionary_encode()
        if len(known) > _REMEMBERED:
            known.clear()
        verdicts = []
        for text in encoded.dictionary.to_pylist():
            verdict = known.get(text)
            if verdict is None:
                verdict = known[text] = predicate(text)
            verdicts.append(verdict)
        return pa.array(verdicts, pa.bool_()).take(encoded.indices)

    return on_array


ON_ARRAYS: Mapping[str, OnArray] = {
    "citizen-id": citizen_ids,
    "uscc": usccs,
    "task-code": by_distinct(is_task_code),
    "org-code": by_distinct(is_org_code),
    "registration-no": by_distinct(is_registration_no),
    "licence-id": by_distinct(is_licence_id),
}
"""The formats that are told by arrays. Null is no text of any format."""


def on_places(texts: pa.Array, length: int, judge: Callable[[Bytes], Flags]) -> pa.Array:
    """The verdicts; `judge` sees the bytes of the texts of the right length, one row a place, one column a text.

    So what is done to one place of all texts is done to neighbours in memory.
    """
    column = texts_of(texts)
    right = column.lengths == length
    verdicts = np.zeros(len(texts), np.bool_)
    count = np.count_nonzero(right)
    if count:
        alone = count * length == len(column.codes)
        codes = column.codes if alone else column.codes[np.repeat(right, column.lengths)]
        verdicts[right] = judge(np.ascontiguousarray(codes.reshape(count, length).T))
    return pa.array(verdicts)


def _are_citizen_ids(places: Bytes) -> Flags:
    digits = places[:17] - _ZERO
    check = np.frombuffer(CITIZEN_CHECK.encode(), np.uint8)
    right = check[_weighted(digits, CITIZEN_WEIGHTS) % 11] == places[17]
    return np.asarray((digits < 10).all(axis=0) & right & are_days(digits[6:14]))


def _weighted(values: Bytes, weights: tuple[int, ...]) -> npt.NDArray[np.int32]:
    """The weighted sums of the columns. They are small, so that single precision holds them, and is fastest."""
    return np.asarray((np.array(weights, np.float32) @ values.astype(np.float32)).astype(np.int32))


def are_days(digits: Bytes) -> Flags:
    """Whether eight rows of digits are days of the calendar, of the years 1 to 9999."""
    numbers = digits.astype(np.int32)
    year = numbers[0] * 1000 + numbers[1] * 100 + numbers[2] * 10 + numbers[3]
    month, day = numbers[4] * 10 + numbers[5], numbers[6] * 10 + numbers[7]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[month] - ((month == 2) & ~leap)
    return np.asarray((year > 0) & (day > 0) & (day <= last))


def _are_usccs(places: Bytes) -> Flags:
    values = _USCC[places]
    right = values[17] == -_weighted(values[:17], USCC_WEIGHTS) % 31
    check = np.frombuffer(ORG_CHECK.encode(), np.uint8)
    body = check[_weighted(_BASE_36[places[8:16]], ORG_WEIGHTS) % 11] == places[16]
    clean = (values < 31).all(axis=0) & (places[2:8] - _ZERO < 10).all(axis=0)
    return np.asarray(clean & right & body)
