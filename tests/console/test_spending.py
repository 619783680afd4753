"""The overview says what a network costs, where that leads, what it means at the cap, and what helps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert, update

from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene

SignIn = Callable[..., Browser]
OVERVIEW = "/e/peer-support/overview"
HOUR = NOW.replace(minute=0)


def spend(store: Store, *usd: float, **columns: object) -> None:
    """So much in the hours up to now, the last one running; `columns` are of the network's row."""
    with store.write() as tx:
        values = {"kept_usd": 10.0, "month": "2017-07"} | columns
        tx.execute(update(t.network).where(t.network.c.name == "x").values(values))
        hours = [{"network": "x", "hour": HOUR - timedelta(hours=n), "usd": one} for n, one in enumerate(usd[::-1])]
        if hours:
            tx.execute(insert(t.spend), hours)


def test_spend_budget_reserve_and_forecast_stand_in_words(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    spend(store, 0.3, 0.2, 0.1, reserved_usd=0.05)
    page = browse("lead").get(OVERVIEW).text
    assert "Spent $3.20 of $50.00 this month (UTC)." in page
    assert "$10.00 of it is kept for posts." in page
    assert "$0.05 is set aside for calls that have not answered." in page
    assert "At the rate of the last 3 hours, $0.27 an hour, it comes to $9.80 by the end of the event, 14 Jul" in page
    assert "The budget for reading" not in page


def test_what_was_counted_for_lost_calls_is_told_apart(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    spend(store, 0.3, spent_usd=2.0)
    lost = {"network": "x", "month": "2017-07", "usd": 0.5, "until": NOW, "lost": True}
    with store.write() as tx:
        tx.execute(insert(t.reservation), [lost, lost, lost | {"lost": False}, lost | {"month": "2017-06"}])
    said = "$1.00 of what is spent was counted for 2 calls whose answer never came; the bill may be lower."
    assert said in browse("lead").get(OVERVIEW).text


def test_without_spending_there_is_no_forecast(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    spend(store)
    assert "Nothing was spent in the last 3 hours." in browse("lead").get(OVERVIEW).text


def test_a_budget_that_will_not_last_says_when_and_what_helps(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    spend(store, 5.0, 5.0, 5.0, spent_usd=20.0)
    page = browse("lead").get(OVERVIEW).text
    assert "The budget for reading X lasts until about 6:" in page
    assert "Raise the cap (<code>monthly_budget_usd</code>), or read mentions only" in page
    assert "it would come to $184" in page
    assert "nothing is spent beyond the budget." in page


def test_at_the_cap_the_page_says_what_it_means(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    said = "The part of the month's budget that the hashtag may use is spent: it is not read any more."
    with store.write() as tx:
        hashtag = (t.source.c.network == "x") & (t.source.c.kind == "hashtag")
        tx.execute(update(t.source).where(hashtag).values(note=said))
    spend(store, 5.0, spent_usd=39.0)
    page = browse("lead").get(OVERVIEW).text
    assert "The budget for reading X is spent" in page
    assert "it is not read any more." in page
    assert "lasts until" not in page


def test_a_network_that_is_free_speaks_of_no_money(browse: SignIn, scene: Scene, store: Store) -> None:
    scene.networks()
    with store.write() as tx:
        tx.execute(update(t.network).values(paid=False, budget_usd=None))
    page = browse("lead").get(OVERVIEW).text
    assert "Spent" not in page
    assert "kept for posts" not in page
