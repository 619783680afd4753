"""Which sources may be read when: paid ones while their event runs, free ones around it too, none that is stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.store import events, networks
from bot.store.engine import Store
from bot.store.tables import event, source
from tests.flows.house import NAMES, START, Clock
from tests.store.rows import count, rows, source_of

LEASE = timedelta(seconds=5)
KINDS = ("hashtag", "mentions", "comments", "liveblog")


def _taken(store: Store, name: str) -> bool:
    with store.write() as tx:
        return events.take_source(tx, store.now(tx), LEASE, KINDS, name) is not None


@pytest.mark.parametrize(
    ("after", "free", "paid"),
    [(timedelta(hours=1), True, True), (timedelta(days=4), True, False), (timedelta(days=10), False, False)],
)
def test_paid_sources_are_read_while_the_event_runs_and_free_ones_for_a_week_more(
    store: Store, clock: Clock, after: timedelta, free: bool, paid: bool
) -> None:
    clock.at = START + after
    assert {name: _taken(store, name) for name in NAMES} == {
        "x": paid, "mastodon": free, "bluesky": free, "wordpress": free,
    }  # fmt: skip


def test_mentions_are_read_first_and_never_twice_while_the_hashtag_waits(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        plan = {"event_id": None, "network": "mastodon", "kind": "mentions", "address": "me", "due": clock()}
        tx.execute(insert(source).values(plan))
    read = []
    for _ in range(4):
        with store.write() as tx:
            row = events.take_to_read(tx, store.now(tx), LEASE, "mastodon")
            assert row is not None
            read.append(row.kind)
            assert events.read_well(tx, clock(), row, due=clock(), cursor="")  # due again at once
        clock.go(2)
    assert read == ["mentions", "hashtag", "mentions", "hashtag"]


def test_a_stopped_network_and_one_that_asked_to_wait_are_not_read(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        networks.stop(tx, clock(), "mastodon", "The credential is wrong.")
        networks.block(tx, "bluesky", clock() + timedelta(seconds=30))
    assert [_taken(store, name) for name in ("mastodon", "bluesky", "wordpress")] == [False, False, True]
    clock.go(30)
    assert _taken(store, "bluesky")


def test_a_source_that_failed_keeps_its_cursor_and_says_why(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        row = events.take_source(tx, clock(), LEASE, KINDS, "mastodon")
        assert row is not None
        assert events.read_well(tx, clock(), row, due=clock(), cursor="7")
        row = events.take_source(tx, clock(), LEASE, KINDS, "mastodon")
        assert row is not None
        assert events.read_badly(tx, row, due=clock() + timedelta(seconds=9), error="No answer.")
    now = source_of(store, "mastodon")
    assert (now.cursor, now.last_error, now.failures, now.last_good) == ("7", "No answer.", 1, clock())
    assert not _taken(store, "mastodon")


def test_what_the_settings_no_longer_name_rests_and_is_found_again(store: Store, clock: Clock) -> None:
    before = count(store, source)
    with store.write() as tx:
        events.sync(tx, clock(), [])
    assert not any(row.active for row in rows(store, source))
    assert not _taken(store, "mastodon")
    assert count(store, source) == before


@pytest.mark.parametrize(("days", "read"), [(1, False), (2, True)])
def test_what_an_event_no_longer_keeps_is_not_read_again(store: Store, clock: Clock, days: int, read: bool) -> None:
    with store.write() as tx:
        tx.execute(update(event).values(retention_days=days))
    clock.at = START + timedelta(days=2, hours=26)
    assert _taken(store, "wordpress") == read


def test_a_slow_reading_before_an_event_does_not_sleep_through_its_beginning(store: Store, clock: Clock) -> None:
    src = source_of(store, "mastodon")
    with store.write() as tx:
        tx.execute(update(event).values(starts=START + timedelta(minutes=1)))
        ev = events.one_event(tx, src.event_id)
    slow = src.every_seconds * 10
    ahead = [timedelta(hours=2), timedelta(minutes=1), timedelta(seconds=2), timedelta(0)]
    waits = [events.every(ev.starts - before, src, ev) for before in ahead]
    assert waits == [slow, min(slow, 60.0), src.every_seconds, src.every_seconds]


def test_a_clock_that_is_set_back_strands_no_source(store: Store, clock: Clock) -> None:
    clock.go(86400)
    with store.write() as tx:
        held = events.take_source(tx, clock(), LEASE, KINDS, "mastodon")
        assert held is not None
    clock.go(-86400)
    assert not _taken(store, "mastodon")
    with store.write() as tx:
        assert (events.wake_stranded(tx, clock()), events.wake_stranded(tx, clock())) == (1, 0)
        assert not events.read_well(tx, clock(), held, due=clock(), cursor="9"), "who held it has lost it"
    assert _taken(store, "mastodon")
