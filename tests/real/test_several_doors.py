"""One person, several doors, on real servers: asked on Bluesky, on Mastodon and under the blog, it is one question."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import or_, select

from bot import desk
from bot.store.tables import delivery, item, question
from tests.doubles.bluesky_server import tagged
from tests.real.bluesky import RealBluesky
from tests.real.house import House, of_blog
from tests.real.mastodon_mock import PEOPLE, MockServer, serving
from tests.real.wordpress import RealWordPress

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run installs the packages
JOE = desk.Who(0, "Joe")
HASHTAG = "QLabsTogether"
WORDS = "Who pays for supervision once the pilot ends?"
ANSWER = "Our trust does, for two years."
ABOUT_IT = or_(item.c.text.contains(WORDS), item.c.text.contains(ANSWER))  # other tests speak on the same Bluesky
READ = ("bluesky", "mastodon", "wordpress")
ENTRY = "<h3>9:50am: Welcome</h3><p>Tea and biscuits at the back.</p>"


@pytest.fixture(scope="module")
def masto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    with serving(tmp_path_factory.mktemp("mock")) as made:
        yield made


@pytest.fixture
def blogged(wordpress: RealWordPress) -> tuple[int, str]:
    """A live blog without an entry: its number and address."""
    return wordpress.post("<p>We are live-blogging today.</p><h2>12 July</h2>", post_date="2017-07-12 09:00:00")


@pytest.fixture
def house(
    tmp_path: Path, bluesky: RealBluesky, masto: MockServer, wordpress: RealWordPress, blogged: tuple[int, str]
) -> Iterator[House]:
    tables = {
        "bluesky": {"api_url": bluesky.url, "account": "qcommunity.test"},
        "mastodon": {"api_url": masto.url},
        "wordpress": {"api_url": wordpress.url},
    }
    secrets = {**of_blog(wordpress.secrets()), "MASTODON_ACCESS_TOKEN": PEOPLE["qcommunity"]}
    secrets["BLUESKY_APP_PASSWORD"] = bluesky.accounts["qcommunity"]["app_password"]
    made = House(tmp_path, tables, secrets, live_blog=blogged[1], hashtag=HASHTAG)
    yield made
    made.close()


def until(house: House, true: Callable[[], bool]) -> None:
    """Read, and send what is due, until it is so."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, [tuple(row) for row in house.rows(select(item.c.network, item.c.text))]
        house.read(*READ)
        house.send()


def test_a_question_asked_by_three_doors_is_one_and_is_answered_at_each(
    house: House, bluesky: RealBluesky, masto: MockServer, wordpress: RealWordPress, blogged: tuple[int, str]
) -> None:
    house.read(*READ)
    text = f"{WORDS} #{HASHTAG}"
    on_bluesky = bluesky.say("asha", text, facets=[tagged(text, HASHTAG)])["uri"]
    bluesky.wait([on_bluesky])
    on_mastodon = masto.say("asha", f"{WORDS} #{HASHTAG}")
    under_blog = wordpress.comment(blogged[0], WORDS)
    until(house, lambda: house.count(ABOUT_IT) == 3)
    (asked,) = house.rows(select(question).where(question.c.text.contains(WORDS)))
    assert (asked.times_asked, asked.state) == (3, "waiting")
    before = bluesky.stored("qcommunity").keys()
    assert desk.answer(house.store, JOE, asked.id, ANSWER).ok
    until(house, lambda: house.count(delivery.c.state == "sent") == 3)
    stored = bluesky.stored("qcommunity")
    (ours,) = stored.keys() - before
    assert (stored[ours]["text"], stored[ours]["reply"]["parent"]["uri"]) == (ANSWER, on_bluesky)
    (toot,) = masto.ours()
    assert (ANSWER in toot["content"], toot["in_reply_to_id"]) == (True, on_mastodon["id"])
    replies = [row for row in wordpress.stored_comments(blogged[0]) if row["parent"] == under_blog]
    assert [ANSWER in row["content"] for row in replies] == [True]
    bluesky.wait([ours])
    house.read(*READ)
    assert house.count(ABOUT_IT) == 3, "our answers did not come back as items"
    (told,) = house.rows(select(question.c.told_at).where(question.c.id == asked.id))
    assert told.told_at is not None


def test_what_we_post_under_the_hashtag_is_found_there_and_never_becomes_an_item(
    house: House, bluesky: RealBluesky, masto: MockServer, wordpress: RealWordPress, blogged: tuple[int, str]
) -> None:
    house.read(*READ)
    wordpress.edit_post(blogged[0], post_content=f"<p>We are live-blogging today.</p><h2>12 July</h2>{ENTRY}")
    until(house, lambda: house.count(delivery.c.state == "sent") == 2)
    ours = {row.network: row.remote_id for row in house.rows(select(delivery))}
    bluesky.wait([ours["bluesky"]])
    found = bluesky.get("asha", "app.bsky.feed.searchPosts", q=f"#{HASHTAG}", limit=100)["posts"]
    assert ours["bluesky"] in {one["uri"] for one in found}
    timeline = masto.call("asha", "GET", f"/api/v1/timelines/tag/{HASHTAG}")
    assert ours["mastodon"] in {one["uri"] for one in timeline}
    for _ in range(2):
        house.read(*READ)
    assert not set(ours.values()) & {row.native_id for row in house.rows(select(item.c.native_id))}
