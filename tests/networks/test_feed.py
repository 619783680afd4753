"""Live blogs at any address: each form is found out and read, and what is broken or hostile is said in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.core.edits import Doubt, Known, compare
from bot.core.items import Action, Delivery, EntryPage, Source
from bot.networks.base import Options, RateLimited, Refused, Unavailable
from bot.networks.feed import Feed
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, Site, half_an_answer, site, talking

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Told = tuple[str, str, str, str]  # key, UTC time, title, text
ONE, TWO, THREE = (
    ("e1", "2026-05-04T08:00:00", "Hello", "All are here."),
    ("e2", "2026-05-04T08:30:00", "Coffee", "Hot & strong."),
    ("e3", "2026-05-04T09:15:00", "Talks", "The first begins."),
)


def rss(*told: Told) -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>{key}</guid><title>{title}</title><pubDate>"
        f"{datetime.fromisoformat(at):%a, %d %b %Y %H:%M:%S} GMT</pubDate><description><![CDATA[<p>{text}</p>]]>"
        "</description></item>"
        for key, at, title, text in told
    )
    return f"<rss version='2.0'><channel><title>Live</title>{items}</channel></rss>"


def atom(*told: Told) -> str:
    items = "".join(
        f"<entry><id>{key}</id><title>{title}</title><published>{at}Z</published><updated>{at}Z</updated>"
        f"<content type='text'>{text.replace('&', '&amp;')}</content></entry>"
        for key, at, title, text in told
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Live</title>{items}</feed>"


def json_feed(*told: Told) -> str:
    items = [
        {"id": key, "date_published": f"{at}Z", "title": title, "content_text": text} for key, at, title, text in told
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Live", "items": items})


def schema(*told: Told) -> str:
    updates = [
        {"@type": "BlogPosting", "@id": f"#{key}", "datePublished": f"{at}Z", "headline": title, "articleBody": text}
        for key, at, title, text in told
    ]
    graph = {"@graph": [{"@type": "WebSite"}, {"@type": ["LiveBlogPosting"], "liveBlogUpdate": updates}]}
    scripts = ('{"half": ', json.dumps(graph))
    return "<!doctype html><html><head>" + "".join(
        f'<script type="application/ld+json">{said}</script>' for said in scripts
    )


FORMS = {"an RSS or Atom feed": rss, "a JSON Feed": json_feed, "a page with schema.org LiveBlogPosting": schema}
ALL = [*FORMS.values(), atom]


class Shown:
    """What stands at the address now, and the network that reads it."""

    def __init__(self, server: Site) -> None:
        self.server = server
        self.network = Feed(Options("", deadline=5.0), DictMemory(), lambda: NOW)

    def read(self, cursor: str = "") -> EntryPage:
        """One reading."""
        return self.network.entries(Source(1, "feed", "liveblog", f"{self.server.url}/x", "Europe/London"), cursor)


@contextmanager
def shown(*bodies: str | bytes | Reply) -> Iterator[Shown]:
    """Each request gets the next of these, the last one again and again."""
    left = list(bodies)

    def answer(asked: Asked) -> Reply:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now if isinstance(now, Reply) else Reply(200, now, {"Content-Type": "text/html"})

    with site(answer) as server:
        made = Shown(server)
        yield made
        made.network.close()


@pytest.mark.parametrize("write", ALL)
def test_every_form_gives_the_same_entries(write: Callable[..., str]) -> None:
    with shown(write(TWO, ONE)) as there:
        page = there.read()
    found = [(e.day, e.time, e.at, e.title, e.text, e.key) for e in page.entries]
    day = "2026-05-04"
    assert found == [
        (day, "09:30", datetime(2026, 5, 4, 8, 30, tzinfo=UTC), "Coffee", "Hot & strong.", "e2"),
        (day, "09:00", datetime(2026, 5, 4, 8, 0, tzinfo=UTC), "Hello", "All are here.", "e1"),
    ]
    assert (page.newest_first, page.whole, page.doubts) == (True, False, ())
    assert page.form in FORMS


@pytest.mark.parametrize("write", [atom, json_feed])
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_what_programs_write_where_there_is_no_date_is_none(write: Callable[..., str], at: str) -> None:
    with shown(write(("e2", at, "Coffee", "Hot."), ONE)) as there:
        assert [entry.at for entry in there.read().entries] == [NOW, datetime(2026, 5, 4, 8, 0, tzinfo=UTC)]


@pytest.mark.parametrize("write", ALL)
def test_over_a_life_each_entry_is_new_once_edits_are_edits_and_order_is_nothing(write: Callable[..., str]) -> None:
    edited = ("e2", TWO[1], "Coffee", "Cold by now.")
    saves = [(), (ONE,), (TWO, ONE), (ONE, TWO), (edited, ONE), (THREE, edited, ONE), (THREE, edited)]
    known: list[Known] = []
    new: list[str] = []
    changed: list[str] = []
    gone: list[Known] = []
    doubts: list[Doubt] = []
    cursor = ""
    with shown(*(write(*save) for save in saves)) as there:
        for _ in saves:
            page = there.read(cursor)
            cursor = page.cursor
            found = compare(known, page)
            ids = {entry.key: stored.id for stored, entry in (*found.same, *found.edited)}
            for entry in found.new:
                ids[entry.key] = len(ids) + 10
            known = [one for one in known if one.key not in ids] + [
                Known(ids[e.key], e.day, e.time, e.title, e.text, e.key, e.pictures, n)
                for n, e in enumerate(page.entries)
            ]
            new += [e.key for e in found.new]
            changed += [e.key for _, e in found.edited]
            gone += found.gone
            doubts += found.doubts
    assert new == ["e1", "e2", "e3"]
    assert changed == ["e2"]
    assert (gone, [one.kind for one in doubts if one.kind != "page"]) == ([], [])


def test_what_did_not_change_is_not_fetched_again() -> None:
    whole = Reply(200, rss(ONE), {"ETag": '"a"', "Last-Modified": "Mon, 04 May 2026 08:00:00 GMT"})
    with shown(whole, Reply(304)) as there:
        first = there.read()
        again = there.read(first.cursor)
        asked = there.server.asked[1].headers
    assert (len(first.entries), again.changed, again.cursor) == (1, False, first.cursor)
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"a"', "Mon, 04 May 2026 08:00:00 GMT")


def test_an_item_without_a_date_keeps_the_time_at_which_it_was_first_seen() -> None:
    bare = '{{"version": "https://jsonfeed.org/version/1", "items": [{{"id": 7, "content_text": "{}"}}]}}'
    with shown(bare.format("One"), bare.format("Two")) as there:
        first = there.read()
        there.network._documents._now = lambda: datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
        later = there.read(first.cursor)
    assert [(e.key, e.at, e.text) for e in later.entries] == [("7", NOW, "Two")]


BOMB = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOMB + rss(ONE), "declares entities"),
        ((BOMB + rss(ONE)).encode("utf-16"), "declares entities"),
        (rss(ONE, TWO)[:200], "broken XML"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "no list of items"),
        (b"x" * (9 * 2**20), "too large"),
        (Reply(404, "gone"), "HTTP 404: check the address"),
        (Reply(500, ""), "HTTP 500"),
    ],
)
def test_what_is_broken_or_hostile_is_said_and_nothing_is_lost(body: str | bytes | Reply, words: str) -> None:
    with shown(rss(ONE), body, rss(TWO, ONE)) as there:
        cursor = there.read().cursor
        with pytest.raises(Unavailable, match=words):
            there.read(cursor)
        assert len(there.read(cursor).entries) == 2


def test_half_an_answer_and_a_limit_are_met() -> None:
    with shown(Reply(429, "", {"Retry-After": "60"})) as there, pytest.raises(RateLimited) as limited:
        there.read()
    assert limited.value.until > NOW
    with talking(half_an_answer) as port:
        network = Feed(Options("", deadline=2.0), DictMemory(), lambda: NOW)
        with pytest.raises(Unavailable, match="broke off"):
            network.entries(Source(1, "feed", "liveblog", f"http://127.0.0.1:{port}/x"), "")
        network.close()


def test_a_page_of_no_form_gets_one_clear_sentence() -> None:
    with shown("<!doctype html><html><body><h1>About us</h1><p>We are nice.</p></body></html>") as there:
        page = there.read()
    assert (page.entries, page.form, len(page.doubts)) == ((), "", 1)
    assert "no feed (RSS, Atom, JSON)" in page.doubts[0]


def test_a_live_blog_that_changes_its_form_is_not_read_on() -> None:
    by_hand = "<!doctype html><html><body><h2>4 May</h2><h3>9:30am: Coffee</h3><p>Hot.</p></body></html>"
    with shown(rss(ONE), by_hand) as there:
        page = there.read(there.read().cursor)
    assert (page.entries, page.whole) == ((), False)
    assert page.doubts == (
        "The live blog was an RSS or Atom feed and is now a page with times typed by hand: "
        "give its new address in the settings.",
    )


def test_a_page_typed_by_hand_tells_removals_too() -> None:
    page = "<!doctype html><html><body><h2>4 May</h2>{}</body></html>"
    both = page.format("<h3>9:30am: Coffee</h3><p>Hot.</p><h3>9:00am: Hello</h3><p>All.</p>")
    with shown(both, page.format("<h3>9:30am: Coffee</h3><p>Hot.</p>")) as there:
        first = there.read()
        later = there.read(first.cursor)
    assert (len(first.entries), len(later.entries), later.whole) == (2, 1, True)
    assert later.form == "a page with times typed by hand"


def test_nothing_can_be_posted_to_a_feed() -> None:
    network = Feed(Options(""), DictMemory(), lambda: NOW)
    with pytest.raises(Refused):
        network.send(Delivery(1, "feed", Action.CREATE, "k", "Words"))
    assert network.find(Delivery(1, "feed", Action.CREATE, "k", "Words")) is None
    assert (network.acts, network.limits().cost_usd) == (frozenset(), 0)
    network.close()
