"""What stands behind a page: microdata in it, and the feed that it links; and what looks like one and is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from bot.core.items import EntryPage, Source
from bot.networks.base import Options, Unavailable
from bot.networks.feed import Feed
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, Site, site
from tests.networks.test_feed import NOW, ONE, TWO, atom, json_feed, rss, schema

PAGE = "<!doctype html><html><head>{}</head><body><h1>Charity day</h1><p>All news of the day.</p></body></html>"
RSS = '<link rel="alternate" type="application/rss+xml" href="/live.xml">'


def serving(pages: Mapping[str, str]) -> Site:
    """A server that shows these; "HERE" in them is its own address, and what did not change is answered 304."""

    def answer(asked: Asked) -> Reply:
        if asked.path not in pages:
            return Reply(404, "")
        mark = f'"{hash(pages[asked.path])}"'
        if asked.headers.get("If-None-Match") == mark:
            return Reply(304)
        return Reply(200, pages[asked.path].replace("HERE", server.url), {"ETag": mark})

    server = Site(answer)
    return server


def reading(server: Site, cursor: str = "", path: str = "/live/") -> EntryPage:
    """One reading of the page at that path."""
    network = Feed(Options("", deadline=5.0), DictMemory(), lambda: NOW)
    try:
        return network.entries(Source(1, "feed", "liveblog", f"{server.url}{path}", "Europe/London"), cursor)
    finally:
        network.close()


def with_home(feed: str, home: str) -> str:
    """A feed that says which page it belongs to."""
    if feed.startswith("{"):
        return feed.replace('"title"', f'"home_page_url": "{home}", "title"', 1)
    link = f"<link href='{home}'/>" if "Atom" in feed else f"<link>{home}</link>"
    return feed.replace("<title>Live</title>", f"<title>Live</title>{link}", 1)


@pytest.mark.parametrize(
    ("kind", "write"),
    [("application/rss+xml", rss), ("application/atom+xml", atom), ("application/feed+json", json_feed)],
)
def test_a_page_without_entries_is_read_by_its_own_feed_and_then_only_if_that_changed(
    kind: str, write: Callable[..., str]
) -> None:
    link = f'<link rel="alternate" type="{kind}" href="/live.feed">'
    pages = {"/live/": PAGE.format(link), "/live.feed": with_home(write(ONE), "HERE/live")}
    server = serving(pages)
    first = reading(server)
    assert [entry.key for entry in first.entries] == ["e1"]
    assert reading(server, first.cursor).changed is False
    pages["/live.feed"] = with_home(write(TWO, ONE), "HERE/live")
    later = reading(server, first.cursor)
    assert [entry.key for entry in later.entries] == ["e2", "e1"]
    assert [asked.path for asked in server.asked] == ["/live/", "/live.feed", "/live.feed", "/live.feed"]
    server.close()


def test_the_feed_of_the_whole_site_is_not_that_of_one_page() -> None:
    server = serving({"/live/": PAGE.format(RSS), "/live.xml": with_home(rss(TWO, ONE), "HERE/")})
    page = reading(server)
    assert (page.entries, len(page.doubts)) == ((), 1)
    assert page.doubts[0].startswith("No live blog was found there")
    server.close()


def test_a_feed_of_comments_is_never_read_as_the_live_blog() -> None:
    comments = rss(("HERE/live/#comment-3", ONE[1], "By: Ada", "What about carers?"))
    server = serving({"/live/": PAGE.format(RSS), "/live.xml": with_home(comments, "HERE/live/")})
    assert reading(server).entries == ()
    with pytest.raises(Unavailable, match="lists what readers comment, not the entries"):
        reading(server, path="/live.xml")
    server.close()


def test_a_linked_feed_that_is_broken_or_missing_leaves_the_page_as_it_is() -> None:
    for feed in ({}, {"/live.xml": rss(ONE)[:120]}):
        server = serving({"/live/": PAGE.format(RSS), **feed})
        assert reading(server).doubts[0].startswith("No live blog was found there")
        server.close()


def test_a_page_may_not_lead_us_into_our_own_network() -> None:
    with site(lambda _: Reply(200, rss(ONE))) as inside:
        link = f'<link rel="alternate" type="application/rss+xml" href="{inside.url}/secret">'
        server = serving({"/live/": PAGE.format(link)})
        assert reading(server).entries == ()
        assert inside.asked == [], "another port of this machine is asked for nothing"
        server.close()


MICRODATA = """<!doctype html><html><body><div itemscope itemtype="https://schema.org/LiveBlogPosting">
<h1 itemprop="headline">Charity day</h1>
<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" id="block-2">
<h2 itemprop="headline">Coffee</h2><time itemprop="datePublished" datetime="2026-05-04T09:30:00+01:00">9:30</time>
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ada</b></span>
<div itemprop="articleBody"><p>Hot &amp; strong.</p><p>With cake. <img src="/cake.jpg" alt="A cake"></p></div></div>
<article itemprop="liveBlogUpdate" itemscope itemtype="http://schema.org/BlogPosting" itemid="/live/#block-1">
<meta itemprop="datePublished" content="2026-05-04T08:00:00Z"><p itemprop="articleBody">All are here.</p></article>
<p itemprop="liveBlogUpdate" itemscope itemtype="http://schema.org/BlogPosting">No time.</p>
</div></body></html>"""


def test_microdata_tells_what_json_would() -> None:
    server = serving({"/live/": MICRODATA})
    page = reading(server)
    assert [(e.key, e.time, e.title, e.text) for e in page.entries] == [
        ("block-2", "09:30", "Coffee", "Hot & strong.\nWith cake."),
        ("block-1", "09:00", "", "All are here."),
    ]
    assert [(p.url, p.alt) for p in page.entries[0].pictures] == [(f"{server.url}/cake.jpg", "A cake")]
    assert (page.form, page.whole) == ("a page with schema.org LiveBlogPosting", False)
    server.close()


def test_a_page_that_tells_its_entries_twice_has_each_once() -> None:
    said = schema(ONE) + MICRODATA.partition("<body>")[2]
    server = serving({"/live/": said})
    assert [entry.key for entry in reading(server).entries] == ["e1"]
    server.close()
