"""Every command explains itself in both languages, wholly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from exchange.cli.app import build, run_hub
from exchange.speech import Speech
from exchange.text import Language

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def commands(language: Language) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    def walk(path: str, command: TyperCommand | TyperGroup) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
        yield path, command
        if isinstance(command, TyperGroup):
            for name, each in command.commands.items():
                yield from walk(f"{path} {name}", each)

    yield from walk("hub", get_command(build(Speech.of(language))))


def texts(language: Language) -> dict[str, str]:
    """Every help text by its place; arguments too."""
    found = {}
    for path, command in commands(language):
        found[path] = command.help or ""
        for parameter in command.params:
            found[f"{path} {parameter.name}"] = getattr(parameter, "help", "") or ""
    return found


def test_the_commands_that_are_relied_on_are_there() -> None:
    paths = {path for path, _ in commands(Language.ZH)}
    assert {
        f"hub {name}"
        for name in ("demo", "run", "check", "status", "balance", "query", "rebuild", "recheck", "ledger verify")
    } <= paths


def test_both_languages_have_the_same_commands_and_options() -> None:
    zh, en = texts(Language.ZH), texts(Language.EN)
    assert zh.keys() == en.keys()
    assert len(zh) > 25


@pytest.mark.parametrize("language", Language)
def test_nothing_is_left_unexplained(language: Language) -> None:
    assert [place for place, text in texts(language).items() if not text.strip()] == []


def test_chinese_help_is_chinese_and_english_help_is_not() -> None:
    assert [place for place, text in texts(Language.ZH).items() if not CHINESE.search(text)] == []
    chinese_words = re.compile(r"电子证照")  # the name of a view may stand in English help
    assert [place for place, text in texts(Language.EN).items() if CHINESE.search(chinese_words.sub("", text))] == []


@pytest.mark.parametrize("path", [path for path, _ in commands(Language.ZH)])
def test_a_help_page_shows_in_chinese_to_the_last_word(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    assert run_hub([*path.split()[1:], "--help"]) == 0
    shown = capsys.readouterr().out
    assert CHINESE.search(shown)
    for english in ("Usage", "Options", "Arguments", "Commands", "Show this message", "default:", "required"):
        assert english not in shown


@pytest.mark.parametrize("language", Language)
def test_options_are_spelt_as_they_are_relied_on(language: Language) -> None:
    options = {
        path: {each for parameter in command.params if isinstance(parameter, TyperOption) for each in parameter.opts}
        for path, command in commands(language)
    }
    assert {"--cases", "--seed"} <= options["hub demo"]
    assert {"--home", "--node"} <= options["hub run"]
    assert {"--dataset", "--source", "--schema", "--format", "--slip"} <= options["hub check"]
    assert {"--home", "--node", "--format"} <= options["hub query"]
    assert "--node" in options["hub rebuild"]
    assert all("--home" in options[f"hub {name}"] for name in ("status", "balance", "ledger verify"))
