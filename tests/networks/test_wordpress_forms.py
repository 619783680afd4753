"""On the site of [networks.wordpress]: the plugin, structured data and feeds are told from posts and each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import EntryPage, Source
from bot.core.oddities import NONE
from bot.networks.base import Options, RateLimited, Unavailable
from bot.networks.wordpress import WordPress
from tests.doubles.liveblog_plugin import Plugin, at
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, Site, site
from tests.networks.test_feed import ONE, TWO, rss, schema

POST = "/blog/live/"
ROOT_LINK = {"Link": '</wp-json/>; rel="https://api.w.org/"'}


class Reading:
    """A site with the plugin on one post, a feed, a page that is no post, and whatever `more` holds."""

    def __init__(self) -> None:
        self.now = at(12)
        self.plugin = Plugin(lambda: self.now)
        self.more = {"/feed/": Reply(200, rss(TWO, ONE), ROOT_LINK), "/live-data/": Reply(200, schema(TWO, ONE))}
        self.network: WordPress
        self.server: Site
        self.cursor = ""

    def answer(self, asked: Asked) -> Reply:
        """What the site answers."""
        return self.more.get(asked.path) or self.plugin.answer(asked)

    def read(self, path: str = POST, minutes: float = 0.5) -> EntryPage:
        """The live blog at that path after some minutes."""
        self.now += timedelta(minutes=minutes)
        source = Source(1, "wordpress", "liveblog", f"{self.server.url}{path}", "Europe/London")
        page = self.network.entries(source, self.cursor)
        self.cursor = page.cursor
        return page


@pytest.fixture
def there() -> Iterator[Reading]:
    made = Reading()
    with site(made.answer) as server:
        made.server = server
        made.network = WordPress(Options(server.url, deadline=5.0), DictMemory(), lambda: made.now)
        yield made
        made.network.close()


def test_a_post_with_the_plugin_is_read_by_its_api_with_edits_and_removals(there: Reading) -> None:
    one, two = there.plugin.insert("One", at(8)), there.plugin.insert("Two", at(9))
    page = there.read()
    assert ([entry.text for entry in page.entries], page.form) == (
        ["Two", "One"], "entries of WordPress's Liveblog plugin",
    )  # fmt: skip
    assert there.read().changed is False
    there.plugin.update(one, "One, mended")
    there.plugin.delete(two)
    page = there.read()
    assert ([entry.text for entry in page.entries], page.whole) == (["One, mended"], True)


def test_a_post_without_entries_waits_for_the_first_whichever_form_it_takes(there: Reading) -> None:
    assert there.read().entries == ()
    assert there.read().changed is False
    there.plugin.insert("Hello", there.now)
    assert [entry.text for entry in there.read().entries] == ["Hello"]


def test_where_the_plugin_is_on_the_site_a_typed_post_is_still_a_typed_post(there: Reading) -> None:
    there.plugin.content = "<h3>9:30am: Start</h3><p>Text</p>"
    page = there.read()
    assert [(entry.title, entry.key) for entry in page.entries] == [("Start", "")]
    assert page.marks is False


def test_a_plugin_switched_off_stops_its_source_alone_and_loses_nothing(there: Reading) -> None:
    there.plugin.insert("One", at(8))
    there.read()
    there.plugin.active = False
    with pytest.raises(Unavailable, match="has no Liveblog plugin any more"):
        there.read(minutes=5)
    there.plugin.active = True
    there.plugin.enabled = False
    with pytest.raises(Unavailable, match="does not show the entries of its Liveblog plugin"):
        there.read(minutes=70)
    there.plugin.enabled = True
    assert [entry.text for entry in there.read().entries] == ["One"]


def test_a_post_whose_page_tells_its_entries_as_structured_data_is_read_by_that(there: Reading) -> None:
    there.plugin.active = False
    page = there.plugin._page(Asked("GET", POST, {}, {"Host": "x"}, b""))
    links = {"Link": f'</wp-json/>; rel="https://api.w.org/", </wp-json/wp/v2/posts/{there.plugin.post}>; '
                     'rel="alternate"; type="application/json"'}  # fmt: skip
    there.more[POST] = Reply(200, page + schema(ONE), links)
    first = there.read()
    assert ([entry.key for entry in first.entries], first.whole) == (["e1"], False)
    there.more[POST] = Reply(200, page + schema(TWO, ONE), links)
    assert [entry.key for entry in there.read().entries] == ["e2", "e1"]
    assert json.loads(there.cursor)["page"]


@pytest.mark.parametrize(
    ("path", "form"), [("/feed/", "an RSS or Atom feed"), ("/live-data/", "a page with schema.org LiveBlogPosting")]
)
def test_a_feed_or_a_page_beside_the_posts_is_read_as_what_it_is(there: Reading, path: str, form: str) -> None:
    page = there.read(path)
    assert ([entry.key for entry in page.entries], page.form, page.whole) == (["e2", "e1"], form, False)
    assert there.read(path).changed is False


def test_what_is_no_post_has_no_comments_and_does_not_stop_the_site(there: Reading) -> None:
    source = Source(1, "wordpress", "comments", f"{there.server.url}/feed/")
    page = there.network.fetch(source, "")
    assert (page.items, page.covers.whole) == ((), False)
    assert page.note.endswith("is neither one post nor a list of posts. So it has no comments that could be read.")
    asked = len(there.server.asked)
    there.network.fetch(source, "")
    assert len(there.server.asked) == asked, "it is not asked again with every look"


def test_an_ordinary_post_is_no_live_blog_and_that_is_said(there: Reading) -> None:
    there.plugin.content = "<p>We planted forty trees. Thanks to all who came.</p>"
    page = there.read()
    assert (page.entries, page.doubts) == ((), (NONE,))


def test_a_page_that_cannot_be_fetched_leaves_its_post_as_it_is(there: Reading) -> None:
    there.plugin.content = "<p>We planted forty trees. Thanks to all who came.</p>"
    there.read()
    there.more[POST] = Reply(403, "no robots here")
    assert there.read(minutes=5).entries == ()
    there.more[POST] = Reply(429, "slowly", {"Retry-After": "60"})
    with pytest.raises(RateLimited):
        there.read(minutes=5)
