"""YAML that remembers on which line each thing stands, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from catalog.mistakes import Mistakes
from exchange.text import Text

Place = tuple[str | int, ...]
Loader = yaml.SafeLoader | yaml.CSafeLoader
_LOADER: type[Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, ten times as fast, where PyYAML was built with it: every task of a node reads the contracts."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One file's content, and the line of every key and list entry by its place (`("feeds", 0, "mapping")`)."""

    path: Path
    data: object
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest thing around it; parts that name nothing in the file are skipped."""
        known: Place = ()
        for part in place:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, 1)


def read_yaml(path: Path, mistakes: Mistakes) -> YamlFile | None:
    """The file's content; None, and a mistake, when it is no YAML or is not there."""
    try:
        loader = _LOADER(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mistakes.add(path, 1, Text(f"无法读取文件：{error}", f"cannot be read: {error}"))
        return None
    try:
        node = loader.get_single_node()
        reader = _Reader(loader, path, mistakes)
        data = reader.value(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.add(path, line, Text(f"不是有效的 YAML：{error.problem}", f"is not valid YAML: {error.problem}"))
        return None
    finally:
        loader.dispose()
    return YamlFile(path, data, reader.lines)


class _Reader:
    """Makes plain values of YAML nodes and notes their lines; a key that stands twice is a mistake."""

    def __init__(self, loader: Loader, path: Path, mistakes: Mistakes) -> None:
        self._loader = loader
        self._path = path
        self._mistakes = mistakes
        self.lines: dict[Place, int] = {}

    def value(self, node: yaml.Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*place, index)) for index, each in enumerate(node.value)]
        return self._loader.construct_object(node, deep=True)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[object, object]:
        values: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = self._loader.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if key in values:
                self._mistakes.add(self._path, line, Text(f"“{key}”重复出现", f"{key} stands here twice"))
            self.lines[(*place, str(key))] = line
            values[key] = self.value(value_node, (*place, str(key)))
        return values
