"""Mistakes of catalogue files, collected over all files and told at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from exchange.errors import ConfigError
from exchange.text import Text


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong in one line of one file. `file` is relative to the folder that was loaded."""

    file: str
    line: int
    text: Text

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.file}:{self.line}"


@dataclass(slots=True)
class Mistakes:
    """All mistakes found while a folder was loaded."""

    folder: Path
    found: list[Mistake] = field(default_factory=list)

    def add(self, file: Path, line: int, text: Text) -> None:
        """Note one mistake."""
        shown = file.relative_to(self.folder) if file.is_relative_to(self.folder) else file
        self.found.append(Mistake(shown.as_posix(), line, text))

    def raise_if_any(self) -> None:
        """ConfigError that lists every mistake, one a line, in order of file and line."""
        if self.found:
            raise ConfigError(self._summary())

    def _summary(self) -> Text:
        ordered = sorted(set(self.found))
        zh = [f"{mistake.place}: {mistake.text.zh}" for mistake in ordered]
        en = [f"{mistake.place}: {mistake.text.en}" for mistake in ordered]
        return Text(
            "\n".join([f"{self.folder} 的配置有 {len(ordered)} 处错误，请逐条改正：", *zh]),
            "\n".join([f"the configuration in {self.folder} has {len(ordered)} mistake(s), mend each of them:", *en]),
        )
