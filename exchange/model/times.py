"""The zone of every wall clock that departments write, and the hub's own clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class SystemClock:
    """The present moment, in Beijing time."""

    def now(self) -> datetime:
        """The present moment, with a zone."""
        return datetime.now(SHANGHAI)
