"""How the command line speaks: one language, results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from exchange.text import Language, Text

WIDE = 160
"""Columns where there is no terminal to ask: a table in a log or a file need not be folded."""


def _width() -> int | None:
    return None if sys.stdout.isatty() else WIDE


@dataclass(frozen=True, slots=True)
class Speech:
    """One run of the command line, in the user's language."""

    language: Language
    out: Console
    aside: Console

    @classmethod
    def of(cls, language: Language) -> Speech:
        """Consoles over stdout and stderr."""
        return cls(
            language,
            Console(emoji=False, soft_wrap=True, highlight=False, width=_width()),
            Console(emoji=False, stderr=True, soft_wrap=True, width=_width()),
        )

    def word(self, zh: str, en: str) -> str:
        """The one that the user reads."""
        return Text(zh, en).of(self.language)

    def tell(self, zh: str, en: str) -> None:
        """A line of result."""
        self.out.print(escape(self.word(zh, en)))

    def note(self, zh: str, en: str) -> None:
        """A line beside the result."""
        self.aside.print(escape(self.word(zh, en)))

    def fail(self, text: Text) -> None:
        """What went wrong, and what to do."""
        self.aside.print(f"[bold red]{self.word('错误', 'Error')}[/]  {escape(text.of(self.language))}")

    def json(self, value: object) -> None:
        """One JSON document a line, for machines."""
        self.out.file.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows under headings; numbers stand to the right."""
        table = Table(title=title or None, title_justify="left")
        listed = [list(row) for row in rows]
        for at, column in enumerate(columns):
            numeric = bool(listed) and all(isinstance(row[at], int) for row in listed)
            table.add_column(escape(column), justify="right" if numeric else "left", overflow="fold")
        for row in listed:
            table.add_row(*("" if value is None else escape(str(value)) for value in row))
        self.out.print(table)
