"""Runs the batch rules over plain records, and makes records in which about everything can be wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from catalog.catalogue import Catalog
from catalog.rule_tables import rule_reference
from exchange.model.dataset import Dataset
from exchange.validation.rules import FINDING_COLUMNS, run_rules

Record = dict[str, str]
Place = tuple[int, str, str]


def run(catalog: Catalog, dataset: Dataset, records: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Every finding as a row of the findings file."""
    columns = {name: pa.array([each.get(name) for each in records], pa.string()) for name in dataset.field_names}
    columns["_row"] = pa.array(range(1, len(records) + 1), pa.int64())
    with duckdb.connect() as connection:
        connection.register("records", pa.table(columns))
        batches = list(run_rules(connection, dataset, rule_reference(catalog)))
    return pa.Table.from_batches(batches, FINDING_COLUMNS).to_pylist()


def places(found: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Row, field and code of each finding."""
    return [(each["row"], each["field"], each["code"]) for each in found]


def moment(rng: Random) -> str:
    return f"{day(rng)}T{rng.randrange(24):02}:{rng.randrange(60):02}:00+08:00"


def day(rng: Random) -> str:
    year = rng.choice((2015, 2019, 2021, 2022, 2024, 2025))
    return f"{year}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def some(rng: Random, record: Record, share: float = 0.1) -> Record:
    """The record with about a tenth of its fields left out."""
    return {name: value for name, value in record.items() if name.startswith("cd_") or rng.random() > share}


def basic(rng: Random, catalog: Catalog) -> Record:
    item = rng.choice(catalog.items)
    code = rng.choice((item.catalog_code,) * 8 + ("000109009999", "4400000001"))
    inner = rng.choice((code,) * 8 + ("000109001000",))
    born = f"{rng.choice((1899, 1900, 1950, 2000, 2019, 2024))}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    prefix = rng.choice(("320501", "320584", "329999", "110105", "990101", "322121", "830000"))
    return some(
        rng,
        {
            "project_no": f"P{rng.randrange(400)}",
            "catalog_code": code,
            "task_code": rng.choice(("113205000141492526" + "3" + inner, inner + "0001")),
            "task_name": rng.choice((item.name,) * 5 + (f" {item.name} ", item.name + "（试行）", item.name.lower())),
            "applyer_page_type": rng.choice(("111", "414")),
            "applyer_page_code": rng.choice((f"{prefix}{born}0019", "E12345678")),
            "apply_date": moment(rng),
            "accept_date": moment(rng),
            "promise_date": day(rng),
            "cd_operation": rng.choice("IIIIIIIID"),
            "cd_time": moment(rng),
        },
    )


def item(rng: Random, catalog: Catalog) -> Record:
    entry = rng.choice(catalog.items)
    law = entry.by_law
    laws = (law, law.replace("《", "〈").replace("》", "〉"), law.replace("；", "、"), law + "第一款")
    return some(
        rng,
        {
            "catalog_code": entry.catalog_code,
            "task_code": "113205000141492526" + "3" + entry.catalog_code,
            "task_version": str(rng.randrange(1, 30)),
            "task_name": rng.choice((entry.name, f"{entry.name}(试行)")),
            "task_type": rng.choice((entry.type, "99")),
            "by_law": rng.choice(laws),
            "plan_effective_date": day(rng),
            "plan_cancel_date": day(rng),
            "cd_operation": "I",
            "cd_time": moment(rng),
        },
    )


def licence(rng: Random, catalog: Catalog) -> Record:
    codes = [each.code for each in rng.sample(catalog.divisions, 3)] + [alias.alias for alias in catalog.aliases]
    code = rng.choice((*codes, "320613000000", "320684101000", "329900000000", "440300000000", "990000000000", "3205"))
    certificates = [each.certificate for each in catalog.items if each.certificate]
    return some(
        rng,
        {
            "certificate_type_code": "11100000MB03271699001",
            "issue_dept_code": "113205000141492526",
            "certificate_number": f"N{rng.randrange(10**6)}",
            "certificate_type": rng.choice((rng.choice(certificates), "没有的证")),
            "issue_date": day(rng),
            "valid_from": day(rng),
            "valid_to": rng.choice((day(rng), "9999-12-31")),
            "certificate_area_code": rng.choice((code, code[:6], code[:9] + "201")),
            "cd_operation": "I",
            "cd_time": moment(rng),
        },
    )
