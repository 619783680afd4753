"""The counter and the extraction against the published conformance data (tests/data/twitter-text)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.text import default_limits, hashtags, mentions, problem, urls, weighted_length

DATA = Path(__file__).parent.parent / "data" / "twitter-text"
EXTRACTED = yaml.safe_load((DATA / "extract.yml").read_text("utf-8"))["tests"]
COUNTED = yaml.safe_load((DATA / "validate.yml").read_text("utf-8"))["tests"]
SIZES = {
    "urls": 91,
    "tco_urls_with_params": 5,
    "hashtags": 65,
    "hashtags_from_astral": 3,
    "mentions": 23,
    "WeightedTweetsCounterTest": 20,
    "WeightedTweetsWithDiscountedEmojiCounterTest": 22,
    "UnicodeDirectionalMarkerCounterTest": 2,
}


def cases(tests: dict[str, Any], *groups: str) -> list[Any]:
    return [
        pytest.param(group, case, id=f"{group}-{place}") for group in groups for place, case in enumerate(tests[group])
    ]


@pytest.mark.parametrize("group", SIZES)
def test_every_case_of_the_group_is_there(group: str) -> None:
    assert len((COUNTED if group.endswith("Test") else EXTRACTED)[group]) == SIZES[group]


@pytest.mark.parametrize(
    ("group", "case"),
    cases(EXTRACTED, "urls", "tco_urls_with_params", "hashtags", "hashtags_from_astral", "mentions"),
)
def test_extraction_finds_what_x_finds(group: str, case: dict[str, Any]) -> None:
    extract = {"hashtags": hashtags, "hashtags_from_astral": hashtags, "mentions": mentions}.get(group, urls)
    assert extract(case["text"]) == case["expected"], case["description"]


@pytest.mark.parametrize(
    ("group", "case"),
    cases(
        COUNTED,
        "WeightedTweetsCounterTest",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    ),
)
def test_the_counter_counts_what_x_counts(group: str, case: dict[str, Any]) -> None:
    emoji_as_two = group != "WeightedTweetsCounterTest"  # that group is from before emoji were discounted
    counted = weighted_length(case["text"], emoji_as_two)
    assert counted == case["expected"]["weightedLength"], case["description"]
    assert counted * 1000 // 280 == case["expected"]["permillage"]
    if emoji_as_two:
        assert (problem(case["text"], default_limits("x")) == "") is case["expected"]["valid"], case["description"]
