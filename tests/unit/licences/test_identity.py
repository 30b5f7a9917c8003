"""What is one licence written in two ways, and that Python and SQL agree on it."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.licences import identity_sql, normalise
from exchange.licences.characters import normalise_sql

CONNECTION = duckdb.connect()


def in_sql(texts: list[str | None]) -> list[str]:
    """A list of values through SQL, in order."""
    rows = CONNECTION.cursor().execute(f"SELECT {normalise_sql('x')} FROM (SELECT unnest(?::VARCHAR[]) AS x)", [texts])
    return [row[0] for row in rows.fetchall()]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("苏〔2026〕1号", "苏(2026)1号"),
        ("苏［2026］１号", "苏(2026)1号"),
        ("苏【2026】1 号", "苏(2026)1号"),
        ("苏（2026）1\u200b号", "苏(2026)1号"),
        ("ａｂ－12", "AB-12"),
        ("ab\u201412", "AB-12"),
        ("ab\u30001\u00a02\t", "AB12"),
        ("{x}", "(X)"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_means_the_same_becomes_the_same(written: str | None, plain: str) -> None:
    assert normalise(written) == plain
    assert in_sql([written]) == [plain]


@pytest.mark.parametrize(("one", "other"), [("1O", "10"), ("苏1", "苏I"), ("A/1", "A-1"), ("甲", "申"), ("A.1", "A1")])
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_every_character_of_the_basic_plane_is_treated_the_same_in_python_and_in_sql() -> None:
    characters = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]
    ours, theirs = [normalise(each) for each in characters], in_sql(list(characters))
    assert [(hex(ord(c)), a, b) for c, a, b in zip(characters, ours, theirs, strict=True) if a != b] == []


NASTY = st.sampled_from(
    "〔〕[]【】〖〗［］｛｝{}（）‐‑‒–—―−－﹣-ａＡ０ａaZz09号 \u3000\u200b\u00a0\ufeff\u2060'\\İıßǰﬁΣς"
)


@given(
    st.lists(st.text(NASTY) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=20)
)
@settings(max_examples=150)
def test_python_and_sql_agree(texts: list[str]) -> None:
    assert in_sql(list(texts)) == [normalise(text) for text in texts]


@given(st.text(NASTY))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_fields_do_not_run_into_each_other() -> None:
    sql = identity_sql(["a", "b"])
    rows = CONNECTION.cursor().execute(
        f"SELECT {sql} FROM (VALUES ('1', '23'), ('12', '3'), (NULL, '123'), ('123', NULL)) t(a, b)"
    )
    assert len({row[0] for row in rows.fetchall()}) == 4
