"""Rows that the hub must reject: each kind of damage is one that departments really do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from exchange.demo import words
from exchange.demo.cases import Record
from exchange.demo.identifiers import spoil_check
from exchange.demo.writing import Cells

Damage = Callable[[Record, Cells, Random], bool]
"""Spoils the cells of a record; false, and nothing done, where it does not apply."""


def damage(dataset: str, record: Record, cells: Cells, rng: Random, turn: int) -> None:
    """Spoil a row in one way that costs it; the ways take turns, so that even a small demo has most of them."""
    ways = _WAYS[dataset]
    for step in range(len(ways)):
        if ways[(turn + step) % len(ways)](record, cells, rng):
            return
    raise AssertionError(dataset)


def _blank(field: str) -> Damage:
    def way(_record: Record, cells: Cells, rng: Random) -> bool:
        cells[field] = rng.choice((None, "", "无", "NULL"))
        return True

    return way


def _replaced(field: str, *texts: str) -> Damage:
    def way(_record: Record, cells: Cells, rng: Random) -> bool:
        cells[field] = rng.choice(texts)
        return True

    return way


def _too_long(field: str, limit: int) -> Damage:
    def way(_record: Record, cells: Cells, _rng: Random) -> bool:
        cells[field] = "超" * (limit + 1)
        return True

    return way


def _wrong_check(kind: str, number: str) -> Damage:
    def way(record: Record, cells: Cells, _rng: Random) -> bool:
        if record[kind] not in {"001", "111"}:
            return False
        cells[number] = spoil_check(record[number])
        return True

    return way


def _scientific(kind: str, number: str) -> Damage:
    """An 18-digit citizen ID as Excel shows it, the digits lost."""

    def way(record: Record, cells: Cells, _rng: Random) -> bool:
        if record[kind] != "111":
            return False
        cells[number] = f"{record[number][0]}.{record[number][1:6]}E+17"
        return True

    return way


def _old_number(record: Record, cells: Cells, _rng: Random) -> bool:
    """The old registration number in the column of the USCC."""
    if record["applyer_page_type"] != "001":
        return False
    cells["applyer_page_code"] = "320507000045918"
    return True


def _glued_phones(_record: Record, cells: Cells, rng: Random) -> bool:
    """Two numbers in a column that has room for one."""
    cells["contact_mobile"] = rng.choice(("、", "；", "或")).join((words.mobile(rng), words.mobile(rng)))
    return True


def _no_reason(record: Record, cells: Cells, _rng: Random) -> bool:
    if record["result_type"] not in "12345":
        return False
    cells["result_explain"] = None
    return True


def _no_certificate(record: Record, cells: Cells, rng: Random) -> bool:
    if record["result_type"] != "0":
        return False
    cells[rng.choice(("result_cetr_no", "result_cetr_valid_to"))] = "—"
    return True


_NO_DAY = ("2024-02-30", "2024年13月1日", "2024/4/31", "20240632")
_NO_CODE = ("X9", "88", "其它")

_WAYS: Mapping[str, Sequence[Damage]] = {
    "case_basic": (
        _wrong_check("applyer_page_type", "applyer_page_code"),
        _scientific("applyer_page_type", "applyer_page_code"),
        _old_number,
        _glued_phones,
        _replaced("apply_type", *_NO_CODE),
        _blank("applyer_name"),
        _blank("task_name"),
        _too_long("applyer_name", 100),
        _replaced("apply_date", "2024-05", "202405", "2024年5月"),
        _replaced("accept_date", *_NO_DAY),
    ),
    "case_process": (
        _replaced("event_name", *_NO_CODE),
        _blank("handle_explain"),
        _replaced("event_start_time", *_NO_DAY),
        _replaced("step_no", "三", "第1步"),
    ),
    "case_special": (_replaced("special_type", *_NO_CODE), _blank("special_reason")),
    "case_material": (_blank("get_type"), _too_long("get_num", 5)),
    "case_result": (
        _no_reason,
        _no_certificate,
        _replaced("result_type", *_NO_CODE),
        _replaced("result_date", *_NO_DAY),
        _blank("is_delivery_results"),
    ),
    "licence": (
        _wrong_check("certificate_holder_type", "certificate_holder_code"),
        _scientific("certificate_holder_type", "certificate_holder_code"),
        _blank("issue_date"),
        _blank("certificate_holder"),
        _replaced("status", *_NO_CODE),
        _too_long("certificate_name", 512),
    ),
}
