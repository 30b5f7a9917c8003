"""Claims that say too little, too much or nonsense: findings, and bounded work."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from support.licence_worlds import LICENCE, REFERENCE, Row, memory_store, merge_rows

from exchange.model.batch import Batch, Counts
from exchange.store.licences.resolve_file import resolve_file
from exchange.store.node_store import NodeStore

BODY = {"issue_dept_code": "11320500MB0K08463G", "issue_dept": "苏州市数据局", "issue_date": "2023-05-01"}
FIRM = {
    "certificate_holder": "某甲有限公司",
    "certificate_holder_code": "91350100M000100Y43",
    "certificate_holder_type": "001",
}
TIMES = iter(range(10_000))


def claim(number: str, **others: str | None) -> Row:
    tick = next(TIMES)
    return {
        **dict.fromkeys(LICENCE.field_names),
        **BODY,
        **FIRM,
        "certificate_type_code": "T",
        "certificate_type": "类型",
        "certificate_number": number,
        "row_guid": f"g{tick}",
        "cd_operation": "I",
        "cd_time": f"2024-01-01T{tick // 3600:02}:{tick // 60 % 60:02}:{tick % 60:02}+08:00",
        **others,
    }


def codes(store: NodeStore) -> dict[str, set[str]]:
    """The codes of the findings on the claims of each number."""
    rows = store._connection.execute(
        "SELECT certificate_number, code FROM hub.licence_findings f JOIN held.licence h "
        "ON h._origin = f.origin AND h._source = f.source AND h._key = f.key"
    ).fetchall()
    found: dict[str, set[str]] = {}
    for number, code in rows:
        found.setdefault(number, set()).add(code)
    return found


def found_on(tmp_path: Path, *rows: Row) -> dict[str, set[str]]:
    with memory_store() as store:
        merge_rows(store, tmp_path, "b", "one", list(rows))
        return codes(store)


def licences(store: NodeStore) -> int:
    rows = store._connection.execute("SELECT count(*) FROM golden.licence WHERE NOT _deleted").fetchall()
    return int(rows[0][0])


def test_a_claim_without_a_number_is_told_apart_by_its_identifier_alone(tmp_path: Path) -> None:
    rows = [
        claim("000", certificate_source_id="X.B.1.001.A", certificate_holder_code="1"),
        claim("无", certificate_source_id="X.B.1.002.A", certificate_holder_code="1"),
        claim("-", certificate_holder_code="1"),
        claim("/", certificate_holder_code="1"),
    ]
    with memory_store() as store:
        merge_rows(store, tmp_path, "b", "one", rows)
        assert codes(store) == {number: {"W401"} for number in ("000", "无", "-", "/")}
        assert licences(store) == 3


def test_several_holders_are_said_and_kept_apart_from_one_of_them(tmp_path: Path) -> None:
    both = "91350100M000100Y43、11010519491231002X"
    assert found_on(tmp_path, claim("JY1", certificate_holder_code=both)) == {"JY1": {"W402"}}


def test_a_number_on_very_many_licences_identifies_none_and_is_compared_with_none(tmp_path: Path) -> None:
    many = [claim(f"苏第{'号' * (at % 2)}7", certificate_holder_code=f"E{at:08}", issue_dept_code=f"1132{at:014}",
                  certificate_holder=f"某{at}") for at in range(402)]  # fmt: skip
    with memory_store() as store:
        merge_rows(store, tmp_path, "b", "one", many)
        found = codes(store)
        assert licences(store) == 402
    assert {code for each in found.values() for code in each} == {"W403"}


def test_a_licence_that_names_itself(tmp_path: Path) -> None:
    row = claim("JY1", certificate_source_id="X.B.1.001.A", previous_source_id="X.B.1.001.A")
    assert found_on(tmp_path, row) == {"JY1": {"W404"}}


def test_what_is_told_after_the_end_does_not_revive_a_licence(tmp_path: Path) -> None:
    rows = [
        claim("JY1", status="04", change_time="2024-02-01T00:00:00+08:00"),
        claim("ＪＹ1", status="01", change_type="02", change_time="2024-03-01T00:00:00+08:00"),
    ]
    with memory_store() as store:
        merge_rows(store, tmp_path, "b", "one", rows[:1])
        merge_rows(store, tmp_path, "c", "two", rows[1:])
        assert store._connection.execute("SELECT status, change_time FROM golden.licence").fetchall() == [
            ("04", "2024-02-01T00:00:00+08:00")
        ]
        assert codes(store) == {"ＪＹ1": {"W406"}}


def test_given_back_without_having_been_suspended(tmp_path: Path) -> None:
    assert found_on(tmp_path, claim("JY1", change_type="06", change_time="2024-03-01T00:00:00+08:00")) == {
        "JY1": {"W407"}
    }


def test_one_identifier_on_two_licences_and_one_number_of_two_holders(tmp_path: Path) -> None:
    other = {"certificate_holder": "别家", "certificate_holder_code": "9132070070404786XB"}
    found = found_on(
        tmp_path,
        claim("JY1", certificate_source_id="X.B.1.001.A"),
        claim("QQ7", certificate_source_id="X.B.1.001.A", issue_date="2020-01-01", **other),
        claim("JY(1)", **other),
    )
    assert found["JY1"] == {"W408", "W409"}
    assert found["QQ7"] == {"W408"}
    assert found["JY(1)"] == {"W409"}


def test_a_finding_goes_with_what_caused_it(tmp_path: Path) -> None:
    other = {"certificate_holder": "别家", "certificate_holder_code": "9132070070404786XB"}
    with memory_store() as store:
        merge_rows(store, tmp_path, "a", "one", [claim("JY1")])
        merge_rows(store, tmp_path, "b", "two", [claim("JY(1)", **other)])
        assert codes(store) == {"JY1": {"W409"}, "JY(1)": {"W409"}}
        merge_rows(store, tmp_path, "c", "two", [claim("JY(1)", cd_operation="D")])
        assert codes(store) == {}


@pytest.mark.parametrize("rows", [150_000])
def test_a_batch_of_more_than_a_row_group_loses_nothing(tmp_path: Path, rows: int) -> None:
    """DuckDB 2.0 can lose what a transaction inserts into a table of its own once a row group is full."""
    out = tmp_path / "many.parquet"
    names = [name for name in LICENCE.field_names if name not in {*BODY, *FIRM}]
    fixed = {"certificate_type_code": "'T'", "cd_operation": "'I'", "cd_time": "'2024-01-01T00:00:00+08:00'",
             "certificate_number": "'JY' || lpad(range::VARCHAR, 9, '0') || 'Q' || (range * 7919 % 1000)"}  # fmt: skip
    values = [f"{fixed.get(name, 'NULL::VARCHAR')} AS {name}" for name in names]
    values += [f"'{value}' AS {name}" for name, value in {**BODY, **FIRM}.items()]
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {', '.join(values)}, range AS _row, range AS _line FROM range({rows})) TO '{out}'"
        )
    with memory_store() as store:
        merge_rows(store, tmp_path, "first", "one", [claim("JY1")])
        batch = Batch("many", store._node, "two", LICENCE.name, out.name, 1, "0" * 64)
        assert store.merge(batch, out, Counts(read=rows)).counts.accepted == rows
        assert licences(store) == rows + 1
        keyed = store._connection.execute("SELECT count(*) FROM keyed.licence WHERE licence IS NOT NULL").fetchall()
        assert keyed == [(rows + 1,)]
        assert store.totals(sent=True) == store.recount(sent=True)


def test_a_million_rows_of_one_licence_are_one(tmp_path: Path) -> None:
    file, out = tmp_path / "one.parquet", tmp_path / "out.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'g' || range AS row_guid, 'T' AS certificate_type_code, 'JY1' AS certificate_number, "
            "'X.B.' || range || '.001.A' AS certificate_source_id, '91350100M000100Y43' AS certificate_holder_code "
            f"FROM range(1000000)) TO '{file}'"
        )
        found = resolve_file(file, out, REFERENCE)
        ((ids,),) = connection.execute(f"SELECT count(DISTINCT licence_id) FROM '{out}'").fetchall()
    assert (found.rows, found.licences, found.questions, ids) == (1_000_000, 1, 0, 1)


def test_a_hundred_thousand_licences_of_one_number_are_not_compared_with_each_other(tmp_path: Path) -> None:
    file = tmp_path / "many.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'g' || range AS row_guid, 'T' AS certificate_type_code, 'JY1' AS certificate_number, "
            "'某局' AS issue_dept, 'E' || range AS certificate_holder_code, '某' AS certificate_holder, "
            f"'X.B.1.001.A' AS certificate_source_id FROM range(100000)) TO '{file}'"
        )
    found = resolve_file(file, tmp_path / "out.parquet", REFERENCE)
    assert (found.licences, found.questions) == (100_000, 0)
