"""Who is let in by the double of X, and to what."""

import time

import pytest
import requests
from requests_oauthlib import OAuth1  # type: ignore[import-untyped]

from tests.doubles.x_callers import Caller, tweepy_client
from tests.doubles.x_server import XServer

NAMES = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_SECRET")


def signed(x: XServer, **others: str) -> OAuth1:
    keys = {**x.secrets(), **others}
    return OAuth1(*(keys[name] for name in NAMES))


def prepared(x: XServer, path: str, auth: OAuth1) -> requests.PreparedRequest:
    return requests.Request("GET", x.url + path, auth=auth).prepare()


def send(request: requests.PreparedRequest) -> requests.Response:
    with requests.Session() as session:
        return session.send(request, timeout=5)


def test_the_bearer_token_lets_the_app_in(app: Caller) -> None:
    assert app.search().status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic dTpw", "OAuth", "Bearer wröng"])
def test_without_the_right_key_the_answer_is_401(x: XServer, header: str) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    answer = requests.get(f"{x.url}/2/tweets/search/recent?query=a", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert x.calls[-1].caller == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_signature_with_one_wrong_key_is_401(x: XServer, name: str) -> None:
    assert send(prepared(x, "/2/users/me", signed(x))).status_code == 200
    assert send(prepared(x, "/2/users/me", signed(x, **{name: "wrong"}))).status_code == 401


def test_a_query_that_was_changed_after_signing_is_401(x: XServer) -> None:
    request = prepared(x, "/2/users/me?user.fields=name", signed(x))
    request.url = str(request.url).replace("name", "verified")
    assert send(request).status_code == 401


def test_a_signature_is_taken_once(x: XServer) -> None:
    request = prepared(x, "/2/users/me", signed(x))
    assert [send(request).status_code, send(request).status_code] == [200, 401]


def test_an_old_signature_is_401(x: XServer) -> None:
    keys = [x.secrets()[name] for name in NAMES]
    late = OAuth1(*keys, timestamp=str(int(time.time()) - 3600))
    assert send(prepared(x, "/2/users/me", late)).status_code == 401


@pytest.mark.parametrize("text", ["a b+c&d=e%~*()'!", "Grüße an @ann 👩‍👩‍👧 #QLabs", "سؤال: كيف؟", "50% & <more>"])
def test_what_tweepy_signs_for_x_is_right_here_whatever_it_says(x: XServer, text: str) -> None:
    client = tweepy_client(x)
    assert client.create_tweet(text=text)["data"]["id"] == str(x.posts("theQCommunity")[0].id)
    found = client.search_recent_tweets(f'"{text[:6]}"', max_results=10, user_auth=True)
    assert found["meta"]["result_count"] == 0  # searches end 30 s ago


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/2/users/me"),
        ("POST", "/2/tweets"),
        ("DELETE", "/2/tweets/1"),
        ("POST", "/2/media/upload"),
        ("POST", "/2/media/metadata"),
    ],
)
def test_the_app_alone_may_not_act_for_an_account(x: XServer, app: Caller, method: str, path: str) -> None:
    answer = app.call(method, path, {"text": "x"} if method == "POST" else None)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("unsupported-authentication")
    assert "OAuth 1.0a User Context" in answer.json()["detail"]
    assert x.posts("theQCommunity") == []


@pytest.mark.parametrize("path", ["/2/tweets/search/all?query=a", "/2/usage/tweets"])
def test_some_things_are_for_the_app_alone(me: Caller, app: Caller, path: str) -> None:
    assert me.get(path).status_code == 403
    assert app.get(path).status_code == 200


def test_a_suspended_account_is_refused_everywhere(x: XServer, me: Caller) -> None:
    x.suspend("theQCommunity")
    for answer in (me.create("hello"), me.get("/2/users/me")):
        assert answer.status_code == 403
        assert "suspended" in answer.json()["detail"]


def test_an_app_that_is_not_enrolled_is_refused(x: XServer, app: Caller) -> None:
    x.enrolled = False
    answer = app.search()
    assert (answer.status_code, answer.json()["title"]) == (403, "Client Forbidden")


def test_each_account_acts_for_itself(x: XServer) -> None:
    assert Caller(x, "ann").get("/2/users/me").json()["data"]["username"] == "ann"
    Caller(x, "ann").created("I am Ann")
    assert [post.typed for post in x.posts("ann")] == ["I am Ann"]
    assert x.posts("theQCommunity") == []


def test_no_key_is_kept_in_the_list_of_calls(x: XServer, app: Caller, me: Caller) -> None:
    app.search()
    me.create("hello")
    kept = repr(x.calls)
    assert "hello" in kept
    assert not any(secret in kept for secret in x.secrets().values())
