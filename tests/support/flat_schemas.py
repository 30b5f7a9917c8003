"""Hypothesis strategies: flat schemas of every keyword that the compiler knows, and rows of text cells for them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from support.hostile import CELLS

NAMES = ("a", "b", "名", "d'e")
EXTRA = "extra"
_PATTERNS = (
    *("^[0-9]{2,4}$", "[A-Z]", r"^\d+$", r"\w", r"^\s*$", "a|b$", "^(?:苏|京)", "^$", "x{2}", "[^0-9]", r"\D", "^.$"),
    *(
        r"(?=1)",
        r"(a)\1",
        r"\bA\b",
        r"^[一-龥]+$",
        r"\.",
        "(?i)abc",
        "^a$|^b$",
        "a$b",
        r"[\S]",
        "^(a|b$)",
        "[']",
        r"\Z",
    ),
)
_FORMATS = (
    *("date", "date-time", "time", "email", "idn-email", "uuid", "uri", "ipv4", "ipv6", "regex", "unheard-of"),
    *("uscc", "citizen-id", "org-code", "registration-no", "licence-id", "division-code", "task-code"),
)
_NUMBERS = st.sampled_from((0, 1, -1, 2, 10, 365, 2**53 + 1, 10**30, 0.1, 0.5, 1.5, 1.0, -2.5, 1e300))
_VALUES = st.one_of(st.sampled_from(CELLS), _NUMBERS, st.booleans(), st.none(), st.just([]), st.just({}))
_TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
_LIMITS = st.integers(0, 14)

_ASSERTIONS = {
    "type": st.one_of(st.sampled_from(_TYPES), st.lists(st.sampled_from(_TYPES), min_size=1, max_size=3, unique=True)),
    "enum": st.lists(_VALUES, min_size=1, max_size=7),
    "const": _VALUES,
    "pattern": st.sampled_from(_PATTERNS),
    "format": st.sampled_from(_FORMATS),
    "minLength": _LIMITS,
    "maxLength": _LIMITS,
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "exclusiveMinimum": _NUMBERS,
    "exclusiveMaximum": _NUMBERS,
    "multipleOf": st.sampled_from((1, 2, 7, 0.1, 0.5, 0.01, 1e-300, 2**60)),
    "minItems": _LIMITS,
    "title": st.just("标题"),
}


def _some(keywords: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the keywords."""
    names = st.lists(st.sampled_from(sorted(keywords)), max_size=most, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen}))


def _combined(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    return {
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
    }


_value = st.one_of(st.booleans(), _some(_ASSERTIONS, 3), st.just({"$ref": "#/$defs/value"}))
_value = st.one_of(_value, _some({**_ASSERTIONS, **_combined(_value)}, 3))

_names = st.sampled_from((*NAMES, "absent"))
_lists_of_names = st.lists(_names, max_size=3, unique=True)


def _of_records(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "properties": st.dictionaries(_names, _value, max_size=4),
        "required": _lists_of_names,
        "dependentRequired": st.dictionaries(_names, _lists_of_names, max_size=2),
        "dependentSchemas": st.dictionaries(_names, inner, max_size=2),
        "additionalProperties": st.one_of(st.booleans(), _value),
        "unevaluatedProperties": st.one_of(st.booleans(), _value),
        "patternProperties": st.dictionaries(st.sampled_from(("^[ab]", "名")), _value, max_size=1),
        "minProperties": st.integers(0, 4),
        "maxProperties": st.integers(0, 5),
        "propertyNames": _value,
        "type": st.sampled_from(("object", "string", ["object", "null"])),
        **_combined(inner),
    }


_record = st.one_of(st.booleans(), _some(_of_records(st.booleans()), 3), st.just({"$ref": "#/$defs/record"}))
_record = st.one_of(_record, _some(_of_records(_record), 3))


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """A schema of a flat record, whose `$defs` hold no references themselves."""
    schema = {"properties": draw(st.dictionaries(st.sampled_from(NAMES), _value, min_size=1, max_size=4))}
    schema.update(draw(_some(_of_records(_record), 5)))
    definitions = {"value": draw(_some(_ASSERTIONS, 2)), "record": draw(_some(_of_records(st.booleans()), 2))}
    return {**schema, "$defs": definitions}


rows = st.lists(
    st.dictionaries(
        st.sampled_from((*NAMES, EXTRA)), st.one_of(st.sampled_from(CELLS), st.text(min_size=1, max_size=5)), max_size=5
    ).map(lambda row: {name: cell for name, cell in row.items() if _is_text(cell)}),
    min_size=1,
    max_size=40,
)
"""Rows as a file can hold them: no NUL, and no half of a surrogate pair."""


def _is_text(cell: str) -> bool:
    return "\0" not in cell and not any("\ud800" <= each <= "\udfff" for each in cell)
