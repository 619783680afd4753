"""Sessions and limits of a real Bluesky: an old token and a full hour cost time, and no post is lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.networks.base import Misconfigured, RateLimited
from bot.networks.bluesky.session import CREATE
from tests.networks.memory import DictMemory
from tests.networks.servers import talking
from tests.real.bluesky import Between, Open, RealBluesky, delivery, thread

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run installs the packages


def test_a_limit_and_an_old_session_in_the_middle_of_a_thread_cost_time_and_nothing_else(
    bluesky: RealBluesky, skeet: Open
) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=3)
    limited = [_limited(until)]
    proxy, memory = Between(bluesky.port), DictMemory()
    with talking(proxy) as port:
        network = skeet(bluesky.options(url=f"http://localhost:{port}"), memory)
        ids = thread(network, "One 1/4")
        second = delivery("Two 2/4", previous=ids[0], first=ids[0])
        proxy.instead = lambda request: limited.pop() if limited and b"putRecord" in request else b""
        with pytest.raises(RateLimited) as told:
            network.send(second)
        assert told.value.until == until
        ids.append(network.send(second).remote_id)
        before = memory.get("session")
        old = bluesky.expired(before["access"])
        assert bluesky.says_of(old) == "ExpiredToken"
        memory.put("session", before | {"access": old})
        for text in ("Three 3/4", "Four 4/4"):
            ids.append(network.send(delivery(text, previous=ids[-1], first=ids[0])).remote_id)
    assert memory.get("session")["refresh"] != before["refresh"], "the session was renewed between two parts"
    records = bluesky.stored("qcommunity")
    texts = [one["text"] for one in records.values() if one["text"].endswith("/4")]
    assert sorted(texts) == ["Four 4/4", "One 1/4", "Three 3/4", "Two 2/4"]
    assert [records[one]["reply"]["parent"]["uri"] for one in ids[1:]] == ids[:3]
    assert {records[one]["reply"]["root"]["uri"] for one in ids[1:]} == {ids[0]}


def _limited(until: datetime) -> bytes:
    """What the server says that wants to be asked less; there is no Retry-After."""
    body = b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
    head = f"HTTP/1.1 429 Too Many Requests\r\nratelimit-remaining: 0\r\nratelimit-reset: {int(until.timestamp())}\r\n"
    head += "Connection: close\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_a_session_is_kept_renewed_and_ends_with_the_app_password(bluesky: RealBluesky, skeet: Open) -> None:
    made = bluesky.call("bryn", "com.atproto.server.createAppPassword", name="for a while")
    memory, options = DictMemory(), bluesky.options("bryn", password=made["password"])
    skeet(options, memory).send(delivery("By a session of mine"))
    first = memory.get("session")
    assert made["password"] not in memory.text()
    skeet(options, memory).send(delivery("By the same session"))
    assert memory.get("session") == first
    memory.put("session", first | {"access": first["access"][:-4] + "AAAA"})
    skeet(options, memory).send(delivery("By a renewed session"))
    renewed = memory.get("session")
    assert renewed["refresh"] != first["refresh"]
    bluesky.call("bryn", "com.atproto.server.revokeAppPassword", name="for a while")
    memory.put("session", renewed | {"access": "no.longer.good"})
    with pytest.raises(Misconfigured, match="does not accept the app password"):
        skeet(options, memory).send(delivery("By no session at all"))


def test_a_limit_of_the_server_says_until_when(bluesky: RealBluesky, skeet: Open) -> None:
    wrong = replace(bluesky.options(password="wrong-wrong-wrong-wrong"), account="nobody.test")
    network = skeet(wrong, DictMemory())
    with pytest.raises(Misconfigured):
        network.send(delivery("Never"))
    login = {"identifier": wrong.account, "password": "wrong"}
    with httpx.Client(trust_env=False, timeout=30) as http, ThreadPoolExecutor(10) as many:
        tries = [many.submit(http.post, f"{bluesky.url}/xrpc/{CREATE}", json=login) for _ in range(29)]
    assert {one.result().status_code for one in tries} == {401}
    with pytest.raises(RateLimited) as limited:
        network.send(delivery("Never"))
    assert timedelta(0) < limited.value.until - datetime.now(UTC) <= timedelta(minutes=5)


def test_an_hour_that_is_full_in_the_middle_of_a_thread_is_told_by_the_server_itself(
    bluesky: RealBluesky, skeet: Open
) -> None:
    network = skeet(bluesky.options("dora"), DictMemory())
    ids = thread(network, "One 1/2")
    bluesky.spend("dora")
    second = delivery("Two 2/2", previous=ids[0], first=ids[0])
    with pytest.raises(RateLimited) as told:
        network.send(second)
    assert timedelta(minutes=1) < told.value.until - datetime.now(UTC) <= timedelta(minutes=15)
    assert network.find(second) is None
    assert list(bluesky.stored("dora")) == ids
