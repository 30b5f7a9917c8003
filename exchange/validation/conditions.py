"""Conditional rules of a schema (`if`, `then`, `else`) in words, for the person who is to correct the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from exchange.text import Text

Title = Callable[[str], str]
SOME_CONDITION = Text("在规定的条件下", "its condition holds")


class _Part(NamedTuple):
    """One thing that a condition asks of one field; `values` None: that it is filled in."""

    field: str
    values: Sequence[Any] | None
    holds: bool

    def words(self, title: Title) -> Text:
        name = title(self.field)
        if self.values is None:
            return Text(
                f"“{name}”{'已填写' if self.holds else '为空'}",
                f"{self.field} is {'' if self.holds else 'not '}filled in",
            )
        quoted = [f"“{value}”" for value in self.values]
        if self.holds:
            return Text(f"“{name}”为{'或'.join(quoted)}", f"{self.field} is {' or '.join(quoted)}")
        no = "neither" if len(quoted) > 1 else "not"
        return Text(f"“{name}”不为{'和'.join(quoted)}", f"{self.field} is {no} {' nor '.join(quoted)}")


def condition_of(schema: Mapping[str, Any], path: Iterable[str | int], title: Title) -> Text | None:
    """The condition under which the rule at `path` within the schema applies; None when it applies always."""
    innermost = None
    for here, step in _steps(schema, path):
        if step in {"then", "else"} and isinstance(here, Mapping) and "if" in here:
            innermost = _words(here["if"], met=step == "then", title=title)
    return innermost


def walked(schema: Mapping[str, Any], path: Sequence[str | int]) -> object:
    """The part of the schema at the end of the path; None when the path leads through a reference."""
    steps = list(_steps(schema, path))
    if len(steps) < len(path):
        return None
    here, step = steps[-1]
    return here[step] if isinstance(here, Mapping) and step in here else None


def filled_in(field: str, title: Title) -> Text:
    """The condition of `dependentRequired`."""
    return _joined([_Part(field, None, True)], title)


def _steps(schema: Mapping[str, Any], path: Iterable[str | int]) -> Iterator[tuple[object, str | int]]:
    """Each step with the part of the schema from which it is taken, as far as it can be."""
    here = cast("Any", schema)
    for step in path:
        yield here, step
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return


def _words(condition: object, *, met: bool, title: Title) -> Text:
    parts = _parts(condition)
    if not parts or (not met and len(parts) > 1):
        return SOME_CONDITION
    return _joined(parts if met else [parts[0]._replace(holds=not parts[0].holds)], title)


def _joined(parts: Sequence[_Part], title: Title) -> Text:
    words = [part.words(title) for part in parts]
    return Text("当" + "且".join(each.zh for each in words) + "时", " and ".join(each.en for each in words))


def _parts(condition: object) -> list[_Part]:
    """What a condition asks; empty when it is of a shape that has no words here."""
    if not isinstance(condition, Mapping) or set(condition) - {"properties", "required"}:
        return []
    asked = condition.get("properties", {})
    parts = [_part(field, keywords) for field, keywords in asked.items()]
    filled = [_Part(field, None, True) for field in condition.get("required", ()) if field not in asked]
    return [] if None in parts else [*(part for part in parts if part), *filled]


def _part(field: str, keywords: object) -> _Part | None:
    if not isinstance(keywords, Mapping) or len(keywords) != 1:
        return None
    if "not" in keywords:
        inner = _part(field, keywords["not"])
        return inner._replace(holds=not inner.holds) if inner else None
    if "const" in keywords:
        return _Part(field, [keywords["const"]], True)
    return _Part(field, keywords["enum"], True) if "enum" in keywords else None
