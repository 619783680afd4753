"""Mastodon before a server that others wrote: the hashtag without gaps, posts once, edits, removals, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source, Standing
from bot.networks.base import Misconfigured, NoAnswer, Options, Refused, Unavailable
from bot.networks.mastodon import Mastodon
from bot.store.outbox import new_key
from tests.networks.memory import DictMemory
from tests.networks.servers import LosingProxy, talking
from tests.real.mastodon_mock import PEOPLE, MockServer, serving

pytestmark = pytest.mark.real
TAG = Source(1, "mastodon", "hashtag", "QLabs", "Europe/London")
MENTIONS = Source(2, "mastodon", "mentions", "me", "Europe/London")
Open = Callable[..., Mastodon]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    with serving(tmp_path_factory.mktemp("mock")) as made:
        yield made


@pytest.fixture
def server(running: MockServer) -> MockServer:
    running.reset()
    return running


@pytest.fixture
def opened(server: MockServer) -> Iterator[Open]:
    made: list[Mastodon] = []

    def open_one(url: str = "", token: str = PEOPLE["qcommunity"], later: float = 0.0) -> Mastodon:
        options = Options(url or server.url, "qcommunity", {"access_token": token}, {}, 10.0)
        made.append(Mastodon(options, DictMemory(), lambda: datetime.now(UTC) + timedelta(seconds=later)))
        return made[-1]

    yield open_one
    for network in made:
        network.close()


def delivery(text: str, **more: Any) -> Delivery:
    began = datetime.now(UTC)
    return replace(Delivery(1, "mastodon", Action.CREATE, new_key(), text, lang="en", started_at=began), **more)


def read(network: Mastodon, source: Source, cursor: str = "") -> tuple[list[Item], Page]:
    """Everything that is new, in the order in which it came."""
    items: list[Item] = []
    while True:
        page = network.fetch(source, cursor)
        assert page.poison == ()
        items, cursor = [*items, *page.items], page.cursor
        if not page.more:
            return items, page


def test_a_burst_above_a_page_is_read_whole_and_the_next_reading_brings_nothing_new(
    server: MockServer, opened: Open
) -> None:
    network = opened()
    first = server.say("asha", "First? #QLabs")["uri"]
    _, page = read(network, TAG)
    burst = [server.say("asha" if n % 2 else "bryn", f"Question {n}? #qlabs")["uri"] for n in range(95)]
    hidden = server.say("asha", "Quiet #QLabs", visibility="unlisted")["uri"]
    items, page = read(network, TAG, page.cursor)
    read_now = {item.native_id for item in items} - {first}
    assert read_now == set(burst)
    assert hidden not in read_now
    again, _ = read(network, TAG, page.cursor)
    assert {item.native_id for item in again} <= {*burst, first}


def test_a_mention_comes_with_its_author_and_is_answered_under_it(server: MockServer, opened: Open) -> None:
    asked = server.say("asha", "@qcommunity who pays for the carers?", language="de")
    network = opened()
    (item,), _ = read(network, MENTIONS)
    assert (item.native_id, item.text, item.lang) == (asked["uri"], "@qcommunity who pays for the carers?", "de")
    receipt = network.send(delivery("@asha Our trust does.", reply_to=item.native_id))
    (ours,) = server.ours()
    assert (ours["uri"], ours["in_reply_to_id"]) == (receipt.remote_id, asked["id"])
    assert read(network, MENTIONS)[0] == [item], "our answer is no mention"


def test_a_post_whose_answer_was_lost_is_found_and_its_repeat_makes_no_second_one(
    server: MockServer, opened: Open
) -> None:
    proxy = LosingProxy(server.port)
    with talking(proxy) as port:
        network = opened(f"http://127.0.0.1:{port}")
        sent = delivery("We begin. #QLabs")
        assert network.find(sent) is None
        proxy.losing = lambda request: request.startswith(b"POST ")
        with pytest.raises(NoAnswer):
            network.send(sent)
        proxy.losing = lambda request: False
        found = network.find(sent)
        with pytest.raises(Unavailable, match="still be at work"):
            network.send(sent)
    later = opened(later=60)
    again = later.send(sent)
    assert found is not None
    assert found.remote_id == again.remote_id
    assert [one["uri"] for one in server.ours()] == [again.remote_id]


def test_a_thread_an_edit_in_place_and_a_removal_are_what_its_api_shows(server: MockServer, opened: Open) -> None:
    network = opened()
    first = network.send(delivery("One 1/2")).remote_id
    second = network.send(delivery("Two 2/2", previous=first, first=first)).remote_id
    ours = {one["uri"]: one for one in server.ours()}
    assert ours[second]["in_reply_to_id"] == ours[first]["id"]
    assert (ours[first]["visibility"], ours[second]["visibility"]) == ("public", "unlisted")
    change = delivery("One, mended 1/2", action=Action.EDIT, target=first)
    assert network.find(change) is None
    network.send(change)
    assert network.find(change) is not None
    (edited,) = [one for one in server.ours() if one["uri"] == first]
    assert "mended" in edited["content"]
    assert edited["edited_at"]
    removal = delivery("", action=Action.DELETE, target=first)
    network.send(removal)
    assert network.find(removal) is not None
    assert network.send(removal).evidence == "It was gone from Mastodon already."
    assert [one["uri"] for one in server.ours()] == [second]


def test_edits_and_removals_by_their_authors_are_seen_when_asked(server: MockServer, opened: Open) -> None:
    posts = [server.say("asha", f"Question {n}? #QLabs") for n in range(3)]
    network = opened()
    _, page = read(network, TAG)
    server.call("asha", "PUT", f"/api/v1/statuses/{posts[0]['id']}", status="Changed? #QLabs")
    server.call("asha", "DELETE", f"/api/v1/statuses/{posts[1]['id']}")
    assert posts[1]["uri"] in network.fetch(TAG, page.cursor).covers.ids
    checks = network.recheck(TAG, [post["uri"] for post in posts])
    assert [one.standing for one in checks] == [Standing.PUBLIC, Standing.GONE, Standing.PUBLIC]
    assert checks[0].item is not None
    assert checks[0].item.text == "Changed? #QLabs"


def test_a_message_that_is_not_public_is_not_taken_in(server: MockServer, opened: Open) -> None:
    server.say("asha", "@qcommunity a canary in private", visibility="direct")
    (item,), page = read(opened(), MENTIONS)
    assert item.standing is Standing.HIDDEN
    assert "canary" not in f"{item} {page}"


def test_what_is_too_long_is_refused_by_both_and_a_wrong_token_stops_the_network(
    server: MockServer, opened: Open
) -> None:
    network = opened()
    assert network.send(delivery("x" * 500)).remote_id
    with pytest.raises(Refused, match="shorten it"):
        network.send(delivery("x" * 501))
    with pytest.raises(Exception, match="422"):
        server.say("asha", "x" * 501)
    with pytest.raises(Misconfigured, match="MASTODON_ACCESS_TOKEN"):
        opened(token="wrong").fetch(MENTIONS, "")


def test_its_check_says_what_it_is_and_posts_nothing(server: MockServer, opened: Open) -> None:
    network = opened()
    lines = network.check()
    assert [line.what for line in lines if line.level == "fail"] == []
    assert any("Signed in as @qcommunity@" in line.what for line in lines)
    assert (network.limits().length, network.limits().url_length, network.limits().assumed) == (500, 23, False)
    assert server.ours() == []
