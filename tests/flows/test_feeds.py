"""From a live blog at any address to posts: each form over a whole life, through the real flow."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import announce
from bot.core.limits import default_limits
from bot.networks import open_network
from bot.networks.base import Options
from bot.store import ledger, networks
from bot.store.events import SourcePlan
from bot.store.tables import source
from tests.doubles.liveblog_plugin import Plugin
from tests.flows.house import EVERY, POSTERS, START, TIMING, House, house, plan
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, site
from tests.networks.test_feed import ALL, ONE, THREE, TWO, Told, rss

EDITED: Told = ("e2", TWO[1], "Coffee", "Cold by now, and there is no more of it.")
LATE: Told = ("e4", "2026-05-04T08:15:00", "Singing", "The choir of the school opens the day.")
SLOW = 70.0  # seconds between two looks of these tests: more than the grace
LIFE = {
    "first contact": (ONE,),
    "one more": (TWO, ONE),
    "the other way round": (ONE, TWO),
    "mended": (EDITED, ONE),
    "written late": (EDITED, LATE, ONE),
    "the newest": (THREE, EDITED, LATE, ONE),
    "taken off": (THREE, LATE, ONE),
}


class Shown:
    """What stands at the address; an answer that did not change is 304. `told` counts whole answers."""

    whole = False  # whether what is missing is gone

    def __init__(self, write: Callable[..., str]) -> None:
        self.write = write
        self.told: list[int] = []
        self.now = ""

    def show(self, *told: Told) -> None:
        """It is saved."""
        self.now = self.write(*told)

    def answer(self, asked: Asked) -> Reply:
        """The whole of it, or that it is as before."""
        mark = f'"{hashlib.sha256(self.now.encode()).hexdigest()}"'
        self.told.append(304 if asked.headers.get("If-None-Match") == mark else 200)
        return Reply(
            self.told[-1], "" if self.told[-1] == 304 else self.now, {"ETag": mark, "Content-Type": "text/html"}
        )


class Plugged:
    """The plugin's API: every save becomes what an editor does there. `told` are the times all pages were read."""

    whole = True

    def __init__(self) -> None:
        self.home: House | None = None
        self.plugin = Plugin(lambda: self.home.clock() if self.home else START)
        self.answer = self.plugin.answer
        self.known: dict[str, tuple[int, str]] = {}

    def show(self, *told: Told) -> None:
        """Insert, update and delete until it is so."""
        for key, _, title, text in sorted(told, key=lambda one: one[1]):
            words = f"<b>{title}</b><br>{text}"
            number, before = self.known.get(key, (0, ""))
            if not number:
                number = self.plugin.insert(words)  # the plugin gives every entry the time of its writing
            elif words != before:
                self.plugin.update(number, words)
            self.known[key] = (number, words)
        for key in self.known.keys() - {one[0] for one in told}:
            self.plugin.delete(self.known.pop(key)[0])

    @property
    def told(self) -> list[int]:
        """One 200 for each time that all was read, one 304 for each that only the changes were."""
        full, looks = (self.plugin.asked.get(name, 0) for name in ("pages", "changes"))
        return [200] * full + [304] * (looks - full)


def by_hand(*told: Told) -> str:
    """Headings with a time in London, as an editor types them."""
    rows = "".join(
        f"<h3>{datetime.fromisoformat(at).hour + 1}:{at[14:16]}am: {title}</h3><p>{text.replace('&', '&amp;')}</p>"
        for _, at, title, text in told
    )
    return f"<!doctype html><html><body><h1>Live blog</h1><h2>4 May 2026</h2>{rows}</body></html>"


class Typed(Shown):
    """A page typed by hand."""

    whole = True

    def __init__(self) -> None:
        super().__init__(by_hand)


FORMS: dict[str, Callable[[], Shown | Plugged]] = {
    **{write.__name__: partial(Shown, write) for write in ALL},
    "by_hand": Typed,
    "plugin": Plugged,
}


@contextmanager
def reading(folder: Path, shown: Shown | Plugged, name: str = "feed", **options: object) -> Iterator[House]:
    """A house whose live blog stands at an address of its own, or on the site of its own WordPress (`name`)."""
    with site(shown.answer) as server:
        sources = (SourcePlan(name, "liveblog", f"{server.url}/blog/live/", EVERY, START),)
        with house(folder, plan(sources=sources, **options)) as home:
            if isinstance(shown, Plugged):
                shown.home = home
            with home.store.write() as tx:
                networks.ensure(tx, "feed", default_limits("feed"))
            options_of = Options(server.url, deadline=1.0)
            home.networks[name] = open_network(name, options_of, DictMemory(), home.clock)
            yield home


def pass_time(home: House, times: int = 1, name: str = "feed", seconds: float = SLOW) -> None:
    """The live blog is read and what is due is sent, some times over; the other networks have nothing to read here."""
    for _ in range(times):
        home.clock.go(seconds)
        while announce.read_blog(home.store, home.networks[name], name, TIMING):
            pass
        home.send()


def _kinds(home: House) -> Counter[tuple[str, str]]:
    return Counter((row.kind, row.state) for row in home.posts())


