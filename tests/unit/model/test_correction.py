"""Why a value counts, in words that a clerk understands."""

from __future__ import annotations

from typing import get_args

import pytest
from support.site import DATASETS

from exchange.model.correction import told_fields, why
from exchange.model.licence import Reason
from exchange.text import Text

GIVER = Text("昆山市（320583000000）", "昆山市 (320583000000)")


def test_trust_names_both_levels() -> None:
    text = why("trust", GIVER, "A", "B")
    assert text.zh == "采用昆山市（320583000000）的记录：颁证机关报送（可信等级 A）优先于窗口核验（可信等级 B）"
    assert text.en.endswith("reported by the issuing body (trust A) comes before checked at the counter (trust B)")


@pytest.mark.parametrize("level", [None, "", "E"])
def test_a_claim_without_a_level_is_told_as_that(level: str | None) -> None:
    assert "未注明可信等级" in why("trust", GIVER, "A", level).zh


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    others = {why(each, GIVER, "A", "B") for each in get_args(Reason) if each != reason}
    text = why(reason, GIVER, "A", "B")
    assert text not in others
    assert text.zh.startswith("采用昆山市")
    assert text.en.startswith("Taken from 昆山市")


def test_what_speaks_of_the_claim_and_not_of_the_thing_is_never_corrected() -> None:
    fields = set(told_fields(DATASETS["licence"]))
    assert not fields & {"cd_time", "cd_operation", "cd_batch", "row_guid", "data_source", "trust_level"}
    assert {"certificate_name", "certificate_holder", "valid_to", "status"} <= fields
