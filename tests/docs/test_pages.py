"""The pages hold together: links lead somewhere, both languages say the same, generated pages are up to date."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Callable

import pytest
from doc_pages import CHINESE, PAGES, ROOT, Page

NAMED_TEST = re.compile(r"`(tests/[\w/]+?(?:\.py)?)(?:::(\w+))?`")
NAMED_CODE = re.compile(r"`((?:exchange|connectors|catalog|dags|docs|deploy)/[\w/.-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        assert target.exists(), link
        if anchor:
            assert anchor in Page(target).anchors, link


@pytest.mark.parametrize("english", CHINESE, ids=lambda page: page.name)
def test_both_languages_have_the_same_parts(english: Page) -> None:
    chinese = CHINESE[english]
    assert len(chinese.headings) == len(english.headings)
    assert chinese.blocks("yaml") == english.blocks("yaml")
    assert chinese.blocks("json") == english.blocks("json")
    assert [row.count("|") for row in rows(chinese)] == [row.count("|") for row in rows(english)]


def rows(page: Page) -> list[str]:
    return [line for line in page.prose.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_and_modules_that_are_named_exist(page: Page) -> None:
    for path, function in NAMED_TEST.findall(page.prose):
        assert (ROOT / path).exists(), path
        if function:
            assert function in functions(ROOT / path), f"{path}::{function}"
    for path in NAMED_CODE.findall(page.prose):
        assert (ROOT / path).exists(), path


def functions(path: object) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined] # a Path
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_page_of_findings_is_up_to_date() -> None:
    page = ROOT / "docs" / "findings.md"
    assert page.read_text(encoding="utf-8") == generated(), "run: python docs/generate_findings.py"


def generated() -> str:
    spec = importlib.util.spec_from_file_location("generate_findings", ROOT / "docs" / "generate_findings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page: Callable[[], str] = module.page
    return page()


def test_every_kind_of_ledger_entry_is_in_the_design() -> None:
    kinds = {
        word
        for path in (ROOT / "exchange" / "flows").glob("*.py")
        for word in re.findall(
            r'"((?:batch|file|receipt|package|share|correction|snapshot|licences?)\.[a-z]+)"',
            path.read_text(encoding="utf-8"),
        )
    }
    assert "batch.recorded" in kinds
    assert kinds <= Page(ROOT / "docs" / "design.md").codes


def test_every_decision_is_in_the_list() -> None:
    index = Page(ROOT / "docs" / "decisions" / "README.md")
    assert {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")} == set(index.links)
