"""The datasets: JSON Schema files in folders `<dataset>/<revision>.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from exchange.errors import ConfigError
from exchange.model.dataset import Dataset, dataset_of
from exchange.text import Text

PACKAGED = Path(__file__).resolve().parent.parent / "schemas"


class SchemaFolder:
    """The datasets of one or more folders; implements the `Datasets` port.

    Without folders it is the hub's own. A later folder adds datasets and revisions; it cannot change one that an
    earlier folder has, for a published version is never edited.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders or (PACKAGED,)
        self._read: dict[tuple[str, int], Dataset] = {}

    def get(self, name: str, revision: int | None = None) -> Dataset:
        """One dataset, the newest revision unless told; ConfigError when there is none or its file is no schema."""
        revisions = self._files.get(name, {})
        wanted = max(revisions, default=0) if revision is None else revision
        if wanted not in revisions:
            known = ", ".join(sorted(self._files))
            shown = name if revision is None else f"{name}/{revision}"
            raise ConfigError(
                Text(f"没有数据集“{shown}”；现有数据集：{known}", f"there is no dataset {shown}; there are: {known}")
            )
        key = (name, wanted)
        if key not in self._read:
            self._read[key] = _dataset(name, wanted, revisions[wanted])
        return self._read[key]

    def names(self) -> tuple[str, ...]:
        """All names, each after those that its references need; ConfigError when they need each other."""
        needs = {name: {each.dataset for each in self.get(name).references} - {name} for name in sorted(self._files)}
        try:
            return tuple(name for name in TopologicalSorter(needs).static_order() if name in self._files)
        except CycleError as error:
            circle = " → ".join(error.args[1])
            raise ConfigError(
                Text(f"数据集互相引用，无法排序：{circle}", f"datasets need each other in a circle: {circle}")
            ) from error

    def revisions(self, name: str) -> tuple[int, ...]:
        """All revisions of one dataset, oldest first; empty when there is no such dataset."""
        return tuple(sorted(self._files.get(name, {})))

    def file(self, name: str, revision: int) -> Path:
        """The schema file of one revision; KeyError when there is none."""
        return self._files[name][revision]

    @cached_property
    def _files(self) -> dict[str, dict[int, Path]]:
        files: dict[str, dict[int, Path]] = {}
        for folder in self._folders:
            for path in sorted(folder.glob("*/*.json")):
                revisions = files.setdefault(path.parent.name, {})
                revision = _revision(path)
                if revision in revisions:
                    raise ConfigError(
                        Text(
                            f"{path}：数据集版本已存在于 {revisions[revision]}，已发布的版本不能修改，请使用新的版本号",
                            f"{path}: this version is already in {revisions[revision]}; a published version is never "
                            "edited, take a new number",
                        )
                    )
                revisions[revision] = path
        return files


def required_fields(dataset: Dataset) -> frozenset[str]:
    """The fields that every record but a deletion needs, whatever else it holds.

    Those are the schema's own `required`, and those of the `else` of its deletion rule (docs/guides/add-a-dataset.md).
    """
    required = set(dataset.schema.get("required", ()))
    for rule in dataset.schema.get("allOf", ()):
        if _is_deletion(rule.get("if"), dataset.operation):
            required.update(rule.get("else", {}).get("required", ()))
    return frozenset(required)


def _is_deletion(condition: object, operation: str | None) -> bool:
    return operation is not None and condition == {
        "properties": {operation: {"const": "D"}},
        "required": [operation],
    }


def _revision(path: Path) -> int:
    if not path.stem.isdecimal() or int(path.stem) < 1:
        raise ConfigError(
            Text(f"{path}：文件名应为版本号，例如 1.json", f"{path}: the file's name must be a version like 1.json")
        )
    return int(path.stem)


def _dataset(name: str, revision: int, path: Path) -> Dataset:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConfigError(Text(f"{path}：不是有效的 JSON：{error}", f"{path}: is not valid JSON: {error}")) from error
    if not (isinstance(schema, Mapping) and isinstance(schema.get("title"), str) and "properties" in schema):
        raise ConfigError(
            Text(f"{path}：数据集应有 title 和 properties", f"{path}: a dataset needs a title and properties")
        )
    return dataset_of(name, revision, schema)
