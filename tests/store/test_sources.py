"""Which sources may be read when: paid ones while their event runs, free ones around it too, none that is stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import events, networks
from bot.store.engine import Store
from bot.store.tables import source
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
