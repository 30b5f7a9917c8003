"""The error slip (整改单) as a form that travels: what it is known again by when it comes back corrected."""

from __future__ import annotations

from dataclasses import dataclass

ROWS_SHEET = "需整改的行"
"""The sheet that holds the bad rows; further ones bear a number behind the name."""

LEADING = ("原文件行号", "问题", "如何修改")
"""What stands before the department's own columns; it is not read back."""

PROVENANCE = ("__来源", "__批次", "__行号")
"""Hidden columns behind the department's own: source, batch, and the row's number within that batch."""


@dataclass(frozen=True, slots=True)
class SlipMark:
    """Whose slip a workbook is, by its own word; both are empty when its hidden columns are gone."""

    source: str
    batch: str
