"""From plain values to the catalogue's entries; what an entry refuses becomes mistakes in two languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.mistakes import Mistakes
from catalog.models import Entry
from exchange.text import Text

EntryT = TypeVar("EntryT", bound=Entry)
LineOf = Callable[[tuple[str | int, ...]], int]

_TEXTS = {
    "missing": Text("缺少“{name}”", "{name} is missing"),
    "extra_forbidden": Text("不认识的设置“{name}”，请检查拼写", "unknown key {name}, check its spelling"),
    "string_type": Text("“{name}”应为文本，数字代码请加引号", "{name} must be text, put digits in quotes"),
    "string_pattern_mismatch": Text("“{name}”的写法不对，应符合 {pattern}", "{name} must match {pattern}"),
    "literal_error": Text("“{name}”只能是 {expected}", "{name} must be {expected}"),
    "bool_type": Text("“{name}”应为 true 或 false", "{name} must be true or false"),
    "bool_parsing": Text("“{name}”应为 true 或 false", "{name} must be true or false"),
    "int_type": Text("“{name}”应为整数", "{name} must be a whole number"),
    "int_parsing": Text("“{name}”应为整数", "{name} must be a whole number"),
    "greater_than_equal": Text("“{name}”不能小于 {ge}", "{name} must not be less than {ge}"),
    "string_too_short": Text("“{name}”不能为空", "{name} must not be empty"),
    "string_too_long": Text("“{name}”最长 {max_length} 个字符", "{name} has at most {max_length} characters"),
    "too_short": Text("“{name}”不能为空", "{name} must not be empty"),
    "dict_type": Text("“{name}”应为“键: 值”的形式", "{name} must be made of keys and values"),
    "model_type": Text("“{name}”应为“键: 值”的形式", "{name} must be made of keys and values"),
    "tuple_type": Text("“{name}”应为列表", "{name} must be a list"),
    "date_from_datetime_parsing": Text("“{name}”应为日期，例如 2024-05-01", "{name} must be a date like 2024-05-01"),
}
_OTHER = Text("“{name}”的值不正确（{msg}）", "{name} is wrong: {msg}")


def entry(model: type[EntryT], data: object, file: Path, line_of: LineOf, mistakes: Mistakes) -> EntryT | None:
    """The entry that the values describe; None, and a mistake for each thing wrong, when they do not."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            if not _follows_from_others(detail, details):
                mistakes.add(file, line_of(detail["loc"]), _text(detail))
        return None


def _follows_from_others(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its entries are wrong, which is told already."""
    depth = len(detail["loc"])
    inside = (other for other in details if len(other["loc"]) > depth and other["loc"][:depth] == detail["loc"])
    return detail["type"] == "too_short" and any(inside)


def _text(detail: ErrorDetails) -> Text:
    names = [part for part in detail["loc"] if isinstance(part, str)]
    name = names[-1] if names else "…"
    template = _TEXTS.get(detail["type"], _OTHER)
    return template.fill(**{**detail.get("ctx", {}), "name": name, "msg": detail["msg"]})
