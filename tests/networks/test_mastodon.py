"""Reading Mastodon: nothing passed over, nothing twice, and no more shown than its author wants."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.items import Standing
from bot.networks.base import Misconfigured, RateLimited, Unavailable
from bot.networks.mastodon import statuses as forms
from tests.doubles.mastodon_world import Person, Post, iso
from tests.networks.fediverse import MENTIONS, START, TAG, Fediverse, delivery, fediverse


@pytest.mark.parametrize("kind", ["mastodon", "gotosocial"])
def test_a_burst_above_a_page_is_read_upwards_without_a_gap(kind: str) -> None:
    with fediverse(kind=kind) as net:
        first = net.home.say("Who pays? #QLabs")
        items, cursor = net.read()
        assert set(items) == {first.uri}
        net.clock.go(30)
        burst = {net.home.say(f"Question {n}? #QLabs", at=net.clock.go(0.01)).uri for n in range(130)}
        items, cursor = net.read(cursor=cursor)
        assert set(items) >= burst
        assert [query["min_id"] for query in net.asked("/timelines/tag") if "min_id" in query]
        assert net.read(cursor=cursor)[1] == cursor


def test_a_quiet_reading_is_one_request_that_does_not_count_as_paging(net: Fediverse) -> None:
    net.home.say("Who pays? #QLabs")
    _, cursor = net.read()
    before = len(net.asked("/timelines/tag"))
    net.clock.go(30)
    net.read(cursor=cursor)
    assert net.asked("/timelines/tag")[before:] == [{"limit": ["40"]}]


@pytest.mark.parametrize(("ago", "wait"), [(timedelta(minutes=90), 301), (timedelta(hours=20), 3601)])
def test_a_post_that_the_server_fetched_late_below_the_cursor_is_found_by_a_look_back(
    net: Fediverse, ago: timedelta, wait: int
) -> None:
    for n in range(50):
        net.home.say(f"Question {n}? #QLabs", at=START - timedelta(minutes=50 - n))
    _, cursor = net.read()
    net.clock.go(10)
    late = Post("https://far.example/1", Person("far", "far.example"), "Late? #QLabs", START - ago)
    net.home.receive(late, fetched=True)
    items, cursor = net.read(cursor=cursor)
    assert late.uri not in items
    net.clock.go(wait)
    assert late.uri in net.read(cursor=cursor)[0]


def test_a_post_that_was_delivered_hours_late_is_found_at_once(net: Fediverse) -> None:
    net.home.say("Who pays? #QLabs")
    _, cursor = net.read()
    net.clock.go(10)
    old = Post("https://far.example/1", Person("far", "far.example"), "Delivered? #QLabs", START - timedelta(hours=9))
    net.home.receive(old)
    assert old.uri in net.read(cursor=cursor)[0]


def test_a_first_read_goes_back_to_the_time_that_the_event_says_and_else_to_the_beginning(net: Fediverse) -> None:
    for n in range(200):
        net.home.say(f"Question {n}? #QLabs", at=START - timedelta(hours=200 - n))
    assert len(net.read(replace(TAG, since=START - timedelta(hours=5)))[0]) == 40
    assert len(net.read(replace(TAG, since=START - timedelta(hours=100)))[0]) >= 100
    assert len(net.read()[0]) == 200


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"places": 5}', '{"places": {"x": {"recent": [1]}}}'])
def test_a_cursor_that_cannot_be_read_is_a_first_contact(net: Fediverse, cursor: str) -> None:
    post = net.home.say("Who pays? #QLabs")
    assert set(net.read(cursor=cursor)[0]) == {post.uri}


def test_the_same_post_on_two_servers_is_one_item_and_what_only_one_has_is_not_missed(two: Fediverse) -> None:
    both, ours = two.home.say("On both? #QLabs"), two.home.say("Only at home? #QLabs")
    two.other.receive(both)
    theirs = two.other.say("Only there? #QLabs", by="bryn")
    page = two.page()
    assert sorted(item.native_id for item in page.items) == sorted([both.uri, ours.uri, theirs.uri])
    handles = {item.native_id: item.author_handle for item in page.items}
    assert handles == {
        both.uri: "@asha@home.example",
        ours.uri: "@asha@home.example",
        theirs.uri: "@bryn@other.example",
    }


def test_the_token_is_shown_to_our_own_server_only(two: Fediverse) -> None:
    two.page()
    assert two.home.calls
    assert all("Authorization" in call.headers for call in two.home.calls)
    assert not any("Authorization" in call.headers for call in two.other.calls)


def test_another_server_that_shows_nothing_to_strangers_is_named_and_does_not_stop_ours(two: Fediverse) -> None:
    two.other.open_feeds = False
    post = two.home.say("Who pays? #QLabs")
    page = two.page()
    assert [item.native_id for item in page.items] == [post.uri]
    assert "members only" in page.note


def test_an_outage_of_our_server_leaves_the_other_one_read_and_is_said(two: Fediverse) -> None:
    _, cursor = two.read()
    two.home.fail("html 503", "GET", "/timelines/", times=1)
    theirs = two.other.say("Still here? #QLabs", at=two.clock.go(30))
    page = two.page(cursor=cursor)
    assert [item.native_id for item in page.items] == [theirs.uri]
    assert "503" in page.note
    ours = two.home.say("Back? #QLabs", at=two.clock.go(30))
    assert ours.uri in two.read(cursor=page.cursor)[0]


def test_a_failure_in_the_middle_of_a_burst_costs_one_page(net: Fediverse) -> None:
    net.home.say("First? #QLabs")
    _, cursor = net.read()
    burst = {net.home.say(f"Question {n}? #QLabs", at=net.clock.go(1)).uri for n in range(120)}
    net.home.fail("half", "GET", "/timelines/", after=2)
    page = net.page(cursor=cursor)
    assert "broke off" in page.note
    assert not page.more
    assert len(page.items) == 80
    assert burst <= {item.native_id for item in page.items} | net.read(cursor=page.cursor)[0].keys()


def test_what_is_deleted_is_missed_at_the_next_reading_and_gone_when_asked(net: Fediverse) -> None:
    posts = [net.home.say(f"Question {n}? #QLabs", at=net.clock.go(60)) for n in range(3)]
    _, cursor = net.read()
    net.home.delete(posts[1])
    page = net.page(cursor=cursor)
    assert page.covers.ids == {posts[1].uri}
    answers = net.network.recheck(TAG, [post.uri for post in posts])
    assert [one.standing for one in answers] == [Standing.PUBLIC, Standing.GONE, Standing.PUBLIC]


@pytest.mark.parametrize("bulk", [True, False])
def test_stored_posts_are_asked_for_together_where_the_server_can_and_else_one_by_one(
    net: Fediverse, bulk: bool
) -> None:
    net.home.bulk = bulk
    posts = [net.home.say(f"Question {n}? #QLabs", at=net.clock.go(60)) for n in range(30)]
    net.read()
    net.home.edit(posts[3], "Changed? #QLabs")
    net.home.delete(posts[4])
    before = len(net.home.calls)
    answers = {one.native_id: one for one in net.network.recheck(TAG, [post.uri for post in posts])}
    assert len(net.home.calls) - before == (3 if bulk else 31)
    assert len(answers) == 30
    assert answers[posts[4].uri].standing is Standing.GONE
    edited = answers[posts[3].uri].item
    assert edited is not None
    assert edited.text == "Changed? #QLabs"
    net.network.recheck(TAG, [post.uri for post in posts])
    assert len([query for query in net.asked("/api/v1/statuses") if "id[]" in query]) == (4 if bulk else 1)


def test_a_post_that_our_server_dropped_and_another_still_has_is_not_gone(two: Fediverse) -> None:
    post = Post("https://far.example/1", Person("far", "far.example"), "Still? #QLabs", START)
    for server in (two.home, two.other):
        server.receive(post)
    two.read()
    two.home.delete(post)
    (answer,) = two.network.recheck(TAG, [post.uri])
    assert answer.standing is Standing.PUBLIC
    two.other.fail("html 503", "GET", "/statuses/")
    assert two.network.recheck(TAG, [post.uri]) == []
    two.other.delete(post)
    (answer,) = two.network.recheck(TAG, [post.uri])
    assert answer.standing is Standing.GONE


def test_the_word_of_the_server_where_it_was_written_counts(two: Fediverse) -> None:
    two.other.domain = two.other.url.removeprefix("http://")
    post = two.other.say("Withdrawn? #QLabs")
    two.home.receive(post)
    two.read()
    two.other.delete(post)
    two.home.delete(post)
    (answer,) = two.network.recheck(TAG, [post.uri])
    assert answer.standing is Standing.GONE


def test_a_stored_post_whose_place_was_forgotten_is_searched_by_its_address(net: Fediverse) -> None:
    post = Post("https://far.example/1", Person("far", "far.example"), "Who? #QLabs", START)
    net.home.elsewhere[post.uri] = post
    (answer,) = net.network.recheck(TAG, [post.uri])
    assert (answer.standing, answer.item and answer.item.text) == (Standing.PUBLIC, "Who? #QLabs")
    assert net.network.recheck(TAG, ["https://far.example/unknown"]) == []


@pytest.mark.parametrize("fault", ["html 503", "half", "drip", "garbage", "hang after", "429"])
def test_an_answer_that_is_none_leaves_the_cursor_where_it_was(fault: str) -> None:
    with fediverse(deadline=1.0) as net:
        net.home.say("Who pays? #QLabs")
        net.network._account.me()
        net.home.fail(fault, "GET", "/timelines/")
        with pytest.raises(Unavailable):
            net.page()
        net.home.hold.set()
        assert len(net.read()[0]) == 1


def test_a_limit_on_reading_is_told_in_iso_time_and_does_not_stop_posting(net: Fediverse) -> None:
    net.network._account.me()
    net.home.paging.most = net.home.general.most = 0
    with pytest.raises(RateLimited) as limited:
        net.page()
    assert limited.value.until == START + timedelta(minutes=5, microseconds=123456)
    assert not limited.value.whole


def test_a_token_that_is_not_accepted_stops_the_network(net: Fediverse) -> None:
    with pytest.raises(Misconfigured, match="MASTODON_ACCESS_TOKEN"):
        net.open("wrong").fetch(TAG, "")
    with pytest.raises(Misconfigured, match="MASTODON_ACCESS_TOKEN"):
        net.open("").fetch(MENTIONS, "")
    net.home.narrow = "read:notifications"
    with pytest.raises(Misconfigured, match="lacks a right"):
        net.page(MENTIONS)


def test_without_a_token_the_public_hashtag_is_read_all_the_same(net: Fediverse) -> None:
    post = net.home.say("Who pays? #QLabs")
    network = net.open("")
    assert [item.native_id for item in network.fetch(TAG, "").items] == [post.uri]


def test_mentions_come_once_with_what_they_answer(net: Fediverse) -> None:
    ours = net.network.send(delivery("We begin. #QLabs"))
    asked = net.home.say("@qcommunity who pays?", parent=ours.remote_id, at=net.clock.go(5))
    items, cursor = net.read(MENTIONS)
    assert set(items) == {asked.uri}
    assert items[asked.uri].parent_id == ours.remote_id
    burst = {net.home.say(f"@qcommunity question {n}?", at=net.clock.go(1)).uri for n in range(90)}
    items, cursor = net.read(MENTIONS, cursor)
    assert set(items) >= burst
    assert all("mention" in query["types[]"] for query in net.asked("/notifications"))


@pytest.mark.parametrize(
    ("kind", "version", "seen"), [("mastodon", "4.5.2", True), ("mastodon", "4.4.1", False), ("gotosocial", "", False)]
)
def test_who_quotes_us_is_heard_where_the_server_tells_of_quotes_and_no_other_is_asked(
    kind: str, version: str, seen: bool
) -> None:
    with fediverse(kind=kind) as net:
        net.home.version = version or net.home.version
        net.network.send(delivery("The building is step free."))
        (ours,) = net.home.ours()
        quoting = net.home.say("Is the garden too?", quotes=ours, at=net.clock.go(1))
        named = net.home.say("@qcommunity who pays?", at=net.clock.go(1))
        items, _ = net.read(MENTIONS)
        assert set(items) == ({quoting.uri, named.uri} if seen else {named.uri})
        assert [item.quoted_id for item in items.values() if item.quoted_id] == ([ours.uri] if seen else [])


def test_what_cannot_be_read_is_set_aside_and_the_rest_is_kept(net: Fediverse) -> None:
    good = net.home.say("Who pays? #QLabs")
    bad = net.home.say("Broken? #QLabs", at=net.clock.go(1))
    bad.by = Person("", "home.example", note="canary@example.test")
    page = net.page()
    assert [item.native_id for item in page.items] == [good.uri]
    (poison,) = page.poison
    assert (poison.native_id, poison.error) == (bad.uri, "The post has no author.")
    assert "canary" not in poison.raw
    assert net.network.recheck(TAG, [bad.uri])[0].standing is Standing.PUBLIC


@pytest.mark.parametrize(
    ("native", "year"),
    [
        ("115700000000000000", 2025),
        ("01JTD0AAAAAAAAAAAAAAAAAAAA", 2025),
        ("17", None),
        ("AbCdEf9", None),
        ("9" * 40, None),
    ],
)
def test_an_id_tells_its_time_where_it_holds_one(native: str, year: int | None) -> None:
    at = forms.time_of(native, None)
    assert (at.year if at else None) == year


def test_ids_of_any_form_are_in_the_order_of_the_server() -> None:
    assert forms.order("999") < forms.order("1000")
    assert forms.order("01JTD0AAAAAAAAAAAAAAAAAAAA") < forms.order("01JTD0AAAAAAAAAAAAAAAAAAAB")


def test_the_cursor_stays_small_on_a_busy_day(net: Fediverse) -> None:
    for n in range(300):
        net.home.say(f"Question {n}? #QLabs", at=net.clock.go(1))
    _, cursor = net.read()
    assert len(cursor) < 8000
    assert json.loads(cursor)["places"]


def test_times_are_utc_whatever_their_form() -> None:
    assert forms.instant("2026-05-04T11:00:00+02:00") == START
    assert forms.instant(iso(START)) == START
    assert forms.instant("2026-05-04T09:00:00") == START
    assert forms.instant("yesterday") is None
    assert forms.instant(None) is None


def test_two_servers_overlap_also_when_one_of_them_is_ours_by_another_name() -> None:
    with fediverse(two=True) as net:
        net.other = net.home
        assert len(net.open().servers) == 1
