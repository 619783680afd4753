"""Every answer of X, and every way of not answering, met as the contract wants it: what is proved, what is in doubt."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from bot.networks.base import (
    Misconfigured,
    NetworkFailure,
    NoAnswer,
    OutOfMoney,
    RateLimited,
    Unavailable,
)
from tests.doubles.x_faults import Fault
from tests.networks.servers import (
    Asked,
    Reply,
    Talk,
    drip_in_the_body,
    drip_in_the_head,
    half_a_head,
    half_an_answer,
    hang_up,
    silent,
    site,
    talking,
)
from tests.networks.x_scene import MENTIONS, TAG, US, Clock, Scene, open_x, scene

POST = "POST /2/tweets"
SEARCH = "GET /2/tweets/search/recent"
NOISE = 1.0  # seconds; no call may outlive its deadline by more

# fault, what a post makes of it, what a read makes of it, is the post there
TABLE: list[tuple[Fault, type[NetworkFailure] | None, type[NetworkFailure] | None, bool]] = [
    (Fault.RESET_BEFORE, NoAnswer, Unavailable, False),
    (Fault.HTML_503, NoAnswer, Unavailable, False),
    (Fault.EMPTY_500, NoAnswer, Unavailable, False),
    (Fault.JSON_503, NoAnswer, Unavailable, False),
    (Fault.ERROR_LIST, NoAnswer, Unavailable, False),
    (Fault.ERROR_NULL, NoAnswer, Unavailable, False),
    (Fault.TOO_MANY, RateLimited, RateLimited, False),
    (Fault.TOO_MANY_ERRORS, RateLimited, RateLimited, False),
    (Fault.TOO_MANY_NO_RESET, RateLimited, RateLimited, False),
    (Fault.TOO_MANY_BAD_RESET, RateLimited, RateLimited, False),
    (Fault.TOO_MANY_DAY, RateLimited, RateLimited, False),
    (Fault.USAGE_CAPPED, OutOfMoney, OutOfMoney, False),
    (Fault.CREDITS_DEPLETED, OutOfMoney, OutOfMoney, False),
    (Fault.UNAUTHORIZED, Misconfigured, Misconfigured, False),
    (Fault.NOT_ENROLLED, Misconfigured, Misconfigured, False),
    (Fault.SUSPENDED, Misconfigured, Misconfigured, False),
    (Fault.RESET_AFTER, NoAnswer, Unavailable, True),
    (Fault.EMPTY_500_AFTER, NoAnswer, Unavailable, True),
    (Fault.HTML_503_AFTER, NoAnswer, Unavailable, True),
    (Fault.HTML_200, NoAnswer, Unavailable, True),
    (Fault.EMPTY_200, NoAnswer, Unavailable, True),
    (Fault.LIST_200, NoAnswer, Unavailable, True),
    (Fault.OBJECT_200, NoAnswer, Unavailable, True),
    (Fault.HALF, NoAnswer, Unavailable, True),
    (Fault.HALF_HEAD, NoAnswer, Unavailable, True),
]
SLOW = [
    (Fault.HANG_BEFORE, False),
    (Fault.HANG_AFTER, True),
    (Fault.DRIP_HEAD, True),
    (Fault.DRIP_BODY, True),
]


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        made.x.account.prove()
        yield made


def test_the_table_has_every_fault_of_the_double() -> None:
    assert {row[0] for row in TABLE} | {row[0] for row in SLOW} | {Fault.EMPTY_PAGE, Fault.NO_META} == set(Fault)


@pytest.mark.parametrize(("fault", "posting", "_reading", "there"), TABLE, ids=[row[0].value for row in TABLE])
def test_a_post_is_classified_and_booked_and_never_called_for_twice(
    here: Scene, fault: Fault, posting: type[NetworkFailure], _reading: object, there: bool
) -> None:
    before, calls = here.memory.spent, len(here.server.called(POST))
    here.server.faults.next(fault, POST)
    with pytest.raises(NetworkFailure) as failed:
        here.x.send(here.delivery())
    assert type(failed.value) is posting or (posting is Misconfigured and isinstance(failed.value, Misconfigured))
    assert len(here.server.called(POST)) == calls + 1
    assert len(here.ours()) == there
    doubt = posting is NoAnswer
    assert here.memory.spent - before == pytest.approx(0.015 if doubt else 0), "doubt is booked at its full price"
    assert here.memory.budget == pytest.approx(50 - here.memory.spent), "nothing stays set aside"
    assert here.memory.spent >= here.server.bill().total - 1e-9
    sentence = str(failed.value)
    assert sentence[0].isupper() or sentence.startswith("127.0.0.1")
    found = here.x.find(here.delivery())
    assert bool(found) == there


@pytest.mark.parametrize(("fault", "_posting", "reading", "_there"), TABLE, ids=[row[0].value for row in TABLE])
def test_a_read_is_classified_and_the_next_one_loses_nothing(
    here: Scene, fault: Fault, _posting: object, reading: type[NetworkFailure], _there: bool
) -> None:
    native = here.server.post("asha", "Who pays? #QLabs")
    here.clock.forward(minutes=1)
    here.server.faults.next(fault, SEARCH)
    with pytest.raises(NetworkFailure) as failed:
        here.page()
    assert isinstance(failed.value, reading)
    here.clock.forward(hours=25 if isinstance(failed.value, RateLimited) else 0, minutes=1)
    assert native in [item.native_id for item in here.read()]
    assert here.memory.spent >= here.server.bill().total - 1e-9


@pytest.mark.parametrize(("fault", "there"), SLOW, ids=[row[0].value for row in SLOW])
def test_no_call_lasts_beyond_its_deadline(here: Scene, fault: Fault, there: bool) -> None:
    here.reopen(deadline=1.0)
    here.server.faults.next(fault, POST)
    begun = time.monotonic()
    with pytest.raises(NoAnswer):
        here.x.send(here.delivery())
    assert time.monotonic() - begun < 1.0 + NOISE
    assert len(here.ours()) == there
    here.server.faults.next(fault, SEARCH)
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        here.page()
    assert time.monotonic() - begun < 1.0 + NOISE


@pytest.mark.parametrize("talk", [drip_in_the_head, drip_in_the_body, silent, half_an_answer, half_a_head, hang_up])
def test_a_bare_socket_that_drips_or_breaks_off_ends_in_time_through_tweepy(here: Scene, talk: Talk) -> None:
    with talking(talk) as port:
        x = open_x(here.server, here.clock, here.memory, deadline=1.0, url=f"http://127.0.0.1:{port}")
        begun = time.monotonic()
        with pytest.raises(NoAnswer):
            x.send(here.delivery())
        with pytest.raises(Unavailable):
            x.fetch(TAG, "")
        assert time.monotonic() - begun < 2 * (1.0 + NOISE)
        x.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://nowhere.invalid", "TLS"])
def test_a_call_that_did_not_get_through_proves_that_nothing_was_sent(here: Scene, url: str) -> None:
    no_tls = here.server.url.replace("http://", "https://")  # it does not speak it, so that the handshake fails
    x = open_x(here.server, here.clock, here.memory, url=no_tls if url == "TLS" else url)
    before = here.memory.spent
    for call in (lambda: x.send(here.delivery()), lambda: x.fetch(TAG, "")):
        with pytest.raises(Unavailable):
            call()
    assert here.memory.spent == before
    x.close()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(302, "", {"Location": "https://sign-in.example/"}),
        Reply(404, "<html>no such page</html>"),
        Reply(200, "<html>welcome to the hotel</html>"),
        Reply(201, {"data": None}),
        Reply(201, {"data": {"id": "nine"}}),
        Reply(201, {"errors": [{"message": 3}]}),
        Reply(418, [1, 2]),
        Reply(429, {"errors": None}),
        Reply(403, {"errors": {"a": 1}}),
        Reply(500, {"errors": "no"}),
        Reply(200, "9" * 5000),
        Reply(200, "[" * 100_000),
        Reply(204, ""),
    ],
    ids=lambda reply: f"{reply.status} {str(reply.body)[:20]}",
)
def test_nothing_but_the_failures_of_the_house_comes_out(here: Scene, reply: Reply) -> None:
    with site(lambda asked: reply) as odd:
        x = open_x(here.server, here.clock, here.memory, url=odd.url)
        for call in (
            lambda: x.send(here.delivery()),
            lambda: x.fetch(TAG, ""),
            lambda: x.fetch(MENTIONS, ""),
            lambda: x.recheck(TAG, ["123"]),
            lambda: x.find(here.delivery()),
        ):
            with contextlib.suppress(NetworkFailure):
                call()
        assert all(line.what for line in x.check())
        x.close()


# Secrets


def _walk(here: Scene) -> None:
    for fault in (None, *(row[0] for row in TABLE)):
        if fault:
            here.server.faults.next(fault, times=3)
        calls: list[Any] = [
            partial(here.x.send, here.delivery(f"14:05 {fault}")),
            partial(here.x.fetch, TAG, ""),
            partial(here.x.recheck, TAG, ["123"]),
        ]
        for call in calls:
            try:
                call()
            except NetworkFailure as failure:
                logging.getLogger("test").warning("failed: %s", failure)
        here.server.faults.stop()
        here.clock.forward(days=1)


def test_no_token_is_in_any_log_or_memory(here: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _walk(here)
    said = caplog.text + here.memory.text()
    assert "failed: " in said
    for secret in here.server.secrets(US).values():
        assert secret not in said
    assert "oauth_signature" not in said


def test_a_go_between_that_echoes_what_it_was_sent_brings_no_token_into_a_failure(here: Scene) -> None:
    def echo(asked: Asked) -> Reply:
        return Reply(400, {"detail": json.dumps(asked.headers)})

    with site(echo) as mirror:
        x = open_x(here.server, here.clock, here.memory, url=mirror.url)
        calls: list[Any] = [lambda: x.fetch(TAG, ""), lambda: x.send(here.delivery())]
        for call in calls:
            with pytest.raises(NetworkFailure) as failed:
                call()
            assert not [one for one in here.server.secrets(US).values() if one in str(failed.value)]
        x.close()


def test_a_token_with_a_line_break_is_a_mistake_of_the_settings(here: Scene) -> None:
    from bot.networks.base import Options
    from bot.networks.x import X

    x = X(Options(here.server.url, US, {"bearer_token": "good\nbad: yes"}, {}, 5.0), here.memory, Clock())
    with pytest.raises(Misconfigured) as failed:
        x.fetch(TAG, "")
    assert "good" not in str(failed.value)
    with pytest.raises(Misconfigured, match="X_API_KEY"):
        x.fetch(MENTIONS, "")
    x.close()


# check


def test_check_says_who_we_are_and_asks_for_it_once_a_day(here: Scene) -> None:
    for _ in range(5):
        lines = here.x.check()
        assert {line.level for line in lines} == {"ok"}
        here.clock.forward(minutes=10)
    assert any(f"@{US}" in line.what for line in lines)
    assert len(here.server.called("GET /2/users/me")) == 2, "one of them was the fixture's"


def test_check_says_what_is_wrong_and_how_to_mend_it(here: Scene) -> None:
    x = open_x(here.server, here.clock, here.memory, url="http://127.0.0.1:9")
    here.clock.forward(days=1)
    failed = [line for line in x.check() if line.level == "fail"]
    assert len(failed) == 2
    assert all(line.fix for line in failed)
    x.close()
