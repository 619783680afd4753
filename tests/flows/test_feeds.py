"""From a live blog at any address to posts: each form over a life, through the real flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.limits import default_limits
from bot.networks.base import Options
from bot.networks.feed import Feed
from bot.store import networks
from bot.store.events import SourcePlan
from tests.flows.house import EVERY, POSTERS, START, House, house, plan
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, site
from tests.networks.test_feed import ALL, ONE, THREE, TWO, Told, rss

EDITED = ("e2", TWO[1], "Coffee", "Cold by now.")


@dataclass
class Blog:
    """What the address shows, and the house that reads it."""

    home: House
    shows: str = ""

    def save(self, shows: str, ticks: int = 10) -> None:
        """It changes, and time passes until what follows from it is out."""
        self.shows = shows
        self.home.tick(times=ticks)


@contextmanager
def reading(folder: Path) -> Iterator[Blog]:
    """A house whose live blog stands at an address of its own."""
    with site(lambda _: Reply()) as server:
        sources = (SourcePlan("feed", "liveblog", f"{server.url}/x", EVERY, START),)
        with house(folder, plan(sources=sources)) as home:
            blog = Blog(home)

            def answer(asked: Asked) -> Reply:
                return Reply(200, blog.shows, {"Content-Type": "text/html"})

            server.answer = answer
            with home.store.write() as tx:
                networks.ensure(tx, "feed", default_limits("feed"))
            home.networks["feed"] = Feed(Options("", deadline=1.0), DictMemory(), home.clock)
            yield blog


def _kinds(home: House) -> Counter[tuple[str, str]]:
    return Counter((row.kind, row.state) for row in home.posts())


@pytest.mark.parametrize("write", ALL)
def test_each_entry_goes_out_once_an_edit_is_a_correction_and_order_is_nothing(
    tmp_path: Path, write: Callable[..., str]
) -> None:
    with reading(tmp_path) as blog:
        blog.save(write(ONE), ticks=2)
        assert blog.home.posts() == [], "what was there at first contact is not announced"
        saves: tuple[tuple[Told, ...], ...] = ((TWO, ONE), (ONE, TWO), (EDITED, ONE), (THREE, EDITED))
        for save in saves:
            blog.save(write(*save))
        assert _kinds(blog.home) == {("update", "approved"): 2, ("correction", "draft"): 1}
        for name in POSTERS:
            first, second = blog.home.sent(name)
            assert "Coffee" in first
            assert "Talks" in second


def test_an_entry_taken_off_a_page_typed_by_hand_is_put_before_a_person(tmp_path: Path) -> None:
    page = "<!doctype html><html><body><h2>4 May 2026</h2>{}</body></html>"
    hello, coffee = "<h3>9:00am: Hello</h3><p>All are here.</p>", "<h3>9:30am: Coffee</h3><p>Hot and strong.</p>"
    with reading(tmp_path) as blog:
        blog.save(page.format(hello), ticks=2)
        blog.save(page.format(coffee + hello))
        blog.save(page.format(hello))
        assert _kinds(blog.home) == {("update", "approved"): 1, ("withdrawal", "draft"): 1}


def test_a_feed_that_breaks_and_comes_back_loses_and_repeats_nothing(tmp_path: Path) -> None:
    with reading(tmp_path) as blog:
        blog.save(rss(ONE), ticks=2)
        blog.save(rss(TWO, ONE)[:150], ticks=3)
        blog.save("<!doctype html><html><body><h1>Under maintenance</h1></body></html>", ticks=3)
        blog.save(rss(TWO, ONE), ticks=30)
        assert [len(blog.home.sent(name)) for name in POSTERS] == [1, 1, 1]
