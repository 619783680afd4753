"""The double of X met by tweepy, by many at once, and for a whole day."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
import tweepy

from tests.doubles.x_billing import Kind
from tests.doubles.x_callers import NOON, Caller, Clock, tweepy_client
from tests.doubles.x_faults import Fault
from tests.doubles.x_posts import snowflake
from tests.doubles.x_server import XServer, now

EARLIER = NOON - timedelta(hours=1)


@pytest.fixture
def client(x: XServer) -> Any:
    return tweepy_client(x)


def test_tweepy_reads_all_pages_of_a_search(x: XServer, client: Any) -> None:
    ids = [x.post("ann", f"#QLabs {place}", at=EARLIER + timedelta(seconds=place)) for place in range(25)]
    found, token = [], None
    while True:
        page = client.search_recent_tweets(
            "#QLabs -is:retweet -from:theQCommunity",
            max_results=10,
            since_id=snowflake(NOON - timedelta(days=6)),
            next_token=token,
            tweet_fields=["created_at", "author_id", "entities", "note_tweet", "edit_controls"],
        )
        found += [post["id"] for post in page["data"]]
        token = page["meta"].get("next_token")
        if not token:
            break
    assert found == ids[::-1]


def test_tweepy_posts_replies_reads_and_deletes(x: XServer, client: Any) -> None:
    question = x.post("ann", "@theQCommunity when?", at=EARLIER)
    number = x.account("theQCommunity").id
    mentions = client.get_users_mentions(number, user_auth=True, max_results=5)
    assert [post["id"] for post in mentions["data"]] == [question]
    answer = client.create_tweet(text="At noon", in_reply_to_tweet_id=question)["data"]["id"]
    timeline = client.get_users_tweets(number, user_auth=True, since_id=int(answer) - 1, exclude=["retweets"])
    assert [post["text"] for post in timeline["data"]] == ["@ann At noon"]
    assert client.get_tweets([question, "17"])["errors"][0]["resource_id"] == "17"
    assert client.get_users(usernames=["ann"])["data"][0]["username"] == "ann"
    assert client.delete_tweet(answer) == {"data": {"deleted": True}}
    assert client.get_me()["data"]["id"] == number


def test_tweepy_speaks_the_new_words_when_told_to(x: XServer, client: Any) -> None:
    x.post("ann", "#QLabs", at=EARLIER)
    client.return_type = requests.Response
    params = {"query": "#QLabs", "post.fields": "lang"}
    page = client.request("GET", "/2/tweets/search/recent", params=params).json()
    assert "edit_history_post_ids" in page["data"][0]


def test_tweepy_reaches_what_it_has_no_words_for(x: XServer, client: Any) -> None:
    client.return_type = requests.Response
    answer = client.request("GET", "/2/usage/tweets", params={"days": 1})
    assert answer.json()["data"]["project_usage"] == "0"
    assert answer.headers["x-rate-limit-remaining"] == "49"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAUTHORIZED, tweepy.Unauthorized),
        (Fault.SUSPENDED, tweepy.Forbidden),
        (Fault.NOT_ENROLLED, tweepy.Forbidden),
        (Fault.TOO_MANY, tweepy.TooManyRequests),
        (Fault.TOO_MANY_NO_RESET, tweepy.TooManyRequests),
        (Fault.TOO_MANY_BAD_RESET, ValueError),
        (Fault.USAGE_CAPPED, tweepy.TooManyRequests),
        (Fault.CREDITS_DEPLETED, tweepy.HTTPException),
        (Fault.HTML_503, tweepy.TwitterServerError),
        (Fault.EMPTY_500, tweepy.TwitterServerError),
        (Fault.ERROR_LIST, AttributeError),
        (Fault.ERROR_NULL, TypeError),
        (Fault.HTML_200, requests.JSONDecodeError),
        (Fault.HALF, requests.exceptions.ChunkedEncodingError),
        (Fault.RESET_AFTER, requests.ConnectionError),
        (Fault.HANG_AFTER, requests.ReadTimeout),
    ],
)
def test_tweepy_meets_each_fault_as_it_meets_it_at_x(x: XServer, fault: Fault, error: type[Exception]) -> None:
    x.faults.next(fault)
    client = tweepy_client(x, timeout=0.3 if fault is Fault.HANG_AFTER else 10)
    with pytest.raises(error):
        client.create_tweet(text="hello")


def test_two_who_post_the_same_at_once_have_one_post(x: XServer) -> None:
    def post(place: int) -> int:
        return Caller(x, "theQCommunity").create("Doors open").status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(post, range(8)))
    assert statuses == [201] + [403] * 7
    assert len(x.posts("theQCommunity")) == 1


def test_every_call_is_noted_with_who_and_what(x: XServer, app: Caller, me: Caller) -> None:
    app.search(max_results=10)
    me.create("hello")
    search, post = x.calls
    assert (search.caller, search.endpoint, search.query["query"]) == ("app", "GET /2/tweets/search/recent", "#QLabs")
    assert (post.caller, post.body, post.status, post.at) == ("theQCommunity", {"text": "hello"}, 201, NOON)
    assert x.called("POST /2/tweets") == [post]


def test_left_alone_it_goes_by_the_machines_time() -> None:
    with XServer() as x:
        native_id = x.post("ann", "hello")
        assert abs(int(native_id) - snowflake(now())) < snowflake(now() + timedelta(seconds=5)) - snowflake(now())


def test_a_day_of_polling_is_charged_once_for_each_post(x: XServer, app: Caller, clock: Clock) -> None:
    clock.at = NOON.replace(hour=0)
    for place in range(200):
        x.post("ann", f"#QLabs {place}", at=clock.at + timedelta(seconds=400 * place))
    begun, cursor = time.monotonic(), snowflake(clock.at - timedelta(hours=1))
    for _ in range(288):
        clock.wait(minutes=5)
        body = app.search(since_id=cursor, max_results=100).json()
        cursor = max(cursor, int(body["meta"].get("newest_id", 0)) - (300_000 << 22))
    charged = [x.bill(day=NOON.date() + timedelta(days=later)).count(Kind.POST_READ) for later in (0, 1)]
    assert charged == [200, 1]  # the last call is at midnight: its overlap is charged again
    assert x.bill().repeats > 0
    assert time.monotonic() - begun < 20
