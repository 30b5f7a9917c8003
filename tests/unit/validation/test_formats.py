"""The identifiers, against python-stdnum, jsonschema and examples from the standards and from the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from stdnum.cn import uscc

from exchange.validation.formats import FORMATS, format_checker, is_citizen_id, is_uscc, task_code_generation

VALID = [
    ("uscc", "91350100M000100Y43"),
    ("uscc", "9132070070404786XB"),
    ("uscc", "113205000141492526"),
    ("citizen-id", "11010519491231002X"),
    ("citizen-id", "440524188001010014"),
    ("citizen-id", "34052419800101001X"),
    ("org-code", "D2143569-X"),
    ("org-code", "70404786X"),
    ("registration-no", "110108000000016"),
    ("registration-no", "320507000045918"),
    ("licence-id", "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"),
    ("division-code", "320000000000"),
    ("task-code", "1132050001414925263320105028002"),
    ("task-code", "113205000141492526332010502800201"),
]


@pytest.mark.parametrize(("name", "text"), VALID)
def test_a_valid_identifier_is_accepted(name: str, text: str) -> None:
    assert FORMATS[name](text)


@pytest.mark.parametrize(("name", "text"), [pair for pair in VALID if pair[0] != "division-code"])
def test_no_check_character_can_be_replaced(name: str, text: str) -> None:
    place = 17 if name == "task-code" else len(text) - 1
    others = [text[:place] + other + text[place + 1 :] for other in "0123456789X" if other != text[place]]
    assert not any(FORMATS[name](other) for other in others)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("citizen-id", "11010519490231002X"),  # 31 February
        ("citizen-id", "110105000012310027"),  # year 0000
        ("citizen-id", "11010519491231002x"),
        ("citizen-id", "1101051949123100"),
        ("citizen-id", "１１010519491231002X"),
        ("uscc", "91350100m000100y43"),
        ("uscc", "91350100M000100Y43\n"),
        ("uscc", "91350100I000100Y43"),
        ("uscc", "110108000000016"),
        ("org-code", "D214-3569X"),
        ("registration-no", "11010800000001"),
        ("licence-id", "1.2.156.3005.2.11100000000013338W011.430000.20230000403.001.U"),
        ("division-code", "320500"),
        ("division-code", "٣20000000000"),
        ("task-code", "11320500014149252"),
        ("task-code", "1132050001414925269320105028002"),
        ("task-code", ""),
    ],
)
def test_what_only_looks_like_an_identifier_is_not(name: str, text: str) -> None:
    assert FORMATS[name](text) is (name == "task-code" and text == "11320500014149252")


def test_the_organisation_code_within_a_uscc_has_its_own_check() -> None:
    body = "91350100M000100Y5"  # the organisation code ends in 4
    forged = body + uscc.calc_check_digit(body)
    assert uscc.is_valid(forged)
    assert not is_uscc(forged)


@given(st.integers(0, 99_999_999), st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8))
def test_one_check_digit_fits_the_organisation_code_within(front: int, body: str) -> None:
    bodies = [f"{front:08}{body}{check}" for check in "0123456789X"]
    numbers = [each + uscc.calc_check_digit(each) for each in bodies]
    assert all(map(uscc.is_valid, numbers))
    assert sum(map(is_uscc, numbers)) == 1


def test_rural_collectives_are_registered_under_a_letter() -> None:
    body = "N1320102M000100Y4"
    assert is_uscc(body + uscc.calc_check_digit(body))


@given(st.text("0123456789X", min_size=17, max_size=18))
def test_only_one_check_digit_fits_a_citizen_id(text: str) -> None:
    assert sum(is_citizen_id(text[:17] + check) for check in "0123456789X") <= 1


@pytest.mark.parametrize(
    ("text", "generation"),
    [
        ("1132050001414925263320105028002", "national"),
        ("113205000141492526332010502800201", "national-variant"),
        ("320105028002320105", "gb-39046"),
        ("3201050280", None),
    ],
)
def test_a_task_code_says_its_generation(text: str, generation: str | None) -> None:
    assert task_code_generation(text) == generation


@pytest.mark.parametrize("name", ["date", "date-time", "time", "email", "uuid", "ipv4"])
@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01",
        "20240501",
        "2024-W01-1",
        "2024-05-01T10:00:00Z",
        "2024-02-30",
        "10:00:00",
        "10:00:00Z",
        "a@b",
        "",
        "1.2.3.4",
    ],
)
def test_standard_formats_keep_the_verdict_of_the_library(name: str, text: str) -> None:
    theirs = Draft202012Validator.FORMAT_CHECKER.conforms(text, name)
    assert format_checker().conforms(text, name) is theirs


def test_dates_and_times_are_really_asserted() -> None:
    checker = format_checker()
    assert {"date", "date-time", "time", "email", "uuid", *FORMATS} <= set(checker.checkers)
    assert not checker.conforms("2024-13-01", "date")
    assert not checker.conforms("2024-05-01 10:00:00", "date-time")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_nothing_of_other_types(name: str) -> None:
    assert format_checker().conforms(12, name)
