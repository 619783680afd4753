"""What each call to X is booked at, and what is done and said as the budget comes to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.items import Item
from bot.core.unlinking import unlinked
from bot.networks.base import NoAnswer, OutOfMoney, Refused, Unavailable
from bot.networks.x.money import Purse
from tests.doubles.x_billing import Kind
from tests.doubles.x_faults import Fault
from tests.networks.x_scene import MENTIONS, START, TAG, US, Clock, Scene, rows_of_x, scene


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        yield made


def test_at_the_cap_the_search_stops_first_then_mentions_and_posts_go_on() -> None:
    with scene(budget=1.6, monthly_budget_usd=1.6, reserve_for_posts_usd=0.5) as here:
        for number in range(400):
            here.server.post("asha", f"Question {number}? #QLabs", at=START + timedelta(seconds=number))
        here.server.post("bryn", f"@{US} and you?", at=START + timedelta(seconds=500))
        here.clock.forward(minutes=20)
        stored: list[Item] = []
        while (page := here.page()).items:
            stored += page.items
        assert "hashtag may use is spent" in page.note
        assert "1 June (UTC)" in page.note
        assert not page.more
        assert len({item.native_id for item in stored}) == len(stored) < 400
        assert len(here.read(MENTIONS)) == 1
        for number in range(60):
            here.server.post("bryn", f"@{US} and you {number}?", at=START + timedelta(minutes=19, seconds=number))
        here.memory.budget = 0.5  # reading has used up all that it may
        page = here.page(MENTIONS)
        assert (page.items, page.more) == ((), False)
        assert "mentions are not read any more" in page.note
        assert here.x.recheck(TAG, ["1"]) == []
        assert here.x.send(here.delivery()).remote_id
        here.memory.budget = 5.0
        assert len([*stored, *here.read()]) == 400, "the sweep goes on where it stood"


def test_with_little_left_pages_become_small() -> None:
    with scene(budget=0.06, monthly_budget_usd=0, reserve_for_posts_usd=0) as here:
        for number in range(30):
            here.server.post("asha", f"Question {number}? #QLabs", at=START + timedelta(seconds=number))
        here.clock.forward(minutes=5)
        assert len(here.page().items) == 10
        assert here.page().items == ()
        assert here.memory.spent == pytest.approx(0.05)


def test_without_money_a_post_is_not_sent_and_the_network_stops() -> None:
    with scene(budget=0.02) as here:
        here.x.account.prove()
        with pytest.raises(OutOfMoney, match="raise monthly_budget_usd"):
            here.x.send(here.delivery())
        assert here.server.called("POST /2/tweets") == []


def test_an_address_as_words_has_the_price_of_a_plain_post_and_is_found_again(here: Scene) -> None:
    here.x.account.prove()
    text = unlinked("14:05 Slides: https://q.org/slides and q.org")
    here.server.faults.next(Fault.HTML_503_AFTER, "POST /2/tweets")
    with pytest.raises(NoAnswer):
        here.x.send(here.delivery(text))
    found = here.x.find(here.delivery(text))
    assert found is not None
    bill = here.server.bill()
    assert (bill.count(Kind.POST), bill.count(Kind.POST_WITH_LINK)) == (1, 0)
    assert here.memory.spent == pytest.approx(bill.total)


def test_prices_and_length_of_the_settings_are_booked_and_shown() -> None:
    with scene(prices={"create": 0.02, "create_with_link": 0.3}, length=400) as here:
        here.server.account(US).premium = True
        here.x.account.prove()
        before = here.memory.spent
        here.x.send(here.delivery("word " * 70))
        here.x.send(here.delivery("14:05 Slides: q.org/slides"))
        assert here.memory.spent - before == pytest.approx(0.32)
        limits = here.x.limits()
        assert (limits.length, limits.cost_usd, limits.cost_with_link_usd) == (400, 0.02, 0.3)


def test_a_link_is_booked_at_its_own_price_and_a_refused_post_at_none(here: Scene) -> None:
    here.x.account.prove()
    before = here.memory.spent
    here.x.send(here.delivery("14:05 Slides: q.org/slides"))
    assert here.memory.spent - before == pytest.approx(0.2)
    with pytest.raises(Refused):
        here.x.send(here.delivery("14:05 Slides: q.org/slides", key="other"))
    look_back = 0.001  # the refusal of a duplicate is looked up on our own timeline
    assert here.memory.spent - before == pytest.approx(0.2 + look_back)
    assert here.memory.spent == pytest.approx(here.server.bill().total)


def test_after_a_lost_answer_a_page_risks_little_until_one_comes_whole(here: Scene) -> None:
    for number in range(200):
        here.server.post("asha", f"Question {number}? #QLabs", at=START + timedelta(seconds=number))
    here.clock.forward(minutes=10)
    here.page()
    here.server.faults.next(Fault.HTML_200, "GET /2/tweets/search/recent", times=3)
    lost = []
    for _ in range(3):
        before = here.memory.spent
        with pytest.raises(Unavailable):
            here.page()
        lost.append(round(here.memory.spent - before, 6))
    assert lost == [0.5, 0.05, 0.05]
    assert len(here.page().items) == 10
    assert len(here.page().items) == 100


def test_a_month_that_turns_during_a_call_owes_nothing(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC))
    memory = rows_of_x(tmp_path, clock, 50.0)
    with Purse(memory, clock, {}).paying(0.5) as bill:
        clock.forward(seconds=2)
        assert memory.reserve(49.9)
        bill.usd = 0.01
    assert not memory.reserve(50.0)