def _doubts(home: House) -> list[str]:
    with home.store.read() as tx:
        return [row.sentence for row in ledger.doubts(tx, 1)]


def _note(home: House) -> str:
    with home.store.read() as tx:
        return str(tx.execute(select(source.c.note).where(source.c.kind == "liveblog")).scalar_one())


@pytest.mark.parametrize(("name", "form"), [*(("feed", form) for form in FORMS), ("wordpress", "plugin")])
def test_over_a_life_each_entry_goes_out_once_edits_and_removals_wait_for_a_person(
    tmp_path: Path, name: str, form: str
) -> None:
    shown = FORMS[form]()
    with reading(tmp_path, shown, name) as home:
        for step, told in LIFE.items():
            shown.show(*told)
            pass_time(home, 2, name)
            if step == "first contact":
                assert home.posts() == [], "what was there before us is not announced"
        waits = {("correction", "draft"): 1}
        if shown.whole:  # the correction of what is gone has no purpose any more
            waits = {("correction", "withdrawn"): 1, ("withdrawal", "draft"): 1}
        assert _kinds(home) == {("update", "approved"): 3, **waits}
        for poster in POSTERS:
            sent = home.sent(poster)
            assert [word for text in sent for word in ("Coffee", "Singing", "Talks") if word in text] == [
                "Coffee", "Singing", "Talks",
            ]  # fmt: skip
        assert _doubts(home) == []
        quiet = shown.told.count(304)
        # (The plugin cannot show another order, and is read whole every three minutes: as often, here.)
        assert (len(shown.told) - quiet, quiet) == (len(LIFE), len(LIFE))


def test_a_feed_that_breaks_and_comes_back_loses_and_repeats_nothing(tmp_path: Path) -> None:
    shown = Shown(rss)
    with reading(tmp_path, shown) as home:
        shown.show(ONE)
        pass_time(home)
        shown.now = rss(TWO, ONE)[:150]
        pass_time(home, 2)
        shown.now = "<!doctype html><html><body><h1>Under maintenance</h1></body></html>"
        pass_time(home, 2)
        shown.show(TWO, ONE)
        pass_time(home, 3, seconds=SLOW * 5)
        assert [len(home.sent(name)) for name in POSTERS] == [1, 1, 1]


NO_LIVE_BLOG = {
    "ordinary": "<h1>Our new garden</h1><p>We planted forty trees. Volunteers came from all over town.</p>",
    "agenda": "<h1>Agenda</h1><h3>9:00 Welcome</h3><h3>9:30 Keynote</h3><h3>11:00 Coffee</h3><h3>12:00 Lunch</h3>",
    "opening hours": "<h1>Opening hours</h1><p>Mon 9:00 – 17:00</p><p>Tue 9:00 – 17:00</p><p>Wed 10:00 – 12:00</p>",
}


@pytest.mark.parametrize("page", NO_LIVE_BLOG)
def test_what_is_no_live_blog_is_said_in_a_sentence_and_nothing_is_posted(tmp_path: Path, page: str) -> None:
    shown = Shown(lambda: f"<!doctype html><html><body>{NO_LIVE_BLOG[page]}</body></html>")
    with reading(tmp_path, shown) as home:
        shown.show()
        pass_time(home, 3)
        assert home.posts() == []
        assert len(_doubts(home)) == 1
        assert _note(home) == _doubts(home)[0], "and it stays with the source while nothing changes"


def test_of_key_events_only_those_go_out_also_when_they_are_marked_later(tmp_path: Path) -> None:
    shown = Plugged()
    only = {"mode": "grace", "seconds": 60, "networks": list(POSTERS), "only_key_events": True}
    with reading(tmp_path, shown, announce=only) as home:
        plugin = shown.plugin
        plugin.insert("/key Here before us.")
        pass_time(home)
        tea, vote = plugin.insert("Tea is served in the hall."), plugin.insert("/key The vote is in.")
        pass_time(home, 2)
        assert [len(home.sent(name)) for name in POSTERS] == [1, 1, 1]
        assert "The vote is in." in home.sent("mastodon")[0]
        assert "/key" not in home.sent("mastodon")[0]
        plugin.update(tea, "/key Tea is served, by the minister herself.")
        pass_time(home, 2)
        assert [len(home.sent(name)) for name in POSTERS] == [2, 2, 2]
        plugin.delete_key(vote)
        plugin.delete(tea)
        pass_time(home, 2)
        assert _kinds(home) == {("update", "approved"): 2, ("withdrawal", "draft"): 1}, "unmarked is not removed"


def test_a_form_that_marks_no_key_events_announces_none_and_says_why(tmp_path: Path) -> None:
    shown = Shown(rss)
    only = {"mode": "grace", "seconds": 60, "networks": list(POSTERS), "only_key_events": True}
    with reading(tmp_path, shown, announce=only) as home:
        for told in ((ONE,), (TWO, ONE)):
            shown.show(*told)
            pass_time(home, 2)
        assert home.posts() == []
        assert _note(home).startswith("Only key events are announced, and no entry of this live blog is marked as one")
