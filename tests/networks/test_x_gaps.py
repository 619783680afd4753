"""What the search and the timeline of X do not show any more is fetched from its archive, or said to be missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import Item
from tests.doubles.x_faults import Fault
from tests.networks.x_scene import MENTIONS, START, TAG, US, Scene, scene


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        yield made


def ids(items: list[Item]) -> list[str]:
    return [one.native_id for one in items]


def test_a_week_without_us_leaves_a_gap_that_is_filled(here: Scene) -> None:
    seen = here.server.post("asha", "Before? #QLabs")
    here.clock.forward(minutes=1)
    assert ids(here.read()) == [seen]
    missed = [
        here.server.post("asha", f"Missed {n}? #QLabs", at=START + timedelta(hours=1, seconds=n)) for n in range(620)
    ]
    within = here.server.post("bryn", "Within reach? #QLabs", at=START + timedelta(days=5))
    here.clock.forward(days=9)
    first = here.page()
    assert within in ids(list(first.items))
    assert "were missed while nothing ran" in first.note
    items = list(first.items)
    for _ in range(4):
        here.clock.forward(seconds=30)
        last = here.page()
        items += last.items
    assert set(missed) <= set(ids(items))
    assert last.note == ""
    assert "gaps" not in json.loads(here.cursors[TAG.id])


def test_more_mentions_than_their_timeline_shows_are_fetched_from_the_archive(here: Scene) -> None:
    here.read(MENTIONS)
    made = [
        here.server.post("asha", f"@{US} question {n}?", at=START + timedelta(minutes=1, seconds=n)) for n in range(830)
    ]
    here.clock.forward(hours=1)
    first = here.read(MENTIONS)
    assert ids(first)[:800] == made[:-801:-1]
    assert set(ids([*first, *here.read(MENTIONS)])) == set(made)
    assert "gaps" not in json.loads(here.cursors[MENTIONS.id])
    query = here.server.called("GET /2/tweets/search/all")[0].query["query"]
    assert query == f"@{US} -is:retweet -from:{US}"


def test_a_gap_that_x_will_not_fill_is_told_and_does_not_stop_reading(here: Scene) -> None:
    here.read()
    here.clock.forward(days=9)
    native = here.server.post("asha", "Now? #QLabs")
    here.clock.forward(minutes=1)
    here.server.faults.next(Fault.NOT_ENROLLED, "GET /2/tweets/search/all", times=99)
    page = here.page()
    assert ids(list(page.items)) == [native]
    assert "look there by hand" in page.note
    assert len(here.server.called("GET /2/tweets/search/all")) == 1
    here.page()
    assert len(here.server.called("GET /2/tweets/search/all")) == 1


def test_eight_quiet_days_with_us_watching_are_no_gap(here: Scene) -> None:
    here.server.post("asha", "Before? #QLabs")
    for _ in range(10):
        here.clock.forward(days=1)
        page = here.page()
        assert (page.note, page.more) == ("", False)
    assert here.server.called("GET /2/tweets/search/all") == []
