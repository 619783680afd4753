"""Reading a real Bluesky: every post with the hashtag once, whatever the search does; mentions, replies, removals."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.items import Item, Page, Source, Standing
from bot.networks.bluesky import Bluesky
from bot.store import tables
from tests.doubles.bluesky_server import tagged
from tests.real.bluesky import Open, RealBluesky, hashtag, mentions
from tests.real.house import House

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run installs the packages


class Kept:
    """What a careful reader would have stored: pages folded in, suspects asked for again."""

    def __init__(self, network: Bluesky, source: Source) -> None:
        self.network, self.source, self.cursor = network, source, ""
        self.items: dict[str, Item] = {}
        self.gone: set[str] = set()

    def tick(self) -> Page:
        while True:
            page = self.network.fetch(self.source, self.cursor)
            self.cursor = page.cursor
            assert page.poison == ()
            self.items |= {item.native_id: item for item in page.items}
            suspects = sorted(page.covers.ids & self.items.keys())
            for checked in self.network.recheck(self.source, suspects) if suspects else []:
                self.gone |= {checked.native_id} if checked.standing is Standing.GONE else set()
            if not page.more:
                return page


def read_until(kept: Kept, condition: Callable[[], bool]) -> None:
    """Read until it is so: notifications come a little after their post."""
    for _ in range(100):
        kept.tick()
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")


def record(text: str, tag: str, at: datetime) -> dict[str, Any]:
    """A post with a hashtag, as an app writes it."""
    facets = [tagged(text, tag)]
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": at.isoformat(), "facets": facets}


def test_a_hashtag_is_found_alive_or_in_plain_text_whatever_its_case(bluesky: RealBluesky, skeet: Open) -> None:
    alive = "Is 🧑‍🚀 alive? #QLabsOne"
    uris = [
        bluesky.say("asha", alive, facets=[tagged(alive, "QLabsOne")], langs=["en-GB", "cy"])["uri"],
        bluesky.say("bryn", "In plain text? #qlabsone")["uri"],
        bluesky.say("bryn", "In neither?", tags=["QLABSONE"])["uri"],
    ]
    others = [bluesky.say("bryn", "QLabsOne without its sign"), bluesky.say("bryn", "#QLabsOneAndMore")]
    bluesky.wait([*uris, *(one["uri"] for one in others)])
    kept = Kept(skeet(), hashtag("QLabsOne"))
    kept.tick()
    assert set(kept.items) == set(uris)
    first = kept.items[uris[0]]
    assert (first.text, first.lang, first.own) == (alive, "en-GB", False)
    assert (first.author_id, first.author_name, first.author_handle) == (bluesky.did("asha"), "asha", "@asha.test")
    assert first.url == f"https://bsky.app/profile/asha.test/post/{uris[0].rpartition('/')[2]}"
    assert first.written_at is not None
    assert abs(datetime.now(UTC) - first.written_at) < timedelta(minutes=2)


def test_mentions_and_replies_are_read_and_our_own_are_told_apart(bluesky: RealBluesky, skeet: Open) -> None:
    ours = bluesky.say("qcommunity", "Ask away #QLabsTwo")
    bluesky.wait([ours["uri"]])  # of a reply that is indexed before what it answers nobody is told
    text = "@qcommunity.test who pays?"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": bluesky.did("qcommunity")}
    named = bluesky.say(
        "asha", text, facets=[{"index": {"byteStart": 0, "byteEnd": 16}, "features": [feature]}], langs=["en"]
    )
    answer = bluesky.say("bryn", "And when?", reply={"root": ours, "parent": ours})
    bluesky.wait([ours["uri"], named["uri"], answer["uri"]])
    kept = Kept(skeet(), mentions())
    read_until(kept, lambda: {named["uri"], answer["uri"]} <= set(kept.items))
    assert (kept.items[answer["uri"]].parent_id, kept.items[answer["uri"]].root_id) == (ours["uri"], ours["uri"])
    assert not any(item.own for item in kept.items.values())
    tagged_by_us = Kept(skeet(), hashtag("QLabsTwo"))
    tagged_by_us.tick()
    assert tagged_by_us.items[ours["uri"]].own
    bluesky.remove("asha", named["uri"])
    bluesky.wait([named["uri"]], shown=False)
    read_until(kept, lambda: kept.gone == {named["uri"]})


def test_what_the_index_shows_late_is_not_missed(bluesky: RealBluesky, skeet: Open) -> None:
    late = bluesky.say("asha", "First but late? #QLabsThree")["uri"]
    bluesky.wait([late])
    kept = Kept(skeet(), hashtag("QLabsThree"))
    bluesky.lag(60_000)
    kept.tick()
    assert not kept.items
    now = datetime.now(UTC)
    dated = [now - timedelta(minutes=10), now + timedelta(days=400), now - timedelta(minutes=29)]
    uris = bluesky.say_all("bryn", [record(f"{at:%d} #QLabsThree?", "QLabsThree", at) for at in dated])
    bluesky.wait(uris)
    bluesky.lag(0)
    kept.tick()
    assert set(kept.items) == {late, *uris}


def test_a_burst_with_late_and_deleted_posts_is_stored_once_and_whole(bluesky: RealBluesky, skeet: Open) -> None:
    now = datetime.now(UTC)
    chance = random.Random(5)
    ages = [timedelta(minutes=chance.uniform(2, 25) if chance.random() < 0.05 else 0) for _ in range(180)]
    records = [record(f"Question {number}? #QLabsFour", "QLabsFour", now - age) for number, age in enumerate(ages)]
    kept = Kept(skeet(), hashtag("QLabsFour", since=now))
    uris: list[str] = []
    for start, end in ((0, 20), (20, 150), (150, 180)):  # the middle one is far above a page
        uris += bluesky.say_all("asha" if start else "bryn", records[start:end])
        bluesky.wait(uris[start:end])
        kept.tick()
    assert set(kept.items) == set(uris)
    deleted = chance.sample(uris[20:], 9)
    bluesky.remove("asha", *deleted)
    bluesky.wait(deleted, shown=False)
    kept.tick()
    assert kept.gone == set(deleted)
    checks = kept.network.recheck(kept.source, uris[:60])
    assert {one.native_id for one in checks if one.standing is Standing.GONE} == set(deleted) & set(uris[:60])


@pytest.fixture
def house(tmp_path: Path, bluesky: RealBluesky) -> Iterator[House]:
    """The program with an event that is followed on Bluesky alone."""
    known = {"bluesky": {"api_url": bluesky.url, "account": "qcommunity.test"}}
    secrets = {"BLUESKY_APP_PASSWORD": bluesky.accounts["qcommunity"]["app_password"]}
    made = House(tmp_path, known, secrets, hashtag="QLabsFive")
    yield made
    made.close()


def test_a_hashtag_becomes_a_question_and_its_removal_is_seen(bluesky: RealBluesky, house: House) -> None:
    asked = bluesky.say("asha", "Who pays for all of this? #QLabsFive")["uri"]
    own = bluesky.say("qcommunity", "We are live #QLabsFive")["uri"]
    bluesky.wait([asked, own])
    house.read("bluesky")
    assert own not in [row.native_id for row in house.rows(select(tables.item))]
    (question,) = house.rows(select(tables.question).where(tables.question.c.text.contains("#")))
    assert question.text == "Who pays for all of this? #QLabsFive"
    bluesky.remove("asha", asked)
    bluesky.wait([asked], shown=False)
    house.read("bluesky")
    (question,) = house.rows(select(tables.question).where(tables.question.c.id == question.id))
    (kept,) = house.rows(select(tables.item.c.text).where(tables.item.c.native_id == asked))
    assert (question.state, kept.text) == ("gone", "")
