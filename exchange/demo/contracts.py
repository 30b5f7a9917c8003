"""The demo's site and contracts, as an administrator would write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from exchange.demo.columns import CONSTANTS, codes, column, fields
from exchange.demo.deliveries import prefix
from exchange.demo.files import NOTE_PREFIXES
from exchange.demo.layout import NODES, SYSTEMS, System
from exchange.model.dataset import Dataset

_SITE_NOTE = """\
# 演示站点：省、市、县（区）、乡镇（街道）四级。
# The demo's site: province, cities, counties, townships.
"""
_CONTRACT_NOTE = """\
# 来源约定：这个部门报送什么、怎么写、各列是什么意思。
# The contract of a source: what this department sends, how it is written, and what its columns mean.
"""


def write_config(folder: Path, datasets: Mapping[str, Dataset]) -> None:
    """`site.yaml` and `sources/<system>.yaml`."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    site = {"title": "江苏省政务数据交换演示站点", "nodes": list(NODES), "simulated": True}
    _write(folder / "site.yaml", _SITE_NOTE, site)
    for system in SYSTEMS:
        _write(folder / "sources" / f"{system.id}.yaml", _CONTRACT_NOTE, _contract(system, datasets))


def _write(path: Path, note: str, content: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=110)
    path.write_text(note + text, encoding="utf-8")


def _contract(system: System, datasets: Mapping[str, Dataset]) -> dict[str, Any]:
    return {
        "id": system.id,
        "title": system.body,
        "node": system.node,
        "department": system.department,
        "connector": _connector(system),
        "feeds": [_feed(system, datasets[name]) for name in system.feeds],
    }


def _connector(system: System) -> dict[str, Any]:
    if system.way.startswith("sftp"):
        return {"kind": "sftp", "connection": system.id, "path": "/out", "ready": "quiet", "quiet_seconds": 0}
    folder = {"kind": "dropfolder", "path": f"departments/{system.id}"}
    if system.way == "marker":
        return {**folder, "ready": "marker", "marker": ".ok"}
    return {**folder, "ready": "quiet", "quiet_seconds": 0}


def _feed(system: System, dataset: Dataset) -> dict[str, Any]:
    names = fields(system, dataset.name)
    mapping: dict[str, Any] = {name: column(system, name, dataset) for name in names}
    if system.thin:
        mapping |= {name: {"constant": value} for name, value in CONSTANTS.items()}
    feed: dict[str, Any] = {
        "dataset": dataset.name,
        "files": f"{prefix(system, dataset.name)}_*.{system.form.extension}",
        "format": _format(system),
        "mapping": mapping,
    }
    own = {name: dict(codes(system, name)) for name in names if codes(system, name)}
    return {**feed, "codes": own} if own else feed


def _format(system: System) -> dict[str, Any]:
    form = system.form
    spec: dict[str, Any] = {"kind": form.kind}
    if form.declared != "auto":
        spec["encoding"] = form.declared
    if form.delimiter != ",":
        spec["delimiter"] = form.delimiter
    if form.titles:
        spec["title_rows"] = form.titles
    if form.notes:
        spec["note_prefixes"] = list(NOTE_PREFIXES)
    return spec
