"""Guarantee 6: the SQL accepts a record exactly when `jsonschema` does, and fails at the same places."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from support import flat_schemas, hostile
from support.verdicts import compare

SCHEMAS = sorted((Path(__file__).parents[4] / "schemas").glob("*/*.json"))
ROWS = int(os.environ.get("HUB_FUZZ_ROWS", "50000"))
SEED = int(os.environ.get("HUB_FUZZ_SEED", "20261124"))
SCHEMAS_MADE = int(os.environ.get("HUB_FUZZ_SCHEMAS", "400"))
_AT_ONCE = 12_500


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_hostile_rows_of_every_dataset_fare_as_with_the_library(path: Path, part: int) -> None:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    share, accepted = ROWS // 4, 0
    for first in range(0, share, _AT_ONCE):
        rows = hostile.records(schema, min(_AT_ONCE, share - first), SEED + 1000 * part + first)
        done = compare(schema, rows, list(schema["properties"]))
        assert done.differences == []
        assert done.undecided < done.rows / 20
        accepted += done.accepted
    assert share / 50 < accepted < share  # neither all good nor all bad, or the comparison says little


@pytest.mark.slow
@settings(max_examples=SCHEMAS_MADE)
@given(schema=flat_schemas.schemas(), rows=flat_schemas.rows)
def test_generated_schemas_mean_what_they_mean_to_the_library(
    schema: dict[str, Any], rows: list[dict[str, str]]
) -> None:
    assert compare(schema, rows, [*flat_schemas.NAMES, flat_schemas.EXTRA]).differences == []
