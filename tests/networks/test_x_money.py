"""What X costs: by its own meter, beside a naive poller's bill; under the cap whatever competes for the money."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tweepy

from bot.core.items import Action, Source
from bot.networks.base import NetworkFailure, NoAnswer, Refused
from bot.networks.x.money import Purse, TooDear
from tests.doubles.x_billing import Charge, Kind
from tests.doubles.x_faults import Fault
from tests.doubles.x_server import XServer
from tests.networks.memory import DictMemory
from tests.networks.x_scene import MENTIONS, START, TAG, US, Clock, Scene, open_x, rows_of_x, scene

POLLS = 2880
POSTS = 2000
RECHECK = 20  # polls from one re-check of the queue to the next
OPEN = 50  # questions in it, the newest
MONTHS = 1000


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        yield made


# A day


def _day(server: XServer, begins: datetime, seed: int) -> dict[str, datetime]:
    """A day of posts, evenly over a minute and unevenly over the day; each tenth mentions us, some come late."""
    draw = random.Random(seed)
    written = {}
    for number in range(POSTS):
        at = begins + timedelta(seconds=86400 * draw.random())
        name = f"@{US} " if number % 10 == 0 else ""
        seen = at + timedelta(seconds=draw.choice((0, 0, 0, 5, 45)))
        native = server.post(
            f"reader{number % 300}", f"{name}Is this question {number}? #QLabs", at=at, visible_at=seen
        )
        written[native] = at
    return written


def _naive(server: XServer, clock: Clock) -> None:
    """What a first attempt does: the newest hundred with their authors, at each turn."""
    client = tweepy.Client(server.app.bearer, return_type=dict)
    client.session.mount("https://api.twitter.com", _Redirect(server.url))
    for _ in range(POLLS):
        clock.forward(seconds=30)
        client.search_recent_tweets("#QLabs", max_results=100, expansions="author_id")


class _Redirect(tweepy.client.requests.adapters.HTTPAdapter):  # type: ignore[misc]
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: Any, **more: Any) -> Any:
        request.url = request.url.replace("https://api.twitter.com", self._url)
        return super().send(request, **more)


def _line(name: str, usd: float, note: str = "") -> str:
    return f"{name:<34} ${usd:>9.3f}  {note}"


def test_a_day_of_polls_pays_each_post_once_and_a_naive_poller_pays_more() -> None:
    begins = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # so that one midnight is within
    clock, memory = Clock(begins), DictMemory(1000)
    with XServer(clock) as server:
        written = _day(server, begins, seed=3)
        x = open_x(server, clock, memory, monthly_budget_usd=1000, reserve_for_posts_usd=0)
        rechecks: list[Charge] = []
        sources = [Source(one.id, "x", one.kind, one.address, "UTC", begins) for one in (MENTIONS, TAG)]
        cursors, seen = dict.fromkeys((1, 2), ""), set[str]()
        for poll in range(POLLS):
            clock.forward(seconds=30)
            if poll % RECHECK == RECHECK // 2:
                before = len(server.meter.charges)
                x.recheck(TAG, sorted(seen, key=int)[-OPEN:])
                rechecks += server.meter.charges[before:]
            for source in sources:
                more = True
                while more:
                    page = x.fetch(source, cursors[source.id])
                    cursors[source.id], more = page.cursor, page.more
                    seen |= {item.native_id for item in page.items}
        x.close()
        lost = {native for native, at in written.items() if at < clock() - timedelta(seconds=80)} - seen
        assert lost == set()
        reads = [charge for charge in server.meter.charges if charge.kind in (Kind.POST_READ, Kind.OWNED_READ)]
        first: dict[str, date] = {}
        late = [charge for charge in reads if first.setdefault(charge.resource, charge.at.date()) != charge.at.date()]
        again = [charge for charge in late if charge not in rechecks]
        unique = len(first)
        ratio = (len(reads) - len(late)) / unique
        ours = server.bill()
        assert memory.spent == pytest.approx(ours.total)
        overlap, checked = (sum(charge.micros for charge in some) / 1e6 for some in (again, rechecks))
    clock = Clock(begins)
    with XServer(clock) as server:
        _day(server, begins, seed=3)
        _naive(server, clock)
        naive = server.bill()
    owned = ours.lines[Kind.OWNED_READ]
    print(f"\n{POLLS} polls, {unique} posts: billed reads / unique posts within a UTC day = {ratio:.4f}")
    print(_line("posts by the hashtag", ours.lines[Kind.POST_READ].usd, f"{ours.lines[Kind.POST_READ].count} reads"))
    print(_line("posts by mention", owned.usd, f"{owned.count} reads"))
    print(_line("of these again after midnight", overlap, f"{len(again)} reads"))
    print(_line("of these by re-checks of the queue", checked, f"{len(rechecks)} reads, all after midnight"))
    print(_line("who we are", ours.lines[Kind.USER_READ].usd))
    print(_line("in all", ours.total))
    print(_line("a naive poller on the same day", naive.total, f"{naive.total / ours.total:.1f} times"))
    assert ratio <= 1.02
    assert len(again) <= 30
    assert {charge.at.date() for charge in rechecks} == {begins.date() + timedelta(days=1)}, "free on their own day"
    assert len(rechecks) <= OPEN
    assert naive.total > 1.5 * ours.total


# A thousand months


class _Meter(DictMemory):
    """A memory with months, as the row has."""

    def __init__(self, budget: float) -> None:
        super().__init__(budget)
        self.lowest = budget

    def settle(self, ticket: int, spent_usd: float | None) -> None:
        super().settle(ticket, spent_usd)
        self.lowest = min(self.lowest, self.budget)


def _month(seed: int) -> tuple[float, float, float]:
    """One month of random demands against a pretended X: what X bills, what we booked, the cap."""
    draw = random.Random(seed)
    cap = draw.choice((1.0, 5.0, 20.0, 50.0))
    reserve = cap * draw.choice((0.0, 0.2, 0.5))
    clock, memory = Clock(datetime(2026, 5, 1, tzinfo=UTC)), _Meter(cap)
    extra = {"monthly_budget_usd": cap, "reserve_for_posts_usd": reserve, "mentions_price": "owned"}
    purses = [Purse(memory, clock, extra) for _ in range(2)]  # two workers
    billed, paid, posts = 0.0, set[tuple[int, str]](), 0
    while clock().month == 5:
        clock.forward(minutes=draw.uniform(60, 600))
        purse = draw.choice(purses)
        what = draw.choice(("post", "owned", "create", "create_with_link", "delete"))
        reading = what in ("post", "owned")
        count = draw.choice((10, 100)) if reading else 1
        keep = purse.for_posts + (purse.for_mentions if what == "post" else 0.0) if reading else 0.0
        price = purse.prices[what]
        try:
            with purse.paying(count * price, keep) as bill:
                ids = [str(posts + draw.randrange(-50, 50)) for _ in range(draw.randrange(count + 1))]
                posts += len(ids) // 2
                new = {(clock().day, one) for one in ids} - paid if reading else {(0, str(draw.random()))}
                trouble = draw.random()
                if trouble < 0.03:
                    raise Refused("no")
                paid |= new
                billed += len(new) * price
                if trouble < 0.1:
                    raise NoAnswer("lost")
                bill.usd = purse.charge(ids, what) if reading else price
        except (TooDear, NetworkFailure):
            continue
    assert memory.lowest >= -1e-9
    return billed, memory.spent, cap


def test_a_thousand_months_stay_under_their_caps() -> None:
    months = [_month(seed) for seed in range(MONTHS)]
    assert all(billed <= spent + 1e-6 and spent <= cap + 1e-6 for billed, spent, cap in months)
    used = sum(billed / cap for billed, _, cap in months) / MONTHS
    booked = sum(spent / max(billed, 0.01) for billed, spent, _ in months) / MONTHS
    print(f"\n{MONTHS} months: none over its cap; {used:.0%} of the caps used; booked {booked:.3f} of what was billed")


def test_two_workers_at_once_stay_under_the_cap(tmp_path: Path) -> None:
    clock = Clock()
    cap, reserve = 3.0, 0.5
    with XServer(clock) as server:
        server.limiter.table.clear()
        for number in range(900):
            server.post("asha", f"Question {number}? #QLabs", at=START + timedelta(seconds=number))
        clock.forward(minutes=30)
        memory = rows_of_x(tmp_path, clock, cap)
        extra: dict[str, Any] = {"monthly_budget_usd": cap, "reserve_for_posts_usd": reserve}
        workers = [open_x(server, clock, memory, **extra) for _ in range(2)]
        server.faults.draw(7, 0.1, (Fault.HTML_503, Fault.HTML_200, Fault.RESET_AFTER, Fault.HALF))
        wrong: list[BaseException] = []

        def work(number: int) -> None:
            cursor, draw = "", random.Random(number)
            for turn in range(60):
                try:
                    if draw.random() < 0.3:
                        workers[number].send(_post(f"{turn:02}:{number:02} Coffee"))
                    else:
                        cursor = workers[number].fetch(TAG, cursor).cursor
                except NetworkFailure:
                    continue
                except BaseException as error:
                    wrong.append(error)
                    return

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        billed = server.bill().total
        for worker in workers:
            worker.close()
    print(f"\ntwo workers: billed ${billed:.3f} of ${cap:.2f}")
    assert billed > 1.0, "a lost answer is booked at its worst, but not all of them are lost"
    assert billed <= cap


def _post(text: str) -> Any:
    from bot.core.items import Delivery

    return Delivery(1, "x", Action.CREATE, text, text=text, started_at=START)
