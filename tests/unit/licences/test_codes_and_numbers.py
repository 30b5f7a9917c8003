"""One identity for each way to write a code or a number; Python and SQL say the same of every text."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from exchange.licences.codes import code_identity, sound_sql
from exchange.licences.holder import holder_identity, holder_name, holder_name_sql, holder_sql
from exchange.licences.identifier import base, base_sql, version, version_sql
from exchange.licences.issuer import issuer_identity, issuer_sql
from exchange.licences.number import core, core_sql, number, number_sql, number_steps, plain_sql

CONNECTION = duckdb.connect()
FIRM = "91350100M000100Y43"
PERSON = "11010519491231002X"
Pair = tuple[str | None, str | None]


def in_sql(expression: str, pairs: list[Pair]) -> list[object]:
    """An expression over columns x and y, for each pair, in order."""
    xs, ys = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    query = f"SELECT {expression} FROM (SELECT unnest(?::VARCHAR[]) AS x, unnest(?::VARCHAR[]) AS y)"
    return [row[0] for row in CONNECTION.cursor().execute(query, [xs, ys]).fetchall()]


NUMBER, PLAIN = number_sql("x", "(" + plain_sql("x") + ")"), "(" + plain_sql("x") + ")"
TWINS: dict[str, tuple[str, Callable[[str | None, str | None], object]]] = {
    "holder": (holder_sql("x", "y"), holder_identity),
    "issuer": (issuer_sql("x", "y"), issuer_identity),
    "holder name": (holder_name_sql("x"), lambda x, _: holder_name(x)),
    "number": (NUMBER, lambda x, _: number(x)),
    "core": (core_sql(f"({NUMBER})", PLAIN), lambda x, _: core(x)),
    "identifier": (base_sql("x"), lambda x, _: base(x)),
    "version": (version_sql("x"), lambda x, _: version(x)),
}
PIECES = st.sampled_from(
    [
        *(FIRM, PERSON, "M000100Y4", "M000100Y-4", "320507000045918", "110105491231002", "D2143569-X"),
        *("113205000141492526", "〔2024〕", "(2024)", "0012", "JY1320", "－", "无", "-", "0", "a", "Ａ"),
        *("、", ",", "；", " ", "第", "号", "字", "编号：", "No.", "有限责任公司", "有限公司", "（", ")"),
        *("1.2.156.3005.2.", "11100000000013338W011", ".", "001", ".U", "\u200b", "'"),
    ]
)  # fmt: skip
TEXT = st.none() | st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=20).map(lambda t: t.replace("\0", ""))
KIND = st.sampled_from([None, "001", "099", "111", "999", "某某局", ""])


@pytest.mark.parametrize("name", TWINS)
@given(st.lists(st.tuples(TEXT, KIND), min_size=1, max_size=20))
@settings(max_examples=120, deadline=None)
def test_python_and_sql_say_the_same(name: str, pairs: list[Pair]) -> None:
    sql, python = TWINS[name]
    assert in_sql(sql, pairs) == [python(*pair) for pair in pairs]


@pytest.mark.parametrize(
    "code", [FIRM, FIRM.lower(), f" {FIRM}\u3000", "Ｍ000100Y4", "M000100Y-4", "M000100Y4", "m000100y－4"]
)
def test_a_body_is_the_organisation_code_in_its_uscc(code: str) -> None:
    assert code_identity(code, "001") == "OM000100Y4"


def test_a_person_is_the_citizen_id_of_18_places() -> None:
    assert {code_identity(code, kind) for code in (PERSON, "110105491231002") for kind in ("111", None)} == {
        f"P{PERSON}"
    }


def test_15_digits_are_a_registration_number_where_the_kind_or_the_date_says_so() -> None:
    assert code_identity("110105491231002", "099") == "R110105491231002"
    assert code_identity("320507000045918", None) == "R320507000045918"


def test_a_body_whose_uscc_is_all_digits_is_no_person() -> None:
    assert code_identity("113205000141492526", None) == "O014149252"


@pytest.mark.parametrize("nothing", ["", None, "无", "-", "000", "／"])
def test_what_says_nothing_is_no_code_and_no_number(nothing: str | None) -> None:
    assert (code_identity(nothing, "001"), number(nothing), base(nothing)) == ("", "", "")


def test_holders_are_a_set_whatever_stands_between_them() -> None:
    wanted = f"OM000100Y4+P{PERSON}"
    for between in ("、", ",", "；", " / ", "|", "\u3000"):
        assert holder_identity(f"{PERSON}{between}{FIRM}{between}{FIRM}", "999") == wanted
    assert holder_identity(f"{FIRM}、320507000045918", "099", {"R320507000045918": "OM000100Y4"}) == "OM000100Y4"


def test_a_lineage_leads_from_a_code_or_a_name_to_the_body_that_carries_on() -> None:
    lineage = {"O014149252": "OM000100Y4", "N苏州市工商局": "OM000100Y4"}
    assert issuer_identity("113205000141492526", None, lineage) == "OM000100Y4"
    assert issuer_identity("无", "苏州市 工商局", lineage) == "OM000100Y4"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("苏〔2024〕第0012号", "苏(2024)0012"),
        ("编号：JY1320", "JY1320"),
        ("Ｎｏ．JY1320", "JY1320"),
        ("№JY1320", "JY1320"),
        ("许可证编号 JY1320", "JY1320"),
        ("NOVA-1", "NOVA-1"),
    ],
)
def test_frames_and_labels_are_no_part_of_a_number(written: str, plain: str) -> None:
    assert number(written) == plain


def test_what_was_done_to_a_number_can_be_read_back() -> None:
    assert number_steps("编号：苏〔２０２４〕第 12号a－1") == (
        *("width", "brackets", "dashes", "case", "invisible"),
        *("label", "frame"),
    )
    assert number_steps("JY1320") == ()


def test_check_characters_are_those_of_stdnum() -> None:
    codes = [FIRM, "9132070070404786XB", "91110108MA01A2B3CX", "911101080000000000"]
    found = in_sql(sound_sql("x"), [(f"O{code[8:17]}", None) for code in codes])
    reference = []
    for code in codes:
        whole = code[:17] + uscc.calc_check_digit(code[:17])
        total = sum(
            weight * "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(sign)
            for weight, sign in zip((3, 7, 9, 10, 5, 8, 4, 2), whole[8:16], strict=True)
        )
        reference.append("0X987654321"[total % 11] == whole[16])
    assert found == reference
    assert in_sql(sound_sql("x"), [(f"P{PERSON}", None), (f"P{PERSON[:-1]}1", None), ("R1", None)]) == [
        True,
        False,
        False,
    ]
