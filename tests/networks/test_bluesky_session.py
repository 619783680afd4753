"""The session on Bluesky: kept, renewed once, never made in a loop; the password goes to one place only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest

from bot.networks.base import Misconfigured, NetworkFailure, NoAnswer, RateLimited, Unavailable
from bot.networks.bluesky.answers import meaning
from bot.networks.bluesky.session import home_of
from bot.networks.http import Answer
from tests.doubles.bluesky_server import FORBIDDEN, PASSWORD, START, bluesky, limited, no, tagged
from tests.networks.bluesky_scene import TAG, Kept, Scene, always, once, playing
from tests.networks.memory import DictMemory
from tests.networks.servers import Reply


@pytest.fixture
def scene() -> Iterator[Scene]:
    with playing() as made:
        yield made


def test_one_session_serves_every_process_and_outlives_a_restart(scene: Scene) -> None:
    scene.network.fetch(TAG, "")
    scene.open().fetch(TAG, "")
    assert scene.server.sessions == 1
    assert PASSWORD not in scene.memory.text()


def test_another_password_makes_another_session(scene: Scene) -> None:
    scene.network.fetch(TAG, "")
    with pytest.raises(Misconfigured):
        scene.open(secrets={"app_password": "another"}).fetch(TAG, "")


def test_a_session_that_has_expired_is_renewed_once_and_the_call_repeated(scene: Scene) -> None:
    scene.network.send(scene.delivery("One"))
    scene.server.expire()
    scene.network.send(scene.delivery("Two", 1))
    assert [len(scene.server.calls(name)) for name in ("createSession", "refreshSession", "putRecord")] == [1, 1, 3]
    assert [one["text"] for one in scene.server.ours()] == ["One", "Two"]


def test_several_who_meet_the_same_old_session_renew_it_once(scene: Scene) -> None:
    scene.network.fetch(TAG, "")
    scene.server.expire()
    with ThreadPoolExecutor(6) as many:
        for done in [many.submit(scene.network.fetch, TAG, "") for _ in range(6)]:
            done.result()
    assert len(scene.server.calls("refreshSession")) == 1


def test_what_cannot_be_renewed_is_made_anew_with_the_password(scene: Scene) -> None:
    scene.network.fetch(TAG, "")
    kept = scene.memory.get("session")
    scene.memory.put("session", kept | {"access": "garbage", "refresh": "garbage"})
    scene.network.fetch(TAG, "")
    assert len(scene.server.calls("createSession")) == 2


def test_a_password_that_was_taken_back_stops_the_network_and_is_tried_once(scene: Scene) -> None:
    scene.network.fetch(TAG, "")
    scene.server.revoke()
    with pytest.raises(Misconfigured, match="make a new one") as stopped:
        scene.network.send(scene.delivery("Nobody's"))
    assert PASSWORD not in str(stopped.value)
    assert len(scene.server.calls("createSession")) == 2
    assert not scene.server.ours()


def test_a_server_that_never_accepts_its_own_session_is_not_asked_for_ever(scene: Scene) -> None:
    scene.server.before = always("searchPosts", lambda: no(400, "ExpiredToken"))
    with pytest.raises(Unavailable, match="has just given"):
        scene.network.fetch(TAG, "")
    assert scene.server.sessions == 2
    assert len(scene.server.calls("searchPosts")) == 2


@pytest.mark.parametrize(
    ("reply", "failure", "words"),
    [
        (limited, RateLimited, "slow down"),
        (lambda _: no(401, "AuthFactorTokenRequired"), Misconfigured, "app password"),
        (lambda _: no(401, "AccountTakedown"), Misconfigured, "AccountTakedown"),
        (lambda _: no(400, "InvalidRequest"), Misconfigured, "does not take"),
        (lambda _: Reply(503, b"<html>Back soon</html>"), Unavailable, "out of order"),
        (lambda _: Reply(403, FORBIDDEN), Unavailable, "403 Forbidden"),
        (lambda _: Reply(404, b"<html>No such page</html>"), Misconfigured, "not a Bluesky server"),
        (lambda _: Reply(200, b"<html>Welcome to our shop</html>"), Misconfigured, "not a Bluesky server"),
        (lambda _: Reply(301, b"", {"Location": "https://elsewhere.example/"}), Misconfigured, "not a Bluesky server"),
        (lambda _: Reply(200, {"accessJwt": "a", "did": "did:plc:x"}), Unavailable, "not whole"),
    ],
)
def test_each_no_to_a_session_is_told_apart(scene: Scene, reply: object, failure: type[Exception], words: str) -> None:
    assert callable(reply)
    scene.server.before = always("createSession", lambda: reply(scene.server.now + timedelta(minutes=5)))
    with pytest.raises(failure, match=words):
        scene.network.send(scene.delivery("Not yet"))
    assert not scene.server.ours()


def test_without_account_or_password_nothing_is_asked(scene: Scene) -> None:
    lacking: list[dict[str, Any]] = [{"secrets": {}}, {"account": ""}]
    for options in lacking:
        with pytest.raises(Misconfigured, match="BLUESKY_APP_PASSWORD"):
            scene.open(DictMemory(), **options).fetch(TAG, "")
    assert scene.server.site.asked == []


def test_the_account_is_found_on_its_own_server_and_the_password_stays_at_the_entry(scene: Scene) -> None:
    with bluesky() as entry:
        entry.before = always("createSession", scene.server.session)
        network = scene.open(DictMemory(), api_url=entry.url)
        network.send(scene.delivery("At home"))
        assert [asked.path for asked in entry.site.asked] == ["/xrpc/com.atproto.server.createSession"]
    assert scene.server.ours()[0]["text"] == "At home"
    assert not any(PASSWORD.encode() in asked.body for asked in scene.server.site.asked)


IDENTITIES: list[tuple[str, Any, str]] = [
    ("https://entry.example", "https://pds.example/", "https://pds.example"),
    ("http://localhost:1", "http://localhost:2", "http://localhost:2"),
    ("https://entry.example", "http://localhost:2", ""),  # nobody outside leads us to this machine
    ("https://entry.example", "http://pds.example", ""),
    ("https://entry.example", "ftp://pds.example", ""),
    ("https://entry.example", "https://user:word@pds.example", ""),
    ("https://entry.example", ["not an address"], ""),
    ("https://entry.example", None, ""),
]


@pytest.mark.parametrize(("asked", "named", "home"), IDENTITIES)
def test_only_an_address_that_may_be_called_is_taken_from_the_identity(asked: str, named: Any, home: str) -> None:
    service = {"id": "did:plc:me#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": named}
    assert home_of({"didDoc": {"service": [{"id": "#other"}, service]}}, asked) == (home or asked)


@pytest.mark.parametrize("document", [None, 5, {}, {"service": None}, {"service": ["x", {}]}])
def test_without_a_server_in_its_identity_an_account_is_where_it_was_asked_for(document: Any) -> None:
    assert home_of({"didDoc": document}, "https://entry.example") == "https://entry.example"


def test_a_wall_before_the_server_proves_that_nothing_was_written(scene: Scene) -> None:
    scene.network.check()
    scene.server.before = always("", lambda: Reply(403, FORBIDDEN, {"Content-Type": "text/html"}))
    with pytest.raises(Unavailable, match="something stands before it"):
        scene.network.send(scene.delivery("Not yet"))
    with pytest.raises(Unavailable):
        scene.network.fetch(TAG, "")
    assert not scene.server.ours()


def test_half_an_answer_is_none(scene: Scene) -> None:
    text = "Who pays? #AskLive"
    uri = scene.server.say("did:plc:asha", text, facets=[tagged(text, "AskLive")])
    half = Reply(200, b'{"posts": [{"uri": "at:', {"Content-Length": "900"})
    scene.server.after = once("searchPosts", lambda: half)
    kept = Kept(scene.network)
    with pytest.raises(Unavailable):
        kept.tick()
    kept.tick()
    assert set(kept.items) == {uri}
    scene.server.after = once("putRecord", lambda: half)
    with pytest.raises(NoAnswer):
        scene.network.send(scene.delivery("Perhaps"))
    assert scene.network.find(scene.delivery("Perhaps"))
    for body in (b"[]", b"", b"null", b'{"posts": 5}', b"\xff", b"[" * 100_000):
        scene.server.after = once("searchPosts", partial(Reply, 200, body))
        with pytest.raises(Unavailable):
            kept.tick()


def test_a_server_that_accepts_and_never_answers_is_left_in_time(scene: Scene) -> None:
    network = scene.open(deadline=1.0)
    network.check()
    scene.server.after = always("putRecord", scene.server.hang)
    begun = time.monotonic()
    with pytest.raises(NoAnswer, match="did not answer in time"):
        network.send(scene.delivery("Perhaps"))
    assert time.monotonic() - begun < 2
    assert network.find(scene.delivery("Perhaps"))


def test_check_tells_of_a_wrong_clock_a_silent_search_and_a_closed_account(scene: Scene) -> None:
    scene.server.before = always("searchPosts", lambda: Reply(403, FORBIDDEN))
    date = scene.server.now - timedelta(minutes=7)
    headers = {"Date": date.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    body = {"did": "did:plc:qcommunity", "handle": "handle.invalid", "active": False, "status": "deactivated"}
    search = scene.server.before
    scene.server.before = lambda asked: (
        Reply(200, body, headers) if asked.path.endswith("getSession") else search(asked)
    )
    found = [(line.level, line.what) for line in scene.network.check()]
    assert [level for level, _ in found] == ["ok", "warn", "fail", "warn", "warn"]
    said = " ".join(what for _, what in found)
    assert "420 seconds ahead of Bluesky's" in said
    assert "no hashtag is read" in said
    assert "deactivated" in said


BODIES = [b"", b"<html>", b'{"error": "Odd", "message": "\\u0000 odd"}', b'{"error": 5}', b"[]", b"\xff\xfe"]


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 413, 418, 429, 451, 500, 502, 530])
def test_every_answer_has_a_meaning(status: int) -> None:
    for body, writing in product(BODIES, (True, False)):
        answer = Answer(status, {}, body, "", 0.0)
        if status < 300 and body.startswith(b"{"):
            assert isinstance(meaning(answer, "pds.example", START, writing=writing), dict)
            continue
        with pytest.raises(NetworkFailure) as failed:
            meaning(answer, "pds.example", START, writing=writing)
        assert "\n" not in str(failed.value)
        unclear = writing and (status >= 500 or status < 300)
        assert isinstance(failed.value, NoAnswer) == unclear
