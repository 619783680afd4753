"""What a paid network costs is booked by the hour, and said ahead for the end of the event or the month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.limits import default_limits
from bot.store import networks, spending
from bot.store.engine import Store
from bot.store.networks import RowMemory
from bot.store.spending import Spending
from bot.store.tables import event, network, source, spend
from tests.flows.house import START, Clock
from tests.store.rows import rows


def spent(store: Store, clock: Clock, usd: float, after: float = 0.0) -> None:
    """So many hours pass, then a call costs so much."""
    clock.go(after * 3600)
    memory = RowMemory(store, "x")
    memory.settle(memory.reserve(usd), usd)


def now(store: Store, clock: Clock, **budget: Any) -> Spending:
    """How it stands; `budget` are columns of the network's row."""
    with store.write() as tx:
        if budget:
            tx.execute(update(network).where(network.c.name == "x").values(**budget))
        (one,) = spending.of_event(tx, clock(), tx.execute(select(event)).one())
    return one


def ends(store: Store, at: datetime | None) -> None:
    with store.write() as tx:
        tx.execute(update(event).values(ends=at))


@pytest.fixture(autouse=True)
def rich(store: Store) -> None:
    with store.write() as tx:
        networks.ensure(tx, "x", default_limits("x"), budget_usd=50.0, kept_usd=10.0)


def test_each_call_is_booked_in_its_hour(store: Store, clock: Clock) -> None:
    for after in (0.0, 0.5, 0.5):
        spent(store, clock, 0.25, after)
    assert [(row.network, row.hour, row.usd) for row in rows(store, spend)] == [
        ("x", START, 0.5),
        ("x", START + timedelta(hours=1), 0.25),
    ]


def test_the_rate_of_the_last_hours_leads_to_the_end_of_the_event(store: Store, clock: Clock) -> None:
    ends(store, START + timedelta(hours=10))
    spent(store, clock, 1.0)
    spent(store, clock, 1.0, after=2)
    one = now(store, clock)
    assert (one.spent, one.kept, one.budget, one.to_event) == (2.0, 10.0, 50.0, True)
    assert one.per_hour == pytest.approx(1.0)
    assert one.until == START + timedelta(hours=10)
    assert one.forecast == pytest.approx(10.0)
    assert one.short_at is None


def test_what_was_spent_long_ago_is_no_rate(store: Store, clock: Clock) -> None:
    spent(store, clock, 5.0)
    clock.go(6 * 3600)
    one = now(store, clock)
    assert (one.per_hour, one.forecast, one.short_at) == (0.0, 5.0, None)


def test_the_first_minutes_do_not_make_a_rate_of_their_own(store: Store, clock: Clock) -> None:
    spent(store, clock, 0.5)
    clock.go(60)
    assert now(store, clock).per_hour == pytest.approx(0.5)


def test_an_event_without_an_end_is_reckoned_to_the_end_of_the_month(store: Store, clock: Clock) -> None:
    ends(store, None)
    spent(store, clock, 0.01)
    one = now(store, clock)
    assert (one.until, one.to_event) == (datetime(2026, 6, 1, tzinfo=UTC), False)


def test_reading_that_will_run_dry_says_when_and_the_forecast_knows_no_cap(store: Store, clock: Clock) -> None:
    ends(store, START + timedelta(hours=40))
    spent(store, clock, 4.0)
    one = now(store, clock)
    assert one.short_at == START + timedelta(hours=9), "36 of the 40 dollars for reading are left, 4 go in an hour"
    assert one.forecast == pytest.approx(164.0)


def test_a_new_month_begins_at_nothing_before_anything_is_spent(store: Store, clock: Clock) -> None:
    clock.at = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    spent(store, clock, 2.0)
    clock.go(3600)
    one = now(store, clock)
    assert (one.spent, one.reserved) == (0.0, 0.0)
    assert one.per_hour > 0


def test_a_source_that_the_budget_stopped_is_told(store: Store, clock: Clock) -> None:
    assert now(store, clock).cap == ()
    note = "The part of the month's budget that the hashtag may use is spent."
    with store.write() as tx:
        tx.execute(update(source).where(source.c.network == "x", source.c.kind == "hashtag").values(note=note))
    assert now(store, clock).cap == (note,)
