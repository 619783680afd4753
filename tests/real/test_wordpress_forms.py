"""Forms of live blog on a real WordPress: a post, the site's feed and that of comments are told from each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.core.oddities import NONE
from bot.networks.base import Options, Unavailable
from bot.networks.feed import Feed
from tests.networks.memory import DictMemory
from tests.real.reader import Open, liveblog_of
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real
TYPED = "<h2>14 July</h2><h3>10:00am: Coffee</h3><p>Hot.</p><h3>9:00am: Start</h3><p>All are here.</p>"
ORDINARY = "<p>We planted forty trees. Thanks to all who came.</p>"


@pytest.fixture
def feed() -> Iterator[Feed]:
    network = Feed(Options("", deadline=15.0), DictMemory(), lambda: datetime.now(UTC))
    yield network
    network.close()


def test_the_site_s_own_network_tells_a_post_from_a_feed(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post(TYPED, post_date="2017-07-14 08:00:00")
    wordpress.comment(post, "What about carers?")
    network = opened()
    typed = network.entries(liveblog_of(address), "")
    assert ([one.title for one in typed.entries], typed.whole) == (["Coffee", "Start"], True)
    listed = network.entries(liveblog_of(f"{wordpress.url}/feed/"), "")
    assert (len(listed.entries), listed.form, listed.whole) == (1, "an RSS or Atom feed", False)
    of_comments = network.entries(liveblog_of(f"{address}feed/"), "")
    assert [one.title for one in of_comments.entries] == ["Coffee", "Start"], "WordPress says that it is of this post"


def test_an_ordinary_post_is_no_live_blog_although_it_links_two_feeds(
    wordpress: RealWordPress, opened: Open, feed: Feed
) -> None:
    post, address = wordpress.post(ORDINARY, post_title="Our garden")
    wordpress.comment(post, "What about carers?")
    for network in (opened(), feed):
        page = network.entries(liveblog_of(address), "")
        assert (page.entries, page.doubts) == ((), (NONE,))
    with pytest.raises(Unavailable, match="lists what readers comment, not the entries"):
        feed.entries(liveblog_of(f"{address}feed/"), "")


def test_a_typed_post_and_a_feed_are_read_without_its_api_too(wordpress: RealWordPress, feed: Feed) -> None:
    _, address = wordpress.post(TYPED, post_date="2017-07-14 08:00:00")
    typed = feed.entries(liveblog_of(address), "")
    assert [(one.day, one.time, one.title) for one in typed.entries] == [
        ("2017-07-14", "10:00", "Coffee"),
        ("2017-07-14", "09:00", "Start"),
    ]
    listed = feed.entries(liveblog_of(f"{wordpress.url}/feed/"), "")
    assert listed.form == "an RSS or Atom feed"
    assert feed.entries(liveblog_of(f"{wordpress.url}/feed/"), listed.cursor).changed is False
