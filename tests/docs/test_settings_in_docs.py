"""Every setting of a site, a contract, a connector, a schema and the environment is explained, in both languages."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import get_args

import pytest
from doc_pages import CHINESE, GUIDES, ROOT, Page

from catalog.models import Constant, Entry, Feed, FileFormat, SourceContract
from catalog.site_files import SiteSettings
from connectors.dropfolder.config import DropFolderConfig
from connectors.sftp.config import SftpConfig
from exchange.model.dataset import FieldType, Pii
from exchange.model.format import Encoding, FormatKind
from exchange.validation.formats import FORMATS

SOURCE, DATASET, SITE = GUIDES["add-a-source"], GUIDES["add-a-dataset"], GUIDES["run-a-site"]
CHECKED_BY_MODEL = [
    (SITE, SiteSettings),
    (SOURCE, SourceContract),
    (SOURCE, Feed),
    (SOURCE, Constant),
    (SOURCE, FileFormat),
]
WORDS_OF_SCHEMAS = {
    word
    for path in ROOT.glob("schemas/*/*.json")
    for word in re.findall(r'"(x-[a-z-]+)":', path.read_text(encoding="utf-8"))
}


def in_both(page: Page) -> list[Page]:
    return [page, CHINESE[page]]


def explained(page: Page) -> set[str]:
    """What stands in the first cell of a table's row."""
    cells = (line.split("|")[1] for line in page.prose.splitlines() if line.startswith("|"))
    return {code for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize(("page", "model"), CHECKED_BY_MODEL)
def test_every_key_has_a_row(page: Page, model: type[Entry]) -> None:
    for each in in_both(page):
        assert set(model.model_fields) <= explained(each), each.name


@pytest.mark.parametrize("config", [DropFolderConfig, SftpConfig])
def test_every_setting_of_a_connector_has_a_row(config: type[DropFolderConfig | SftpConfig]) -> None:
    for each in in_both(SOURCE):
        assert {field.name for field in dataclasses.fields(config)} <= explained(each), each.name


def test_no_row_names_a_key_that_does_not_exist() -> None:
    keys = {name for page, model in CHECKED_BY_MODEL if page is SOURCE for name in model.model_fields}
    keys |= {field.name for config in (DropFolderConfig, SftpConfig) for field in dataclasses.fields(config)}
    keys |= {"host", "login", "port", "password", "extra.key_file", "extra.host_key"}
    for each in in_both(SOURCE):
        rows = {code for code in explained(each) if re.fullmatch(r"[a-z_.]+", code)}
        assert rows <= keys, each.name


@pytest.mark.parametrize("values", [FormatKind, Encoding])
def test_every_choice_of_a_format_is_named(values: object) -> None:
    for each in in_both(SOURCE):
        assert set(get_args(values)) <= each.codes, each.name


def test_every_keyword_of_a_schema_has_a_row() -> None:
    assert "x-key" in WORDS_OF_SCHEMAS
    for each in in_both(DATASET):
        assert explained(each) >= WORDS_OF_SCHEMAS, each.name


@pytest.mark.parametrize("values", [get_args(Pii), get_args(FieldType), tuple(FORMATS)])
def test_every_value_of_a_keyword_is_named(values: tuple[str, ...]) -> None:
    for each in in_both(DATASET):
        assert set(values) <= each.codes, each.name


def test_every_environment_variable_has_a_row() -> None:
    names = set(re.findall(r'"(HUB_[A-Z_]+)"', (ROOT / "exchange" / "settings.py").read_text(encoding="utf-8")))
    assert names
    for each in in_both(SITE):
        assert names <= explained(each), each.name


@pytest.mark.parametrize("english", [SOURCE, DATASET, SITE], ids=lambda page: page.name)
def test_the_same_settings_in_both_languages(english: Page) -> None:
    assert keys(CHINESE[english]) == keys(english)


def keys(page: Page) -> set[str]:
    """What rows explain, but for folders: what stands in angle brackets is translated."""
    return {code for code in explained(page) if code.isascii() and "/" not in code}


def test_every_dataset_of_the_hub_is_in_the_catalogue_page() -> None:
    page = Page(ROOT / "docs" / "catalog.md")
    for path in ROOT.glob("schemas/*/1.json"):
        title = json.loads(path.read_text(encoding="utf-8"))["title"]
        assert path.parent.name in explained(page)
        assert title in page.text
