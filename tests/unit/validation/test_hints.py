"""Corrections of wrong numbers: what is proposed is right, alone, and never shows the number."""

from __future__ import annotations

import re
from random import Random

import pytest
from stdnum.cn import ric, uscc

from exchange.validation.formats import FORMATS
from exchange.validation.hints import correction
from exchange.validation.reference import JsonschemaVerdicts

VALID = {
    "uscc": ["91350100M000100Y43", "9132070070404786XB", "113205000141492526"],
    "citizen-id": ["11010519491231002X", "440524188001010014", "34052419800101001X"],
    "org-code": ["D2143569-X", "704047862"[:8] + "X"],
    "registration-no": ["110108000000016", "320507000045918"],
    "licence-id": ["1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"],
}


def test_a_transposition_is_told_by_its_places() -> None:
    text = correction("uscc", "91350100M000010Y43")
    assert text is not None
    assert "第 13 位和第 14 位" in text.zh
    assert "Places 13 and 14" in text.en


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("9135O100M000100Y43", "第 5 位的字母“O”很可能应为数字“0”"),
        ("91350100M000I00Y43", "第 13 位的字母“I”很可能应为数字“1”"),
        ("91350100M000100Y45", "如果其余各位无误，第 18 位（校验码）应为“3”"),
        ("91350100M000900Y43", "第 9 至 17 位自身的校验有误"),
        ("92350100M000100Y43", "应为"),
    ],
)
def test_slips_in_a_credit_code(wrong: str, said: str) -> None:
    text = correction("uscc", wrong)
    assert text is not None
    assert said in text.zh


def test_the_check_character_is_what_another_library_reckons() -> None:
    """python-stdnum reckons the last place of both numbers by itself."""
    rng = Random(5)
    for number in VALID["uscc"]:
        wrong = number[:-1] + rng.choice([each for each in "0123456789ABCDEFGH" if each != number[-1]])
        text = correction("uscc", wrong)
        assert text is None or not text.zh.startswith("如果") or f"“{uscc.calc_check_digit(number[:17])}”" in text.zh
    text = correction("citizen-id", "110105194912310021")
    assert text is None or f"“{ric.calc_check_digit('11010519491231002')}”" in text.zh


@pytest.mark.parametrize("name", VALID)
def test_whatever_is_proposed_is_valid_and_the_only_one(name: str) -> None:
    rng = Random(name)
    proposed = 0
    for number in VALID[name] * 150:
        wrong = spoiled(number, rng)
        text = correction(name, wrong)
        if text is not None and (mended := applied(wrong, text.zh)) is not None:
            proposed += 1
            assert FORMATS[name](mended)
            assert mended != wrong
            assert number not in text.zh + text.en
            assert wrong not in text.zh + text.en
    assert proposed > 20


def spoiled(number: str, rng: Random) -> str:
    at = rng.randrange(len(number) - 1)
    if rng.random() < 0.5:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[: at + 1] + rng.choice("0123456789ABXIOSZ") + number[at + 2 :]


def applied(wrong: str, text: str) -> str | None:
    """The number as a person mends it who does what the text says; None where it names a part only."""
    if swap := re.match(r"第 (\d+) 位和第 \d+ 位", text):
        at = int(swap[1]) - 1
        return wrong[:at] + wrong[at + 1] + wrong[at] + wrong[at + 2 :]
    if put := re.search(r"第 (\d+) 位.*应为(?:字母|数字)?“(.)”", text):
        at = int(put[1]) - 1
        return wrong[:at] + put[2] + wrong[at + 1 :]
    return None


@pytest.mark.parametrize("name", VALID)
def test_a_valid_number_and_one_that_is_no_number_at_all_get_no_correction(name: str) -> None:
    assert [correction(name, each) for each in (*VALID[name], "", "?", "不详", "1")] == [None] * (len(VALID[name]) + 4)


def test_a_task_code_is_mended_in_its_credit_code() -> None:
    text = correction("task-code", "1132O5000141492526" + "3320105028002")
    assert text is not None
    assert "第 5 位" in text.zh
    assert correction("date", "2024-02-30") is None


def test_the_correction_joins_the_hint_of_its_finding() -> None:
    schema = {"properties": {"code": {"title": "代码", "format": "uscc", "x-pii": "identity"}}}
    record = {"code": "9135O100M000100Y43"}
    (found,) = JsonschemaVerdicts(schema).findings(record, row=1, line=2)
    assert found.hint.zh.endswith("第 5 位的字母“O”很可能应为数字“0”。")
    assert found.hint.en.endswith('Place 5, the letter "O", is most likely the digit "0".')
    assert record["code"] not in "".join((*found.hint, *found.message))
