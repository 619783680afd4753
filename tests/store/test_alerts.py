"""A person who is needed hears of it outside the console: once, in one message, and again when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import alert, desk
from bot.channels import Apprised, NotTold, try_out
from bot.networks.http import Http
from bot.store import alerts, status
from bot.store.engine import Store
from bot.store.tables import alert as table
from bot.store.tables import delivery
from tests.doubles.listener import Listener, listening
from tests.flows.house import ADA, Clock
from tests.store.rows import drafted, rows, set_up

SETTLE, AGAIN = timedelta(seconds=60), timedelta(hours=1)
HERE = "https://questions.example.org"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


@pytest.fixture
def channels(listener: Listener) -> Apprised:
    return Apprised([f"json://127.0.0.1:{listener.port}/alerts"])


class Watch:
    """The alerts of a store, looked at and told as a worker does."""

    def __init__(self, store: Store, clock: Clock, channels: Apprised) -> None:
        self.store, self.clock, self.channels = store, clock, channels

    def go(self, seconds: float, alive: bool = True) -> None:
        self.clock.go(seconds)
        if alive:
            with self.store.write() as tx:
                status.sign_of_life(tx, self.clock())
        alert.look(self.store, SETTLE)
        while alert.tell(self.store, self.channels, AGAIN, HERE):
            pass


@pytest.fixture
def watch(store: Store, clock: Clock, channels: Apprised) -> Watch:
    return Watch(store, clock, channels)


def test_where_nothing_is_needed_nobody_is_told(watch: Watch, listener: Listener) -> None:
    for _ in range(5):
        watch.go(60)
    assert listener.came == []


def test_what_lasts_is_told_once_then_again_after_an_hour_and_when_it_is_over(watch: Watch, listener: Listener) -> None:
    desk.pause(watch.store, ADA)
    watch.go(0)
    assert listener.messages == []
    watch.go(61)
    assert [title for title, _ in listener.messages] == ["Backchannel: 1 thing needs a person"]
    assert "All posting is paused" in listener.messages[0][1]
    assert listener.messages[0][1].endswith(HERE)
    for _ in range(10):
        watch.go(60)
    assert len(listener.messages) == 1
    watch.go(3600)
    assert "(still so)" in listener.messages[1][1]
    desk.unpause(watch.store, ADA)
    watch.go(1)
    title, body = listener.messages[2]
    assert title == "Backchannel: all is well again"
    assert body.startswith("- Over: All posting is paused")
    watch.go(7200)
    assert len(listener.messages) == 3
    assert rows(watch.store, table) == []


def test_what_is_over_before_it_settled_is_not_told(watch: Watch, listener: Listener) -> None:
    desk.pause(watch.store, ADA)
    watch.go(30)
    desk.unpause(watch.store, ADA)
    watch.go(30)
    watch.go(60)
    assert listener.came == []
    assert rows(watch.store, table) == []


def test_several_needs_are_one_message(watch: Watch, listener: Listener) -> None:
    desk.pause(watch.store, ADA)
    watch.go(0, alive=False)
    watch.go(61, alive=False)
    ((title, body),) = listener.messages
    assert title == "Backchannel: 2 things need a person"
    assert "No worker has shown a sign of life" in body


def test_a_count_that_grows_is_no_new_alert(watch: Watch, listener: Listener) -> None:
    set_up(watch.store, watch.clock)
    for number in range(3):
        made = drafted(watch.store, f"Entry {number}")
        with watch.store.write() as tx:
            values = {"event_id": made.event_id, "post_id": made.id, "network": "x", "action": "create"}
            values |= {"state": "asking", "key": f"k{number}", "created_at": watch.clock()}
            tx.execute(delivery.insert().values(**values, item_id=0))
        watch.go(61)
        watch.go(61)
    assert len([body for _, body in listener.messages if "may or may not have gone out" in body]) == 1


def test_a_channel_that_is_down_is_tried_again_and_said(watch: Watch, listener: Listener) -> None:
    listener.status = 503
    desk.pause(watch.store, ADA)
    watch.go(0)
    watch.go(61)
    with watch.store.read() as tx:
        assert any(
            "No channel took the message: JSON" in said for said in status.everything(tx, watch.clock())["needs"]
        )
    listener.status = 200
    before = len(listener.messages)
    watch.go(3600)
    assert len(listener.messages) == before + 1
    with watch.store.read() as tx:
        assert alerts.failing(tx) == ""
    watch.go(60)
    assert len(listener.messages) == before + 1


def test_one_channel_of_two_is_enough(watch: Watch, listener: Listener) -> None:
    with listening() as other:
        other.status = 500
        addresses = [f"json://127.0.0.1:{one.port}" for one in (other, listener)]
        watch.channels = Apprised(addresses)
        desk.pause(watch.store, ADA)
        watch.go(0)
        watch.go(61)
        watch.go(61)
    assert len(listener.messages) == 1


def test_two_workers_tell_it_once(watch: Watch, listener: Listener, store: Store, clock: Clock) -> None:
    desk.pause(watch.store, ADA)
    watch.go(0)
    clock.go(61)
    alert.look(store, SETTLE)
    with store.write() as tx:
        mine = alerts.take(tx, clock(), alert.LEASE)
    assert len(mine) == 1
    assert not alert.tell(store, watch.channels, AGAIN, HERE)
    assert listener.messages == []


def test_a_message_to_try_the_channels_says_so(channels: Apprised, listener: Listener) -> None:
    try_out(channels)
    assert listener.messages[0][0] == "Backchannel: this is a test"
    listener.status = 500
    with pytest.raises(NotTold, match="No channel took the message: JSON"):
        try_out(channels)


def test_an_address_that_is_none_is_named_without_its_secret() -> None:
    with pytest.raises(ValueError, match=r"Address 2 in BACKCHANNEL_ALERTS \(slak://\.\.\.\)") as told:
        Apprised(["json://127.0.0.1:1", "slak://very-secret-token"])
    assert "very-secret-token" not in str(told.value)


def test_a_watcher_outside_is_asked_and_its_failure_is_no_harm(listener: Listener) -> None:
    address = f"http://127.0.0.1:{listener.port}/ping/0000"
    http = Http(address)
    assert alert.beat(http, address)
    assert [(method, path) for method, path, _ in listener.came] == [("GET", "/ping/0000")]
    listener.status = 500
    assert not alert.beat(http, address)
    http.close()
    closed = Http("http://127.0.0.1:9/ping")
    assert not alert.beat(closed, "http://127.0.0.1:9/ping")
    closed.close()
