"""The repository's pages, taken apart: headings, fenced blocks, links, table cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, kind: str) -> list[str]:
        return [content for language, content in _FENCE.findall(self.text) if language == kind]

    @property
    def commands(self) -> list[str]:
        """The lines of all shell blocks, without comments."""
        lines = (line.partition("#")[0].strip() for block in self.blocks("bash") for line in block.splitlines())
        return [line for line in lines if line]

    @property
    def codes(self) -> set[str]:
        """Everything in backquotes."""
        return set(_CODE.findall(self.prose))

    @property
    def headings(self) -> list[str]:
        return _HEADING.findall(self.prose)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """The headings as GitHub names them in links."""
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in self.headings}


def _pages() -> list[Page]:
    outside = {*ROOT.glob("*.md"), *ROOT.glob("deploy/**/*.md"), *ROOT.glob("docs/**/*.md")}
    return [Page(path) for path in sorted(outside)]


PAGES = _pages()
README = Page(ROOT / "README.md")
GUIDES = {
    name: Page(ROOT / "docs" / "guides" / f"{name}.md")
    for name in ("add-a-source", "add-a-dataset", "run-a-site", "licences")
}
CHINESE = {page: Page(page.path.with_suffix(".zh-CN.md")) for page in (README, *GUIDES.values())}
