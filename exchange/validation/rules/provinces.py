"""The first two places of division codes and of citizen IDs."""

from __future__ import annotations

PROVINCES = (
    *("11", "12", "13", "14", "15"),
    *("21", "22", "23"),
    *("31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46"),
    *("50", "51", "52", "53", "54"),
    *("61", "62", "63", "64", "65"),
    *("71"),
    *("81", "82"),
)
"""GB/T 2260: the provinces, autonomous regions and municipalities, Taiwan, Hong Kong and Macao."""
ID_PROVINCES = (*PROVINCES, "83")
"""Residence permits of people from Taiwan begin with 83 (国办发〔2018〕81号, the permit's numbering)."""
