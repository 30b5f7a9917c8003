"""SQL that follows from a dataset alone: quoted names, and which of two records is newer. It is only text here."""

from __future__ import annotations

from collections.abc import Iterable

from exchange.model.dataset import Dataset


def ident(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a quoted SQL literal, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


def idents(names: Iterable[str]) -> str:
    """Names as a list of quoted SQL identifiers."""
    return ", ".join(ident(name) for name in names)


def version_text(dataset: Dataset) -> str:
    """The version fields as one text that sorts as the versions do: integers padded, times as they are."""
    parts = [_sortable(dataset, name) for name in dataset.version]
    return f"concat_ws('|', {', '.join(parts)})" if parts else "''"


def _sortable(dataset: Dataset, name: str) -> str:
    value = f"coalesce({ident(name)}, '')"
    return f"lpad({value}, 12, '0')" if dataset.field(name).type == "integer" else value


def content_digest(dataset: Dataset) -> str:
    """The 64-bit digest of what a record says.

    Each filled field counts with its name, so a field that a later schema adds leaves the digests of older records
    as they are. Cells hold no control characters (the check refuses them), so the separators are unambiguous.
    """
    parts = [
        f"CASE WHEN {ident(name)} IS NULL THEN '' ELSE '{name}' || chr(31) || {ident(name)} || chr(30) END"
        for name in dataset.content
    ]
    return f"md5_number_lower(concat({', '.join(parts)}))"


def is_deletion(dataset: Dataset) -> str:
    """Whether a record takes back what was sent before."""
    return f"coalesce({ident(dataset.operation)} = 'D', false)" if dataset.operation else "false"
