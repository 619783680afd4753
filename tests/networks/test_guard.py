"""The deadline guard holds against every way of being slow, under both clients, and says the right failure."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.networks.base import Misconfigured, NetworkFailure, NoAnswer, Unavailable
from bot.networks.guard import within
from bot.networks.http import Http, wait_until
from bot.networks.session import GuardedSession
from tests.networks.servers import (
    Asked,
    Reply,
    Talk,
    drip_in_the_body,
    drip_in_the_head,
    gigantic,
    half_a_head,
    half_an_answer,
    hang_up,
    self_signed,
    silent,
    site,
    talking,
)

DEADLINE = 1.0
NOISE = 1.5  # a busy machine's allowance
NOW = datetime(2017, 7, 14, 12, 0, tzinfo=UTC)

Ask = Callable[[str, str, ssl.SSLContext | None], object]


def by_httpx(method: str, url: str, context: ssl.SSLContext | None = None) -> object:
    client = Http(url, deadline=DEADLINE, context=context)
    try:
        return client.request(method, url)
    finally:
        client.close()


def by_requests(method: str, url: str, context: ssl.SSLContext | None = None) -> object:
    with GuardedSession(DEADLINE, context) as session:
        return session.request(method, url)


@pytest.fixture(params=[by_httpx, by_requests])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


@contextmanager
def in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < DEADLINE + NOISE


@pytest.mark.parametrize("talk", [drip_in_the_head, drip_in_the_body, silent])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slow_server_is_cut_at_the_deadline(ask: Ask, talk: Talk, method: str) -> None:
    with talking(talk) as port, in_time(), pytest.raises(NoAnswer, match="did not answer in time"):
        ask(method, f"http://127.0.0.1:{port}/", None)


@pytest.mark.parametrize("talk", [half_an_answer, half_a_head, hang_up])
def test_a_server_that_goes_away_leaves_it_open_whether_it_acted(ask: Ask, talk: Talk) -> None:
    with talking(talk) as port, in_time(), pytest.raises(NoAnswer, match="broke off"):
        ask("POST", f"http://127.0.0.1:{port}/", None)


@pytest.mark.parametrize("talk", [silent, drip_in_the_head, drip_in_the_body])
def test_a_server_that_is_slow_after_tls_is_cut_at_the_deadline(ask: Ask, talk: Talk, tmp_path: Path) -> None:
    tls, trusting = self_signed(tmp_path)
    with talking(talk, tls) as port, in_time(), pytest.raises(NoAnswer, match="did not answer in time"):
        ask("POST", f"https://localhost:{port}/", trusting)


def test_a_server_that_never_finishes_the_handshake_has_received_nothing(ask: Ask) -> None:
    with talking(silent) as port, in_time(), pytest.raises(Unavailable, match="did not answer in time"):
        ask("POST", f"https://localhost:{port}/", None)


def test_a_certificate_nobody_vouches_for_is_proof_of_no_effect(ask: Ask, tmp_path: Path) -> None:
    with talking(silent, self_signed(tmp_path)[0]) as port, in_time(), pytest.raises(Unavailable, match="self-signed"):
        ask("POST", f"https://localhost:{port}/", None)


def test_a_refused_connection_is_proof_of_no_effect(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with in_time(), pytest.raises(Unavailable, match="nothing accepts a connection"):
        ask("POST", f"http://127.0.0.1:{port}/", None)


def test_a_name_that_does_not_exist_is_proof_of_no_effect(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with in_time(), pytest.raises(Unavailable, match=r"The name blog\.example was not found"):
        ask("POST", "https://blog.example/", None)


def test_a_name_server_that_hangs_is_cut_at_the_deadline(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20) and [])
    try:
        with in_time(), pytest.raises(Unavailable, match="did not answer in time"):
            ask("POST", "https://blog.example/", None)
    finally:
        over.set()


def test_an_outer_limit_holds_over_several_calls(ask: Ask) -> None:
    with talking(silent) as port, in_time(), within(0.5):
        for _ in range(3):
            with pytest.raises(NetworkFailure):
                ask("GET", f"http://127.0.0.1:{port}/", None)


def test_an_answer_that_is_too_large_is_not_held_in_memory() -> None:
    with talking(gigantic) as port:
        client = Http(f"http://127.0.0.1:{port}", deadline=10)
        with pytest.raises(NoAnswer, match="too large"):
            client.request("GET", f"http://127.0.0.1:{port}/")
        client.close()


def test_a_whole_answer_comes_through_both_clients_on_a_reused_connection() -> None:
    with site(lambda asked: Reply(201, {"said": asked.json()}, {"X-Some": "thing"})) as there:
        client = Http(there.url)
        for word in ("once", "again"):
            answer = client.request("POST", f"{there.url}/a", params={"b": "c d"}, json=word)
            assert (answer.status, answer.json(), answer.headers["x-some"]) == (201, {"said": word}, "thing")
        client.close()
        with GuardedSession() as session:
            for word in ("once", "again"):
                response = session.post(f"{there.url}/a", json=word)
                assert (response.status_code, response.json()) == (201, {"said": word})
        assert [asked.query for asked in there.asked[:2]] == [{"b": "c d"}] * 2


def test_the_deadline_of_one_call_does_not_shorten_the_next() -> None:
    with site(lambda asked: Reply(200, b"ok")) as there:
        client = Http(there.url)
        client.request("GET", there.url, deadline=0.3)
        time.sleep(0.5)
        assert client.request("GET", there.url).body == b"ok"
        client.close()


@pytest.mark.parametrize(
    "address",
    ["http://blog.example/", "ftp://blog.example/", "blog.example", "", "https://", "https://me:pw@b.example"],
)
def test_an_address_that_must_not_be_called_is_said_before_any_call(address: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Http(address)
    assert "pw" not in str(caught.value)
    with GuardedSession() as session, pytest.raises((Misconfigured, requests.RequestException)):
        session.get(address)


def test_credentials_go_to_their_own_host_alone_across_redirects() -> None:
    with (
        site(lambda asked: Reply(200, b"other")) as other,
        site(lambda asked: Reply(302, b"", {"Location": f"{other.url}/x"})) as home,
    ):
        client = Http(home.url, credentials={"Authorization": "Basic canary"})
        answer = client.request("GET", home.url, follow=True)
        client.close()
    assert (answer.body, answer.url) == (b"other", f"{other.url}/x")
    assert home.asked[0].headers["Authorization"] == "Basic canary"
    assert "Authorization" not in other.asked[0].headers


@pytest.mark.parametrize("place", ["https://xn--/", "https://blog.example/\x7f", "https://[::1/", "http://a:b/"])
def test_what_is_no_address_is_said_in_a_sentence_wherever_it_comes_from(place: str) -> None:
    with site(lambda asked: Reply(302, b"", {"Location": place})) as there:
        client = Http(there.url)
        with pytest.raises(Misconfigured, match="is not an address"):
            client.request("GET", place)
        with pytest.raises(NetworkFailure):
            client.request("GET", there.url, follow=True)
        client.close()


def test_a_redirect_of_a_write_is_an_answer_and_is_not_followed() -> None:
    with site(lambda asked: Reply(301, b"", {"Location": "/elsewhere"})) as there:
        client = Http(there.url)
        assert client.request("POST", there.url).status == 301
        with pytest.raises(ValueError, match="only GET"):
            client.request("POST", there.url, follow=True)
        client.close()
        with GuardedSession() as session:
            assert session.get(there.url).status_code == 301
    assert len(there.asked) == 2


def test_redirects_in_a_circle_end() -> None:
    with site(lambda asked: Reply(302, b"", {"Location": "/" + asked.path.strip("/") + "x"})) as there:
        client = Http(there.url)
        with pytest.raises(Unavailable, match="in a circle"):
            client.request("GET", there.url, follow=True)
        client.close()
    assert len(there.asked) == 6


def test_proxies_of_the_environment_are_not_used(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(asked: Asked) -> Reply:
        raise AssertionError("the proxy was asked")

    with site(nobody) as proxy, site(lambda asked: Reply(200, b"ok")) as there:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        ask("GET", there.url, None)
        assert (len(proxy.asked), len(there.asked)) == (0, 1)


def test_credentials_are_in_no_log_and_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with site(lambda asked: Reply(200, b"ok")) as there, talking(hang_up) as port:
        for url in (there.url, f"http://127.0.0.1:{port}"):
            client = Http(url, credentials={"Authorization": "Basic canary"})
            with GuardedSession() as session:
                session.headers["Authorization"] = "Basic canary"
                for call in (lambda: client.request("GET", url), lambda: session.get(url)):  # noqa: B023
                    try:
                        call()
                    except NoAnswer as failure:
                        assert "canary" not in repr(failure)  # noqa: PT017
            client.close()
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "Fri, 14 Jul 2017 12:01:00 GMT"}, 60),
        ({"Retry-After": "999999999999999999999"}, 900),
        ({"X-RateLimit-Reset": "2017-07-14T12:05:00.000Z"}, 300),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 30)}, 30),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 5000)}, 900),
        ({"Retry-After": "Fri, 14 Jul 2017 11:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9999-12-31T23:59:59-10:00"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_what_headers_say_of_coming_back_is_understood(headers: dict[str, str], seconds: int | None) -> None:
    assert wait_until(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))
