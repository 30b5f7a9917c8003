"""What a claim is compared by, beside the SQL that compares: both say the same of every way to write a licence."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from support.rows import licence

from catalog.loader import load_catalog
from catalog.rule_tables import rule_reference
from exchange.flows.compared_as import compared_as
from exchange.licences.holder import holder_name_sql, holder_sql
from exchange.licences.identifier import base_sql, version_sql
from exchange.licences.issuer import issuer_sql
from exchange.licences.number import core_sql, number_sql, plain_sql

REFERENCE = replace(
    rule_reference(load_catalog()),
    issuers=(("O014149252", "OMB1234562"),),
    holders=(("R320507000045918", "O70404786X"),),
)
OID = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
WRITTEN = [
    {},
    {"certificate_number": "编号：苏〔2026〕第００１２号"},
    {"certificate_number": "a‐1－23"},
    {"certificate_number": "无"},
    {"certificate_holder": "测试（苏州）有限责任公司 ", "certificate_holder_code": "M000100Y4-3"},
    {"certificate_holder_code": "340524800101001", "certificate_holder_type": "111"},
    {"certificate_holder_code": "91350100M000100Y43、9132070070404786XB"},
    {"certificate_source_id": OID},
    {"certificate_source_id": "ａｂ　１"},
    {"issue_dept_code": "11320500mb1234562f"},
]


@pytest.mark.parametrize("other", WRITTEN, ids=str)
def test_python_tells_what_sql_compares(other: dict[str, str]) -> None:
    row = licence("苏1号", **other)
    found = compared_as(row, replace(REFERENCE, issuers=(), holders=()))
    row = {name: row.get(name) for name in (*row, "certificate_holder_type")}
    columns = ", ".join(f"${name}::VARCHAR AS {name}" for name in row)
    plain = f"({plain_sql('certificate_number')})"
    numbered = number_sql("certificate_number", plain)
    expressions = (
        *(numbered, core_sql(f"({numbered})", plain), holder_name_sql("certificate_holder")),
        holder_sql("certificate_holder_code", "certificate_holder_type"),
        issuer_sql("issue_dept_code", "issue_dept"),
        *(base_sql("certificate_source_id"), version_sql("certificate_source_id")),
    )
    with duckdb.connect() as connection:
        told = connection.execute(f"SELECT {', '.join(expressions)} FROM (SELECT {columns})", row).fetchall()[0]
    assert told == (
        *(found.number.value, found.core, found.holder_name.value, found.holder.value),
        *(found.issuer.value, found.identifier.value, found.version),
    )


def test_every_step_is_told_by_name() -> None:
    row = licence(
        "编号：苏〔2026〕第００１２ 号",
        certificate_holder_code="320507000045918",
        certificate_holder="测试（苏州）",
        certificate_source_id=OID,
    )
    found = compared_as(row, REFERENCE)
    assert found.number.steps == ("width", "brackets", "invisible", "label", "frame")
    assert (found.holder.value, found.holder.steps) == ("O70404786X", ("registration",))
    assert found.holder_name.steps == ("width",)
    assert (found.issuer.value, found.issuer.steps) == ("OMB1234562", ("organisation-code", "lineage"))
    assert (found.identifier.steps, found.version) == (("without-version",), 1)
    assert found.core == "苏20260012"


def test_what_is_written_as_it_is_compared_has_no_steps_and_what_is_not_there_none_either() -> None:
    assert compared_as({"certificate_number": "A1"}, REFERENCE).number.steps == ()
    nothing = compared_as({}, REFERENCE)
    assert {each.value for each in (nothing.number, nothing.holder, nothing.issuer, nothing.identifier)} == {""}
    old = compared_as({"certificate_holder_code": "340524800101001", "certificate_holder_type": "111"}, REFERENCE)
    assert (old.holder.value, old.holder.steps) == ("P34052419800101001X", ("lengthened",))
    joint = compared_as({"certificate_holder_code": "91350100M000100Y43、9132070070404786XB"}, REFERENCE)
    assert joint.holder.steps == ("joint",)
    assert compared_as({"issue_dept": "测试局"}, REFERENCE).issuer.steps == ("by-name",)
