"""Search of the double of X: its language, its window, its refusals."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doubles.x_callers import NOON, Caller, Clock, detail
from tests.doubles.x_posts import snowflake
from tests.doubles.x_query import QueryError, parse
from tests.doubles.x_server import XServer

RECENT = "/2/tweets/search/recent"
EARLIER = NOON - timedelta(hours=1)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("#QLabs", "is this #qlabs?", True),
        ("#QLabs", "is this #QLabsUK?", False),
        ("#QLabs", "is this QLabs?", False),
        ("#café", "ein #Cafe", True),
        ("resume", "my résumé", True),
        ("peer support", "support from a peer", True),
        ('"peer support"', "support from a peer", False),
        ('"peer support"', "Peer support!", True),
        ("peer", "peerless", False),
        ("@theQCommunity", "hello @THEQCOMMUNITY", True),
        ("@theQ", "hello @theQCommunity", False),
        ("from:ann", "anything", True),
        ("from:@Ann", "anything", True),
        ("from:bob", "anything", False),
        ("#a OR #b", "only #b", True),
        ("#a #b", "only #b", False),
        ("(#a OR #b) c", "#b and c", True),
        ("#b -c", "#b and c", False),
        ("#b -@ann", "#b and c", True),
        ("#b -is:retweet -from:theQCommunity -is:nullcast", "#b", True),
        ("#b -from:ann", "#b", False),
        ("#b -is:reply", "#b", True),
        ("#b is:reply", "#b", False),
        ("#b has:links", "#b example.org", True),
        ("#b -has:links", "#b example.org", False),
        ("#b lang:en", "#b", True),
        ("#b lang:de", "#b", False),
        ("$TWTR", "buy $twtr now", True),
        ("#لابس", "سؤال #لابس", True),
    ],
)
def test_a_query_finds_what_it_says(x: XServer, app: Caller, query: str, text: str, found: bool) -> None:
    native_id = x.post("ann", text, at=EARLIER)
    assert app.found(query) == ([native_id] if found else [])


@pytest.mark.parametrize(
    "query",
    [
        "-is:retweet",
        "-#QLabs",
        "is:reply",
        "has:links lang:en",
        "#a OR -#b",
        "#a -(#b OR #c)",
        "#a is:nullcast",
        "#a (",
        "#a )",
        "#a OR",
        "()",
        "(" * 400,
        "#a AND #b",
        "#a or #b",
        "color:red",
        "#a is:purple",
        "...",
        "#a" * 257,
    ],
)
def test_a_query_that_x_does_not_take_is_a_400(app: Caller, query: str) -> None:
    answer = app.search(query)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


def test_512_characters_are_a_query_and_513_are_none(app: Caller) -> None:
    assert app.search("#" + "a" * 511).status_code == 200
    assert "512" in detail(app.search("#" + "a" * 512))


@given(st.text(alphabet='#@$-():"aOR isfrom:retweet\u05d0é ', max_size=60))
def test_every_query_is_understood_or_refused(query: str) -> None:
    with suppress(QueryError):
        assert callable(parse(query))


def test_reposts_are_never_found(x: XServer, app: Caller) -> None:
    native_id = x.post("ann", "look #QLabs", at=EARLIER)
    x.repost("bob", native_id, at=EARLIER)
    assert app.found() == [native_id]


def test_the_newest_post_comes_first_and_ids_are_numbers(x: XServer, app: Caller) -> None:
    ids = [x.post("ann", f"#QLabs {place}", at=NOON - timedelta(seconds=1000 - place)) for place in range(5)]
    assert app.found() == ids[::-1]
    assert app.found(since_id=ids[1]) == ids[:1:-1]
    assert app.found(until_id=ids[1]) == [ids[0]]


def test_two_posts_of_one_moment_have_two_ids(x: XServer, app: Caller) -> None:
    ids = [x.post("ann", f"#QLabs {place}", at=EARLIER) for place in range(3)]
    assert [int(native_id) for native_id in ids] == [snowflake(EARLIER) + place for place in range(3)]
    assert app.found(since_id=snowflake(EARLIER) - 1) == ids[::-1]


def test_a_search_ends_thirty_seconds_ago(x: XServer, app: Caller, clock: Clock) -> None:
    native_id = x.post("ann", "#QLabs now")
    clock.wait(seconds=30)
    assert app.found() == []
    clock.wait(seconds=1)
    assert app.found() == [native_id]


def test_a_search_that_names_its_end_may_come_within_ten_seconds(x: XServer, app: Caller, clock: Clock) -> None:
    native_id = x.post("ann", "#QLabs now")
    clock.wait(seconds=11)
    assert app.found(end_time="2026-08-12T12:00:01Z") == [native_id]
    answer = app.search(end_time="2026-08-12T12:00:02Z")
    assert answer.status_code == 400
    assert "minimum of 10 seconds" in detail(answer)


def test_start_is_inclusive_and_end_is_exclusive(x: XServer, app: Caller) -> None:
    native_id = x.post("ann", "#QLabs", at=EARLIER)
    assert app.found(start_time="2026-08-12T11:00:00Z") == [native_id]
    assert app.found(start_time="2026-08-12T11:00:01Z") == []
    assert app.found(end_time="2026-08-12T11:00:00Z") == []
    assert app.found(end_time="2026-08-12T11:00:01.999Z") == [native_id]


@pytest.mark.parametrize("name", ["since_id", "until_id"])
def test_an_id_older_than_seven_days_is_a_400_and_not_an_empty_page(app: Caller, name: str) -> None:
    floor = snowflake(NOON - timedelta(days=7))
    right, wrong = ({name: floor - lower} for lower in (0, 1))
    assert app.get(RECENT, query="#QLabs", **right).status_code == 200
    answer = app.get(RECENT, query="#QLabs", **wrong)
    assert answer.status_code == 400
    assert f"larger than {floor}" in detail(answer)
    assert "created after 2026-08-05T12:00Z" in detail(answer)


def test_a_time_older_than_seven_days_is_a_400(app: Caller) -> None:
    assert app.search(start_time="2026-08-05T12:00:00Z").status_code == 200
    assert app.search(start_time="2026-08-05T11:59:59Z").status_code == 400


@pytest.mark.parametrize("number", ["since_id", "until_id"])
@pytest.mark.parametrize("time", ["start_time", "end_time"])
def test_ids_and_times_do_not_go_together(app: Caller, me: Caller, number: str, time: str) -> None:
    both: dict[str, Any] = {number: snowflake(EARLIER), time: "2026-08-12T11:00:00Z"}
    mine = f"/2/users/{app.x.account('theQCommunity').id}/mentions"
    for answer in (app.search(**both), me.get(mine, **both)):
        assert answer.status_code == 400
        assert "in conjunction with" in detail(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_results": 9},
        {"max_results": 101},
        {"max_results": "many"},
        {"max_results": "٣٠"},
        {"since_id": "abc"},
        {"since_id": "-1"},
        {"since_id": ""},
        {"start_time": "yesterday"},
        {"start_time": "2026-08-12T11:00:00+02:00"},
        {"start_time": "2026-13-12T11:00:00Z"},
        {"start_time": "2026-08-12T11:00:00Z", "end_time": "2026-08-12T10:00:00Z"},
        {"sort_order": "random"},
        {"colour": "red"},
        {"ids": "1"},
        {"tweet__fields": "colour"},
        {"expansions": "author"},
        {"user__fields": "shoes"},
        {"next_token": "made-up"},
        {"pagination_token": "made-up"},
    ],
)
def test_a_parameter_that_x_does_not_know_is_a_400(app: Caller, wrong: dict[str, Any]) -> None:
    answer = app.search(**wrong)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


def test_a_query_is_needed_and_no_parameter_is_given_twice(app: Caller) -> None:
    assert app.get(RECENT).status_code == 400
    assert app.get(f"{RECENT}?query=a&query=b").status_code == 400


def test_the_whole_archive_has_no_seven_days(x: XServer, app: Caller) -> None:
    old = datetime(2026, 1, 5, 12, tzinfo=NOON.tzinfo)
    native_id = x.post("ann", "#QLabs", at=old)
    answer = app.get("/2/tweets/search/all", query="#QLabs", since_id=snowflake(old) - 1, max_results=500)
    assert [post["id"] for post in answer.json()["data"]] == [native_id]


def test_the_whole_archive_is_for_one_call_a_second(app: Caller, clock: Clock) -> None:
    def status() -> int:
        return app.get("/2/tweets/search/all", query="#QLabs").status_code

    assert [status(), status()] == [200, 429]
    clock.wait(seconds=1)
    assert status() == 200


def test_protected_suspended_and_deleted_posts_are_not_found(x: XServer, app: Caller) -> None:
    for name in ("ann", "bob", "cleo", "dan"):
        x.post(name, "#QLabs", at=EARLIER)
    kept = x.post("eve", "#QLabs", at=EARLIER)
    x.protect("ann")
    x.suspend("bob")
    x.delete(x.post("cleo", "#QLabs too", at=EARLIER))
    assert len(app.found()) == 3
    assert kept in app.found()
