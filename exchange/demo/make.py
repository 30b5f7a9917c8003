"""Makes a demo site: config, the departments' files and systems, and what must come out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from catalog.catalogue import Catalog
from catalog.loader import load_catalog
from exchange.demo.access import write_secrets
from exchange.demo.broken import broken_files, senders
from exchange.demo.cases import BEIJING, Case, Record, make_cases
from exchange.demo.chance import chance
from exchange.demo.contracts import write_config
from exchange.demo.deliveries import Delivery, deliver
from exchange.demo.files import write
from exchange.demo.habits import write_drift
from exchange.demo.layout import NODES, SYSTEMS, System
from exchange.demo.licences import make_claims
from exchange.demo.truth import write_truth
from exchange.model.dataset import Dataset

SHARES = 20_000
"""The size of the demo in which the shares of `layout` are counted."""

MARKER = ".ok"
_DELIVERED = datetime(2026, 2, 1, 8, tzinfo=BEIJING).timestamp()
_KEEPS_A_NOTE = "nj-mz"
_NOTE = "本目录存放本部门的报送文件，请勿手工修改。\r\n"
_SETTLED_ELSEWHERE = 0.3


def make_demo(folder: Path, *, cases: int = SHARES, seed: int = 1) -> None:
    """Write a demo site under `folder`: `config`, `departments`, `systems`, `secrets` and `truth`.

    The same seed and number of cases make the same files, but for the secrets. What an earlier demo has left there is
    replaced; its secrets are kept.
    """
    catalog = load_catalog()
    datasets = {name: catalog.datasets.get(name) for name in catalog.datasets.names()}
    for part in ("config", "departments", "systems", "truth"):
        shutil.rmtree(folder / part, ignore_errors=True)
    write_config(folder / "config", datasets)
    write_secrets(folder / "secrets")
    sent = _deliver(folder, cases, seed, catalog, datasets)
    parents = {node: _parent(node, catalog) for node in NODES}
    write_truth(folder / "truth", sent, datasets, parents)
    write_drift(folder / "truth", catalog)


def delivery_folder(folder: Path, system: System) -> Path:
    """Where a system's files lie."""
    if system.way.startswith("sftp"):
        return folder / "systems" / "sftp" / system.id / "out"
    return folder / "departments" / system.id


def _deliver(folder: Path, cases: int, seed: int, catalog: Catalog, datasets: Mapping[str, Dataset]) -> list[Delivery]:
    """Write everybody's files; gives the deliveries in the order in which a source's files are taken."""
    scale = cases / sum(system.cases for system in SYSTEMS)
    made = {
        system.id: list(make_cases(system, round(system.cases * scale), catalog, chance(seed, "cases", system.id)))
        for system in SYSTEMS
    }
    claims = make_claims(made, cases / SHARES, seed)
    handed_over = _hand_over(made, seed)
    sent = []
    for system in SYSTEMS:
        records = _records(made[system.id], claims.get(system.id, []))
        for name in system.feeds:
            untouched = [*handed_over[system.id], *_orphans(system, records[name])] if name == "case_result" else []
            rng = chance(seed, "deliver", system.id, name)
            files = deliver(system, datasets[name], records[name], untouched, rng)
            _write(folder, files, datasets[name])
            sent += files
            if name == "case_basic" and system in senders():
                whole = delivery_folder(folder, system) / files[0].name
                broken = broken_files(system, datasets[name], whole)
                _write(folder, broken, datasets[name])
                sent += broken
    (folder / "departments" / _KEEPS_A_NOTE / "报送须知.txt").write_text(_NOTE, encoding="utf-8")
    return sent


def _hand_over(made: Mapping[str, Sequence[Case]], seed: int) -> dict[str, list[Record]]:
    """The results of cases that one system took in and another settles."""
    taken: dict[str, list[Record]] = {system: [] for system in made}
    for system in SYSTEMS:
        if system.results_of is None:
            continue
        rng = chance(seed, "hand over", system.id)
        for case in made[system.results_of]:
            if rng.random() < _SETTLED_ELSEWHERE:
                taken[system.id] += case.records.pop("case_result")
    return taken


def _records(cases: Sequence[Case], claims: Sequence[Record]) -> dict[str, list[Record]]:
    names = ("case_process", "case_special", "case_material", "case_result")
    records = {name: [record for case in cases for record in case.records.get(name, [])] for name in names}
    return {**records, "case_basic": [case.basic for case in cases], "licence": list(claims)}


def _orphans(system: System, results: Sequence[Record]) -> list[Record]:
    """Results of cases whose basics never come."""
    return [
        {**record, "project_no": f"{system.id}-无基本信息-{number}"} for number, record in enumerate(results[::200], 1)
    ]


def _write(folder: Path, files: Sequence[Delivery], dataset: Dataset) -> None:
    for file in files:
        path = delivery_folder(folder, file.system) / file.name
        write(file, dataset, path)
        if file.system.way == "marker":
            path.with_name(path.name + MARKER).touch()
        os.utime(path, (_DELIVERED, _DELIVERED))


def _parent(node: str, catalog: Catalog) -> str | None:
    """The nearest node above, by the divisions."""
    division = catalog.division(node)
    while division is not None and division.parent is not None:
        if division.parent in NODES:
            return division.parent
        division = catalog.division(division.parent)
    return None
