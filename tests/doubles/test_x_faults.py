"""How the double of X fails on request, and what of a call has its effect all the same."""

import re
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from tests.doubles.x_callers import NOON, Caller
from tests.doubles.x_faults import SILENT, Fault, refusal
from tests.doubles.x_server import XServer

CREATE = "POST /2/tweets"
REFUSED = sorted(fault for fault in Fault if refusal(fault, 0))
LOST = (Fault.HANG_BEFORE, Fault.HANG_AFTER, Fault.RESET_BEFORE, Fault.RESET_AFTER)
BROKEN = (Fault.HALF, Fault.HALF_HEAD, Fault.DRIP_HEAD, Fault.DRIP_BODY)
SILENT_200 = (Fault.HTML_200, Fault.EMPTY_200, Fault.LIST_200, Fault.OBJECT_200)
ALTERED = (Fault.EMPTY_500_AFTER, Fault.HTML_503_AFTER, *SILENT_200)


def texts(x: XServer) -> list[str]:
    return [post.typed for post in x.posts("theQCommunity")]


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_has_no_effect_and_costs_nothing(x: XServer, me: Caller, fault: Fault) -> None:
    x.faults.next(fault, CREATE)
    assert me.create("hello").status_code >= 400
    assert (texts(x), x.bill().total) == ([], 0)
    assert me.create("hello").status_code == 201


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_leaves_its_effect_or_none(x: XServer, fault: Fault) -> None:
    caller = Caller(x, "theQCommunity", timeout=0.3)
    x.faults.next(fault, CREATE)
    with pytest.raises((requests.ReadTimeout, requests.ConnectionError)):
        caller.create("hello")
    before = fault in SILENT
    assert texts(x) == ([] if before else ["hello"])
    assert x.bill().total == (0 if before else 0.015)
    assert (x.calls[-1].fault, x.calls[-1].status) == (fault, 0 if before else 201)


@pytest.mark.parametrize("fault", ALTERED)
def test_an_answer_that_says_nothing_of_the_effect_it_had(x: XServer, me: Caller, fault: Fault) -> None:
    x.faults.next(fault, CREATE)
    answer = me.create("hello")
    assert texts(x) == ["hello"]
    assert answer.status_code == {Fault.EMPTY_500_AFTER: 500, Fault.HTML_503_AFTER: 503}.get(fault, 201)
    assert "data" not in answer.text


