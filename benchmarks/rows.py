"""The rows that are measured: clean cases of the demo under a CSV header of field names, a share of them spoiled."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from catalog.loader import load_catalog
from exchange.demo.cases import make_cases
from exchange.demo.layout import SYSTEMS

DISTINCT = 5_000
ENVELOPE = {"cd_operation": "I", "cd_time": "2026-01-05T08:00:00+08:00", "cd_batch": "bench", "data_source": "001"}


def write_cases(path: Path, rows: int, *, bad: float) -> None:
    """So many `case_basic` records; in the given share of them the applicant's ID number has a wrong check digit."""
    catalog = load_catalog()
    names = catalog.datasets.get("case_basic").field_names
    made = [case.basic for case in make_cases(SYSTEMS[0], DISTINCT, catalog, random.Random(1))]  # noqa: S311
    chance = random.Random(2)  # noqa: S311 - data, not keys
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        for number in range(rows):
            record = {**made[number % DISTINCT], **ENVELOPE, "project_no": f"bench-{number}", "row_guid": f"{number}"}
            if chance.random() < bad:
                record["applyer_page_code"] = "320102199001010000"
            writer.writerow(record)
