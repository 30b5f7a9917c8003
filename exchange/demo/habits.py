"""Items that some of the demo's departments call by a name of their own, against the catalogue (三级四同)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from catalog.catalogue import Catalog
from catalog.models import Item

_NAMES: Mapping[tuple[str, str], str] = {
    ("jn-scjg", "000131004000"): "食品经营许可证核发",
    ("sip-zwfw", "000131001000"): "公司设立登记（含分公司）",
}
"""By system and catalogue code."""
DRIFT = "drift.json"


def written_name(system: str, item: Item) -> str:
    """What a system calls an item."""
    return _NAMES.get((system, item.catalog_code), item.name)


def write_drift(truth: Path, catalog: Catalog) -> None:
    """Write `drift.json` of the basics in `truth/records`.

    A list of origin, source, item, what the cases call it (found) and what the catalogue does (wanted), how many there
    are, and the first and the last day.
    """
    days: dict[tuple[str, ...], list[str]] = {}
    for record in pq.read_table(truth / "records" / "case_basic.parquet").to_pylist():
        day = record["accept_date"][:10]
        item = catalog.item(record["catalog_code"], date.fromisoformat(day))
        if item is not None and not item.local_only and record["task_name"] != item.name:
            place = (record["origin"], record["source"], item.catalog_code, record["task_name"], item.name)
            days.setdefault(place, []).append(day)
    names = ("origin", "source", "item", "found", "wanted")
    found = [
        {**dict(zip(names, place, strict=True)), "records": len(each), "first": min(each), "last": max(each)}
        for place, each in sorted(days.items())
    ]
    (truth / DRIFT).write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
