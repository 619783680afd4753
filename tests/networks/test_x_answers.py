"""Every answer of X, and every way of not answering, met as the contract wants it: what is proved, what is in doubt."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.core.items import Action
from bot.networks.base import (
    Misconfigured,
    NetworkFailure,
    NoAnswer,
    OutOfMoney,
    RateLimited,
    Refused,
    Unavailable,
)
from tests.doubles.x_faults import Fault
from tests.doubles.x_problems import NOT_ENGAGED, NOT_YOURS
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
from tests.networks.x_scene import MENTIONS, START, TAG, US, Clock, Scene, open_x, scene

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
    assert {row[0] for row in TABLE} | {row[0] for row in SLOW} | {Fault.EMPTY_PAGE} == set(Fault)


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


def test_nobody_listening_proves_that_nothing_was_sent(here: Scene) -> None:
    x = open_x(here.server, here.clock, here.memory, url="http://127.0.0.1:9")
    before = here.memory.spent
    for call in (lambda: x.send(here.delivery()), lambda: x.fetch(TAG, "")):
        with pytest.raises(Unavailable):
            call()
    assert here.memory.spent == before
    x.close()


# Limits


def test_a_limit_is_remembered_over_a_restart_and_holds_for_its_endpoint_alone(here: Scene) -> None:
    here.server.faults.next(Fault.TOO_MANY, SEARCH)
    with pytest.raises(RateLimited) as limited:
        here.page()
    assert START + timedelta(minutes=15) <= limited.value.until <= START + timedelta(minutes=15, seconds=5)
    assert not limited.value.whole
    here.reopen()
    with pytest.raises(RateLimited):
        here.page()
    assert len(here.server.called(SEARCH)) == 1, "the second was not even asked"
    assert here.page(MENTIONS).items == ()
    assert here.x.send(here.delivery()).remote_id
    here.clock.forward(minutes=16)
    assert here.page().items == ()


def test_the_limit_of_the_day_is_waited_for_by_its_own_reset(here: Scene) -> None:
    here.server.faults.next(Fault.TOO_MANY_DAY, POST)
    with pytest.raises(RateLimited) as limited:
        here.x.send(here.delivery())
    assert limited.value.until >= START + timedelta(hours=4)


@pytest.mark.parametrize("fault", [Fault.TOO_MANY_NO_RESET, Fault.TOO_MANY_BAD_RESET])
def test_a_limit_without_an_end_is_waited_for_longer_each_time_and_without_a_storm(here: Scene, fault: Fault) -> None:
    here.server.faults.next(fault, SEARCH, times=10_000)
    for _ in range(24 * 60):
        with pytest.raises(RateLimited):
            here.page()
        here.clock.forward(minutes=1)
    assert 90 <= len(here.server.called(SEARCH)) <= 120, "a day of it: every fifteen minutes at last"


def test_the_last_call_of_a_window_closes_it_before_x_has_to_refuse(here: Scene) -> None:
    for _ in range(460):
        try:
            here.page()
        except RateLimited:
            break
    assert [call.status for call in here.server.called(SEARCH)] == [200] * 450


# What X refuses


def test_a_reply_to_whoever_did_not_name_us_is_refused_with_what_to_do(here: Scene) -> None:
    for detail in (NOT_ENGAGED, NOT_YOURS):
        here.server.writes.reply_detail = detail
        native = here.server.post("asha", f"Who pays? {detail[:5]} #QLabs")
        with pytest.raises(Refused, match="Reply by hand"):
            here.x.send(here.delivery("We all do.", reply_to=native))
    assert here.ours() == []


def test_a_reply_goes_out_to_whoever_named_or_quoted_us(here: Scene) -> None:
    named = here.server.post("asha", f"@{US} who pays?")
    first = here.x.send(here.delivery("14:00 We begin."))
    quoted = here.server.post("bryn", "When is this?", quotes=first.remote_id)
    for number, native in enumerate((named, quoted)):
        delivery = here.delivery(f"Answer {number}: now.", reply_to=native)
        receipt = here.x.send(delivery)
        assert receipt.url == f"https://x.com/{US}/status/{receipt.remote_id}"
        found = here.x.find(delivery)
        assert found is not None
        assert found.remote_id == receipt.remote_id


def test_a_reply_to_a_deleted_post_is_refused_and_the_network_goes_on(here: Scene) -> None:
    native = here.server.post("asha", f"@{US} who pays?")
    here.server.delete(native)
    with pytest.raises(Refused, match="no longer on X"):
        here.x.send(here.delivery("We all do.", reply_to=native))


def test_a_thread_hangs_together_and_each_part_is_found_by_itself(here: Scene) -> None:
    first = here.delivery("One 1/3")
    ids = [here.x.send(first).remote_id]
    for number in (2, 3):
        part = here.delivery(f"Part {number}/3", previous=ids[-1], first=ids[0])
        ids.append(here.x.send(part).remote_id)
        found = here.x.find(part)
        assert found is not None
        assert found.remote_id == ids[-1]
    posts = here.server.posts(US)
    assert [post.reply_to and str(post.reply_to.id) for post in posts] == [None, *ids[:2]]


def test_the_same_words_twice_are_refused_and_are_not_taken_for_the_second_ones(here: Scene) -> None:
    here.x.send(here.delivery(key="first"))
    with pytest.raises(Refused, match="change the words"):
        here.x.send(here.delivery(key="second"))
    assert len(here.ours()) == 1


def test_words_that_are_there_from_a_lost_call_are_found_when_a_person_sends_them_again(here: Scene) -> None:
    here.server.index_lag = timedelta(minutes=5)
    here.server.faults.next(Fault.HANG_AFTER, POST)
    here.reopen(deadline=1.0)
    with pytest.raises(NoAnswer):
        here.x.send(here.delivery())
    assert here.x.find(here.delivery()) is None, "not shown yet"
    here.clock.forward(minutes=6)
    receipt = here.x.send(here.delivery(key="the same", started_at=here.clock()))
    assert receipt.evidence
    assert receipt.remote_id == str(here.server.posts(US)[0].id)
    assert len(here.ours()) == 1


@pytest.mark.parametrize(
    ("text", "why"), [("", "."), ("word " * 90, "."), ("$AAA and $BBB", ".")], ids=["empty", "long", "two cashtags"]
)
def test_what_x_would_not_take_is_refused_before_it_is_asked(here: Scene, text: str, why: str) -> None:
    with pytest.raises(Refused):
        here.x.send(here.delivery(text))
    assert here.server.called(POST) == []


def test_what_only_x_knows_to_be_wrong_is_refused_with_its_words(here: Scene) -> None:
    with site(lambda asked: Reply(400, {"title": "Invalid Request", "detail": "The moon is wrong."})) as bad:
        x = open_x(here.server, here.clock, here.memory, url=bad.url)
        with pytest.raises(Refused, match=r"The moon is wrong\."):
            x.send(here.delivery())
        x.close()


def test_deleting_is_done_once_and_what_is_gone_already_is_gone(here: Scene) -> None:
    sent = here.x.send(here.delivery())
    delete = here.delivery(text="", action=Action.DELETE, target=sent.remote_id)
    assert here.x.find(delete) is None
    assert here.x.send(delete).remote_id == sent.remote_id
    assert here.ours() == []
    assert here.x.find(delete)
    assert here.x.send(delete).evidence


def test_the_keys_of_another_account_post_nothing(here: Scene) -> None:
    secrets = {name.removeprefix("X_").lower(): value for name, value in here.server.secrets("stranger").items()}
    from bot.networks.base import Options
    from bot.networks.x import X

    x = X(Options(here.server.url, US, secrets, {}, 5.0), here.memory, here.clock)
    with pytest.raises(Misconfigured, match="@stranger"):
        x.send(here.delivery())
    assert here.server.posts("stranger") == []
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
