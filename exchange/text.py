"""What a person reads, in Chinese and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """The two languages of the hub's users."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """One message in both languages; a template takes the same fields in both."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The message in one language."""
        return self.zh if language is Language.ZH else self.en

    def fill(self, **fields: object) -> Text:
        """The message with its `{fields}` filled in."""
        return Text(self.zh.format(**fields), self.en.format(**fields))

    def both(self) -> str:
        """Chinese first, English beside it: for logs and files that both kinds of reader open."""
        return f"{self.zh} / {self.en}"
