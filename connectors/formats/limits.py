"""What a sound file does not exceed. Beyond it a file is refused before it can cost memory."""

from __future__ import annotations

MIB = 1 << 20

CHUNK = MIB
"""Bytes read at a time when a file is looked through."""

RECORD_MIB = 16
"""Longest line or record, in MiB."""

CELL_MIB = 1
"""Longest cell, in MiB (counted in characters)."""

NESTING = 16
"""Deepest nesting of lists and objects within one JSON record."""

XML_DEPTH = 1000
"""Deepest nesting of elements in a whole XML document."""
