"""Every command and option is in the README or a guide, and none is there that does not exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
import typer
from doc_pages import CHINESE, GUIDES, PAGES, README, ROOT

from exchange.cli.app import build
from exchange.speech import Speech
from exchange.text import Language

HELP = "--help"
OPTION = re.compile(r"--[a-z][a-z-]*")


def commands(group: click.Command, above: str = "hub") -> Iterator[tuple[str, click.Command]]:
    """Each command that can be run, by its full name."""
    inner = getattr(group, "commands", None)
    if inner is None:
        yield above, group
    else:
        for name, command in inner.items():
            yield from commands(command, f"{above} {name}")


COMMANDS = dict(commands(typer.main.get_command(build(Speech.of(Language.EN)))))
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


def written() -> Iterator[tuple[str, str]]:
    """Every `hub …` of every page, in shell blocks and in prose, with the page's name."""
    for page in PAGES:
        lines = [*page.commands, *page.codes]
        for line in lines:
            start = re.search(r"(?:^|\s)hub(?=\s)", line)
            if start and "…" not in line:
                yield page.name, line[start.start() :].strip()


def named(line: str) -> str | None:
    return next((name for name in COMMANDS if line == name or line.startswith(f"{name} ")), None)


@pytest.mark.parametrize("page", [README, CHINESE[README]], ids=lambda page: page.name)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_readme(name: str, page: object) -> None:
    text = page.text  # type: ignore[attr-defined] # a Page
    assert name in text
    missing = sorted(option for option in options(COMMANDS[name]) if option not in text)
    assert missing == []


def test_every_command_that_is_written_down_exists() -> None:
    unknown = [(page, line) for page, line in written() if named(line) is None]
    assert unknown == []


def test_every_option_that_is_written_down_exists() -> None:
    wrong = [
        (page, line, option)
        for page, line in written()
        if (name := named(line)) is not None
        for option in OPTION.findall(line)
        if option not in options(COMMANDS[name]) | {HELP}
    ]
    assert wrong == []


def test_commands_in_shell_blocks_can_be_split() -> None:
    for page in PAGES:
        for line in page.commands:
            assert shlex.split(line)


@pytest.mark.parametrize("page", [README, CHINESE[README]], ids=lambda page: page.name)
def test_every_make_target_is_in_the_readme(page: object) -> None:
    missing = [target for target in TARGETS if f"make {target}" not in page.text]  # type: ignore[attr-defined] # a Page
    assert missing == []


def test_every_make_target_that_is_written_down_exists() -> None:
    found = {
        (page.name, target)
        for page in PAGES
        for line in [*page.commands, *page.codes]
        for target in re.findall(r"^make ([a-z]+)", line)
    }
    assert {target for _, target in found} <= set(TARGETS)


def test_both_languages_show_the_same_commands() -> None:
    for english in (README, *GUIDES.values()):
        assert CHINESE[english].commands == english.commands, english.name
