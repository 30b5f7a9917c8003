"""A connector's settings, held against the dataclass that declares them: each field once, each mistake told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from exchange.text import Text


def mistakes(declaration: type[Any], settings: Mapping[str, Any]) -> list[Text]:
    """Everything that keeps the settings from becoming the dataclass: unknown, missing or of a wrong type."""
    known = {field.name: field for field in fields(declaration)}
    hints = get_type_hints(declaration)
    found = [_unknown(name, known) for name in settings if name not in known]
    found += [_missing(name) for name, field in known.items() if name not in settings and _is_required(field)]
    checked = ((name, settings[name], hints[name]) for name in known if name in settings)
    found += [_unfit(name, hint) for name, value, hint in checked if not _fits(value, hint)]
    return found


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type hint may be any object
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 3600
    if hint is str:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, hint)


def _unfit(name: str, hint: Any) -> Text:  # noqa: ANN401 - a type hint may be any object
    zh, en = _wanted(hint)
    return Text(f"连接设置“{name}”应为{zh}。", f"The connector setting {name} must be {en}.")


def _wanted(hint: Any) -> tuple[str, str]:  # noqa: ANN401 - a type hint may be any object
    if get_origin(hint) is Literal:
        choices = " | ".join(get_args(hint))
        return f"以下之一：{choices}", f"one of {choices}"
    return {
        float: ("0 到 3600 之间的数（秒）", "a number from 0 to 3600 (seconds)"),
        bool: ("true 或 false", "true or false"),
        str: ("非空文本", "text that is not empty"),
    }[hint]


def _unknown(name: object, known: Mapping[str, object]) -> Text:
    choices = ", ".join(known)
    return Text(
        f"连接设置“{name}”不认识。可用的设置：{choices}。",
        f"The connector setting {name} is unknown. Known: {choices}.",
    )


def _missing(name: str) -> Text:
    return Text(f"缺少连接设置“{name}”。", f"The connector setting {name} is missing.")