def test_the_pages_of_an_error_are_html_or_nothing(x: XServer, app: Caller) -> None:
    for fault in (Fault.HTML_503, Fault.EMPTY_500, Fault.ERROR_LIST, Fault.ERROR_NULL):
        x.faults.next(fault)
    html, empty, many, null = (app.search() for _ in range(4))
    assert (html.status_code, html.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert (empty.status_code, empty.content) == (500, b"")
    assert isinstance(many.json(), list)
    assert null.json()["errors"] is None


def test_the_kinds_of_429_differ_in_their_headers(x: XServer, app: Caller) -> None:
    kinds = (Fault.TOO_MANY, Fault.TOO_MANY_ERRORS, Fault.TOO_MANY_NO_RESET, Fault.TOO_MANY_BAD_RESET)
    for fault in (*kinds, Fault.TOO_MANY_DAY, Fault.USAGE_CAPPED):
        x.faults.next(fault)
    plain, coded, bare, bad, day, cap = (app.search() for _ in range(6))
    quarter = str(int((NOON + timedelta(minutes=15)).timestamp()))
    assert plain.headers["x-rate-limit-reset"] == coded.headers["x-rate-limit-reset"] == quarter
    assert coded.json()["errors"][0]["code"] == 88
    assert "x-rate-limit-reset" not in bare.headers
    assert bad.headers["x-rate-limit-reset"] == "soon"
    assert day.headers["x-rate-limit-remaining"] != "0" == day.headers["x-app-limit-24hour-remaining"]
    assert cap.headers["x-rate-limit-remaining"] != "0"
    assert cap.json()["title"] == "UsageCapExceeded"


@pytest.mark.parametrize("fault", BROKEN)
def test_an_answer_that_breaks_off_or_drips_does_not_come_whole_and_has_its_effect(x: XServer, fault: Fault) -> None:
    x.faults.hang = 0.3
    x.faults.next(fault, CREATE)
    head, end, body = raw_create(x).partition(b"\r\n\r\n")
    assert bool(end) is (fault in (Fault.HALF, Fault.DRIP_BODY))
    promised = re.search(rb"Content-Length: (\d+)", head)
    assert len(body) < (int(promised[1]) if promised else 1)
    assert texts(x) == ["hello"]


def raw_create(x: XServer) -> bytes:
    """All that comes back of a post, by a socket, since clients forgive half a head."""
    signed = requests.Request("POST", f"{x.url}/2/tweets", json={"text": "hello"}, auth=Caller(x, "theQCommunity").auth)
    request = signed.prepare()
    host, port = x.url.removeprefix("http://").split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in as_text(request.headers).items())
    body = request.body if isinstance(request.body, bytes) else b""
    with socket.create_connection((host, int(port)), timeout=5) as sock:
        sock.sendall(f"POST /2/tweets HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode() + body)
        return b"".join(iter(lambda: sock.recv(65536), b""))


def as_text(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in headers.items()}


def test_a_drip_ends_no_time_out_of_single_reads(x: XServer, app: Caller) -> None:
    x.faults.drip = 0.01
    x.faults.next(Fault.DRIP_BODY)
    app.timeout = 0.2
    begun = time.monotonic()
    assert app.search().json() == {"meta": {"result_count": 0}}
    assert time.monotonic() - begun > 0.2


def test_faults_come_in_their_order_at_their_endpoint(x: XServer, app: Caller, me: Caller) -> None:
    x.faults.next(Fault.EMPTY_500, CREATE, times=2, skip=1)
    x.faults.next(Fault.HTML_503, "GET /2/tweets/search/recent")
    assert app.search().status_code == 503
    assert [me.create(f"update {place}").status_code for place in range(4)] == [201, 500, 500, 201]
    assert app.search().status_code == 200


def test_a_seed_draws_the_same_faults_again() -> None:
    def drawn(seed: int) -> list[int]:
        with XServer(lambda: NOON) as x:
            x.faults.draw(seed, 0.4, (Fault.EMPTY_500, Fault.HTML_503))
            app = Caller(x)
            found = [app.search().status_code for _ in range(30)]
            x.faults.stop()
            assert app.search().status_code == 200
            return found

    assert drawn(1) == drawn(1) != drawn(2)
    assert set(drawn(1)) == {200, 500, 503}


def test_the_server_closes_while_answers_hang_and_drip() -> None:
    def lose(place: int) -> bool:
        try:
            return Caller(x, timeout=30).search().status_code == 0
        except requests.RequestException:
            return True

    with ThreadPoolExecutor(3) as threads:
        with XServer() as x:
            for fault in (Fault.HANG_AFTER, Fault.DRIP_HEAD, Fault.DRIP_BODY):
                x.faults.next(fault)
            lost = threads.map(lose, range(3))
            while len(x.calls) < 3:
                time.sleep(0.01)
            begun = time.monotonic()
        assert list(lost) == [True, True, True]
        assert time.monotonic() - begun < 3
    with pytest.raises(requests.ConnectionError):
        Caller(x).search()


def test_a_caller_that_hangs_up_leaves_the_server_well(x: XServer, app: Caller) -> None:
    for fault in (Fault.HANG_AFTER, Fault.DRIP_BODY, Fault.HANG_BEFORE):
        x.faults.next(fault)
        with pytest.raises(requests.RequestException):
            Caller(x, timeout=0.05).search()
    assert app.search().status_code == 200


def test_a_bug_of_the_double_itself_is_heard_of() -> None:
    x = XServer(lambda: NOON)
    x.__enter__()
    x.world.account_of = None  # type: ignore[method-assign, assignment]
    assert Caller(x).get("/2/users", ids="1").status_code == 500
    with pytest.raises(AssertionError, match="has a bug"):
        x.__exit__()
