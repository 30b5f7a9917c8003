"""Every way of writing of which the field is known to make use, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel

from exchange.model.dataset import Field, FieldType, Pii
from exchange.validation.normalise import normaliser


def field(
    of: FieldType = "string", *, form: str | None = None, codes: str | None = None, pii: Pii | None = None
) -> Field:
    return Field("a", "甲", "", of, form, codes, pii)


def cleaned(text: str, of: Field, *, key: bool = False) -> tuple[str | None, list[str]]:
    value, kinds = normaliser(of, key=key)(text)
    return value, [kind.code for kind in kinds]


TEXT, DATE, MOMENT = field(), field(form="date"), field(form="date-time")
IDENTITY, PHONE, CODE = field(pii="identity"), field(pii="phone"), field(codes="case-type")
USCC, INTEGER, NUMBER = field(form="uscc"), field("integer"), field("number")


@pytest.mark.parametrize(
    ("of", "text", "value", "codes"),
    [
        (TEXT, "张三", "张三", []),
        (TEXT, "　张三\u00a0", "张三", ["R101"]),
        (TEXT, "Ａ１（甲），乙。", "A1（甲），乙。", ["R101"]),
        (TEXT, "甲\u3000乙", "甲 乙", ["R101"]),
        (TEXT, "张\u200b三\ufeff", "张三", ["R102"]),
        (TEXT, "第一行\r\n第二行\t完", "第一行 第二行 完", ["R106"]),
        (TEXT, "\n张三", "张三", ["R106"]),
        (TEXT, "　", None, ["R101"]),
        (TEXT, "0", "0", []),
        (TEXT, "无锡", "无锡", []),
        (TEXT, "1.2E+17", "1.2E+17", ["E112"]),
        (TEXT, "E+12", "E+12", []),
        (TEXT, "a\x1fb", "a\x1fb", ["E113"]),
        (TEXT, "a\x00", "a\x00", ["E113"]),
        (TEXT, "\ud800", "\ud800", ["E113"]),
        (TEXT, "𠮷\U00020bb7", "𠮷\U00020bb7", []),
        (IDENTITY, "11010519491231002x", "11010519491231002X", ["R105"]),
        (IDENTITY, "１１０１０５ 19491231 002X", "11010519491231002X", ["R101"]),
        (IDENTITY, "苏（2023）苏州市不动产权第0000001号", "苏（2023）苏州市不动产权第0000001号", []),
        (IDENTITY, "1.2E+17", "1.2E+17", ["E112"]),
        (IDENTITY, "0", None, ["R103"]),
        (USCC, "91350100m000100y43", "91350100M000100Y43", ["R105"]),
        (PHONE, "13812345678", "13812345678", []),
        (PHONE, "13812345678、0512-65220000或13900000000", "13812345678;0512-65220000;13900000000", ["R108"]),
        (PHONE, "１３８１２３４５６７８；13900000000", "13812345678;13900000000", ["R101"]),
        (PHONE, "无", None, ["R103"]),
        (CODE, "０", "0", ["R101"]),
        (CODE, "0", "0", []),
        (INTEGER, "5", "5", []),
        (INTEGER, "0", "0", []),
        (INTEGER, "５", "5", ["R101"]),
        (INTEGER, "5.0", "5", ["R107"]),
        (INTEGER, "+005", "5", ["R107"]),
        (INTEGER, "-0", "0", ["R107"]),
        (INTEGER, "1,234", "1234", ["R107"]),
        (INTEGER, "12,34", "12,34", []),
        (INTEGER, "1e3", "1e3", ["E112"]),
        (INTEGER, "5.5", "5.5", []),
        (NUMBER, "12.50", "12.50", []),
        (NUMBER, "1.25E+3", "1250", ["R107"]),
        (NUMBER, "五", "五", []),
        (field("boolean"), "TRUE", "true", ["R105"]),
    ],
)
def test_values(of: Field, text: str, value: str | None, codes: list[str]) -> None:
    assert cleaned(text, of) == (value, codes)


@pytest.mark.parametrize(
    "text", ["无", "暂无", "NULL", "Null", "(null)", "N/A", r"\N", "-", "--", "—", "/", "／", " - "]
)
@pytest.mark.parametrize("of", [TEXT, CODE, INTEGER, DATE, IDENTITY, PHONE])
def test_a_placeholder_is_empty_everywhere(of: Field, text: str) -> None:
    assert cleaned(text, of) == (None, ["R103"])


def test_a_key_is_narrowed_unless_it_is_partly_chinese() -> None:
    assert cleaned("ＡＢ－（１）", TEXT, key=True) == ("AB-(1)", ["R101"])
    assert cleaned("苏（２０２３）第１号", TEXT, key=True) == ("苏（2023）第1号", ["R101"])
    assert cleaned("e3b0c442-98fc-4c14-9afb-f4c8996fb924", TEXT, key=True)[1] == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019/5/1", "2019-05-01T00:00:00"),
        ("2019.05.01", "2019-05-01T00:00:00"),
        ("2019-5-1", "2019-05-01T00:00:00"),
        ("2019年5月1日", "2019-05-01T00:00:00"),
        ("２０１９／５／１", "2019-05-01T00:00:00"),
        ("20190501", "2019-05-01T00:00:00"),
        ("2019/5/1 9:05", "2019-05-01T09:05:00"),
        ("2019年5月1日10时11分12秒", "2019-05-01T10:11:12"),
        ("2019年5月1日 10时11分", "2019-05-01T10:11:00"),
        ("20190501T101112", "2019-05-01T10:11:12"),
        ("20190501101112", "2019-05-01T10:11:12"),
        ("2019-05-01T02:11:12Z", "2019-05-01T10:11:12"),
        ("2019-04-30T22:11:12-04:00", "2019-05-01T10:11:12"),
        ("2019-05-01T10:11:12.000+08:00", "2019-05-01T10:11:12"),
        ("2019-05-01 10:11:12.120", "2019-05-01T10:11:12.12"),
        ("1556676672000", "2019-05-01T10:11:12"),
        ("43586", "2019-05-01T00:00:00"),
        ("43586.4244444444", "2019-05-01T10:11:12"),
    ],
)
def test_date_forms(text: str, moment: str) -> None:
    value, codes = cleaned(text, MOMENT)
    assert (value, codes[-1]) == (f"{moment}+08:00", "R104")
    assert cleaned(text, DATE)[0] == moment[:10]


@pytest.mark.parametrize("text", ["2019-05-01 10:11:12", "2019-05-01T10:11:12"])
def test_naming_the_zone_of_a_local_time_is_no_repair(text: str) -> None:
    assert cleaned(text, MOMENT) == ("2019-05-01T10:11:12+08:00", [])


@pytest.mark.parametrize("text", ["201905", "2019-05", "2019/5", "2019年5月"])
def test_no_day_is_invented(text: str) -> None:
    assert cleaned(text, DATE) == (text, ["E111"])


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-30",
        "2019/13/1",
        "19/5/1",
        "1/5/2019",
        "2019-5/1",
        "20191301",
        "123",
        "2019-05-01 25:00:00x",
        "9999-12-31T23:59:59-04:00",
    ],
)
def test_what_is_no_date_is_left_to_the_schema(text: str) -> None:
    assert cleaned(text, DATE) == (text, [])


@given(st.integers(10_000, 99_999))
def test_excel_days_are_those_of_excel(serial: int) -> None:
    assert cleaned(str(serial), DATE)[0] == f"{from_excel(serial):%Y-%m-%d}"


@given(st.integers(10**12, 10**13 - 1))
def test_epoch_milliseconds(milliseconds: int) -> None:
    value, _ = cleaned(str(milliseconds), MOMENT)
    assert value is not None
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert datetime.fromisoformat(value.ljust(19)) == expected
    assert value.endswith("+08:00")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 12))  # noqa: DTZ001 -- zone is given beside
def test_every_zone_is_brought_to_beijing(wall: datetime, hours: int) -> None:
    moment = wall.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    value, _ = cleaned(moment.isoformat(), MOMENT)
    assert value is not None
    assert datetime.fromisoformat(value) == moment
    assert value.endswith("+08:00")


ALL = [TEXT, DATE, MOMENT, IDENTITY, PHONE, CODE, USCC, INTEGER, NUMBER, field("boolean"), field(pii="name")]
DIRT = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from("　０Ａ（－\u200b\n\t 无-/Ee+1290年月日:T")), max_size=12
)


@given(DIRT, st.sampled_from(ALL), st.booleans())
def test_a_value_in_standard_form_stays_as_it_is(text: str, of: Field, key: bool) -> None:
    value, codes = cleaned(text, of, key=key)
    assert (value == text) or codes or not text
    if value is not None and not any(code.startswith("E") for code in codes):
        again, still = cleaned(value, of, key=key)
        assert (again, still) == (value, [])
