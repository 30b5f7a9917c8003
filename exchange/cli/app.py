"""The commands joined to one program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from typer import rich_utils
from typer._click.exceptions import ClickException, MissingParameter, NoSuchOption, UsageError
from typer.core import TyperCommand, TyperGroup

from exchange.cli import balance, check, demo, items, ledger, licences, query, rebuild, recheck, run, status
from exchange.errors import ConfigError, HubError
from exchange.settings import read_language
from exchange.speech import Speech
from exchange.text import Language, Text

if TYPE_CHECKING:
    from typer._click import Context
    from typer.core import TyperOption

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def main() -> None:
    """Run `hub` with the process's arguments, and end the process."""
    sys.exit(run_hub(sys.argv[1:]))


def run_hub(arguments: list[str]) -> int:
    """Run one command; 0 when all is well, 1 when something did not come out right, 2 when it was called wrongly."""
    try:
        speech = Speech.of(read_language())
    except ConfigError as error:
        Speech.of(Language.ZH).fail(error.text)
        return WRONG_USE
    try:
        return int(build(speech)(args=arguments, prog_name="hub", standalone_mode=False) or 0)
    except (HubError, ClickException, typer.Abort, KeyboardInterrupt) as error:
        return _explain(speech, error)


def _explain(speech: Speech, error: BaseException) -> int:
    """Say what went wrong, in the user's language; the exit code."""
    if isinstance(error, HubError):
        speech.fail(error.text)
        return WRONG_USE if isinstance(error, ConfigError) else FAILED
    if isinstance(error, UsageError):
        usage = Text(
            f"命令用法有误：{_in_chinese_words(error)}（hub --help 查看用法）",
            f"{error.format_message()} (hub --help shows how to use it)",
        )
        speech.fail(usage)
        return WRONG_USE
    if isinstance(error, ClickException):
        speech.fail(Text(error.format_message(), error.format_message()))
        return FAILED
    speech.note("已中断；再次运行会从中断处继续。", "Interrupted; the next run goes on from here.")
    return INTERRUPTED


def _in_chinese_words(error: UsageError) -> str:
    """The commonest mistakes in Chinese; the rest as typer words them."""
    if isinstance(error, NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, MissingParameter) and error.param is not None:
        return f"缺少 {error.param.metavar or error.param.opts[0]}"
    return error.format_message()


def build(speech: Speech) -> typer.Typer:
    """The program in one language."""
    chinese = speech.language is Language.ZH
    command, group = (ChineseCommand, ChineseGroup) if chinese else (TyperCommand, TyperGroup)
    rich_utils.OPTIONS_PANEL_TITLE = speech.word("选项", "Options")
    rich_utils.ARGUMENTS_PANEL_TITLE = speech.word("参数", "Arguments")
    rich_utils.COMMANDS_PANEL_TITLE = speech.word("命令", "Commands")
    rich_utils.DEFAULT_STRING = speech.word("[默认：{}]", "[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = speech.word("[必填]", "[required]")
    app = typer.Typer(
        cls=group,
        help=speech.word("政务数据分级交换与共享枢纽。", "Inter-level exchange hub for government data."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for each in (demo, run, check, status, balance, query, recheck, rebuild):
        each.register(app, speech, command)
    app.add_typer(items.group(speech, group, command), name="items")
    app.add_typer(licences.group(speech, group, command), name="licences")
    app.add_typer(ledger.group(speech, group, command), name="ledger")
    return app


class ChineseCommand(TyperCommand):
    """A command whose help is Chinese where typer would speak English."""

    def get_usage(self, ctx: Context) -> str:
        """The usage line."""
        return super().get_usage(ctx).replace("Usage:", "用法：", 1)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The help option."""
        return _in_chinese(super().get_help_option(ctx))


class ChineseGroup(TyperGroup):
    """A group of commands whose help is Chinese where typer would speak English."""

    def get_usage(self, ctx: Context) -> str:
        """The usage line."""
        return super().get_usage(ctx).replace("Usage:", "用法：", 1)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The help option."""
        return _in_chinese(super().get_help_option(ctx))


def _in_chinese(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = "显示帮助并退出。"
    return option
