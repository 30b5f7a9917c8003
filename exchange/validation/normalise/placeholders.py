"""What people type, and systems export, where there is nothing to say."""

from __future__ import annotations

from exchange.model.dataset import Field

# Backslash and N is how MySQL exports NULL.
_EVERYWHERE = frozenset(
    {"无", "暂无", "null", "(null)", "<null>", r"\n", "n/a", "#n/a", "-", "--", "---", "—", "——", "－", "/", "／"}
)
_WITH_ZERO = _EVERYWHERE | {"0"}


def placeholders(field: Field) -> frozenset[str]:
    """What stands for nothing in a field, in lower case.

    "0" does so only where it can be no value: in text with a format, and in personal data. In a number or a code, and
    in text of no declared form, 0 may mean 0.
    """
    zero_is_nothing = field.type == "string" and field.codes is None and (field.format or field.pii) is not None
    return _WITH_ZERO if zero_is_nothing else _EVERYWHERE
