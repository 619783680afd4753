"""Comments under what a real WordPress cannot be made to do: shifting pages, bad comments, odd markup."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import pytest

from bot.core.items import Covers, Standing
from bot.networks.base import (
    Misconfigured,
    Unavailable,
)
from bot.networks.wordpress import WordPress
from bot.networks.wordpress import comments as forms
from tests.networks.blog import (
    FakeBlog,
    comment,
    comments_of,
    only_comments,
    open_at,
    refusal,
)
from tests.networks.servers import (
    Asked,
)


def test_the_first_read_of_up_to_a_hundred_comments_is_whole_and_later_ones_are_one_request(
    there: FakeBlog, network: WordPress
) -> None:
    there.comments = [comment(number) for number in range(100, 0, -1)]
    first = network.fetch(comments_of(there), "")
    assert (len(first.items), first.covers, first.more) == (100, Covers(whole=True), False)
    before = len(there.asked)
    second = network.fetch(comments_of(there), first.cursor)
    assert (second.items, second.covers) == (first.items, Covers(whole=True))
    assert len(there.asked) == before + 1


def test_more_than_a_page_is_believed_while_the_count_adds_up_and_covers_only_what_was_seen(there: FakeBlog) -> None:
    network = open_at(there.server.url, per_page=10)
    there.comments = [comment(number) for number in range(25, 0, -1)]
    first = network.fetch(comments_of(there), "")
    assert (len(first.items), first.covers.whole) == (25, True)
    there.comments.insert(0, comment(26))
    second = network.fetch(comments_of(there), first.cursor)
    assert len(second.items) == 10
    assert second.covers.ids == {forms.native_id(network.key, number) for number in range(17, 26)}
    del there.comments[20]
    third = network.fetch(comments_of(there), second.cursor)
    assert (len(third.items), third.covers.whole) == (25, True)
    network.close()


def test_pages_that_shift_once_are_walked_again(there: FakeBlog) -> None:
    network = open_at(there.server.url, per_page=10)
    there.comments = [comment(number) for number in range(25, 0, -1)]

    def shift(asked: Asked) -> None:
        if asked.query.get("page") == "2" and len(there.comments) == 25:
            del there.comments[0]  # number 15 slides to page one, unseen

    there.instead = shift
    page = network.fetch(comments_of(there), "")
    assert page.covers.whole
    assert {item.native_id for item in page.items} == {forms.native_id(network.key, n) for n in range(1, 25)}
    network.close()


def test_pages_that_never_stand_still_lose_nothing_and_hide_nothing(there: FakeBlog) -> None:
    network = open_at(there.server.url, per_page=10)
    numbers = itertools.count(26)
    there.comments = [comment(number) for number in range(25, 0, -1)]

    def restless(asked: Asked) -> None:
        if "/wp/v2/comments" in asked.path:
            there.comments.insert(0, comment(next(numbers)))

    there.instead = restless
    page = network.fetch(comments_of(there), "")
    assert (page.covers, page.more) == (Covers(), True)
    assert len({item.native_id for item in page.items}) == len(page.items)
    there.instead = lambda asked: None
    assert network.fetch(comments_of(there), page.cursor).covers.whole
    network.close()


def test_a_plugin_that_hides_comments_but_counts_them_does_not_keep_us_walking(
    there: FakeBlog, network: WordPress
) -> None:
    there.comments = [comment(number) for number in (3, 2, 1)]
    there.counted = 4
    first = network.fetch(comments_of(there), "")
    assert (len(first.items), first.covers.whole, first.more) == (3, True, False)
    before = len(there.asked)
    assert network.fetch(comments_of(there), first.cursor).covers.whole
    assert len(there.asked) == before + 1


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", '{"ids": 3}', "null"])
def test_a_cursor_that_cannot_be_read_is_a_first_contact(there: FakeBlog, network: WordPress, cursor: str) -> None:
    there.comments = [comment(1)]
    assert network.fetch(comments_of(there), cursor).covers.whole


@pytest.mark.parametrize(
    "bad",
    [
        comment(2, content=None),
        comment(2, content={"rendered": 7}),
        comment(2, parent="x"),
        comment(2, author_name=["x"]),
        {**comment(2), "id": None},
        {**comment(2), "id": True},
        {"id": 2},
        "not even an object",
        None,
        comment(2, content={"rendered": None}, author_name="x" * 200_000),
    ],
)
def test_a_bad_comment_is_set_aside_without_what_is_private_and_the_rest_goes_on(
    there: FakeBlog, network: WordPress, bad: Any
) -> None:
    there.comments = [comment(3), bad, comment(1)]
    page = network.fetch(comments_of(there), "")
    assert [item.native_id.rsplit("-", 1)[1] for item in page.items] == ["3", "1"]
    assert len(page.poison) == 1
    assert page.covers.whole
    assert len(page.poison[0].raw.encode()) <= 64 * 1024
    for private in ("canary", "Canary", "203.0.113.77"):
        assert private not in repr(page)
    again = network.fetch(comments_of(there), page.cursor)
    assert again.poison == page.poison


def test_times_that_cannot_be_read_are_no_time(there: FakeBlog, network: WordPress) -> None:
    there.comments = [comment(n, date_gmt=at) for n, at in ((3, "0000-00-00T00:00:00"), (2, None), (1, "2030-01-01T"))]
    assert [item.written_at for item in network.fetch(comments_of(there), "").items] == [None] * 3


def test_what_we_ask_for_holds_nothing_private(there: FakeBlog, network: WordPress) -> None:
    network.fetch(comments_of(there), "")
    fields = [asked.query["_fields"] for asked in there.asked if "/wp/v2/comments" in asked.path]
    assert fields
    assert not any(word in field for field in fields for word in ("email", "ip", "agent", "avatar", "url"))


def test_no_log_holds_credentials_or_what_visitors_wrote(
    there: FakeBlog, network: WordPress, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there.comments = [comment(1, "secret words")]
    network.fetch(comments_of(there), "")
    basic = there.asked[0].headers["Authorization"].removeprefix("Basic ")
    assert not any(word in caplog.text for word in (basic, "canary", "secret words"))


def test_a_recheck_tells_hidden_from_gone_and_from_a_site_that_shuts_everyone_out(
    there: FakeBlog, network: WordPress
) -> None:
    there.comments = [comment(1), comment(2, status="spam"), comment(3, status="hold")]
    ids = [forms.native_id(network.key, number) for number in (1, 2, 3, 4)]
    standings = [one.standing for one in network.recheck(comments_of(there), ids)]
    assert standings == [Standing.PUBLIC, Standing.HIDDEN, Standing.HELD, Standing.GONE]
    for code, expected in (("rest_cannot_read", Standing.HIDDEN), ("rest_comment_invalid_id", Standing.GONE)):
        there.instead = lambda asked, code=code: (  # type: ignore[misc]
            refusal(401 if code == "rest_cannot_read" else 404, code) if "/comments/" in asked.path else None
        )
        assert network.recheck(comments_of(there), ids[3:])[0].standing is expected
    there.instead = lambda asked: refusal(401, "rest_not_logged_in")
    with pytest.raises(Misconfigured):
        network.recheck(comments_of(there), ids)
    there.instead = only_comments(refusal(403, "some_plugin_says_no"))
    with pytest.raises(Unavailable, match="some_plugin_says_no"):
        network.recheck(comments_of(there), ids)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>It&#8217;s &amp; more<br />\nnext</p>\n<p>second</p>", "It’s & more\nnext\n\nsecond"),
        ('<p>see <a href="https://a.example/x">this</a></p>', "see this (https://a.example/x)"),
        ('<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x"),
        ('<a href="/rel">rel</a>', "rel (https://blog.example/rel)"),
        ('<a href="javascript:alert(1)">j</a>', "j"),
        ('<a href="http://[bad">b</a>', "b"),
        ("<script>alert(1)</script><style>x</style>a<!-- c -->b", "ab"),
        ('hi <img src="x" onerror="alert(1)" alt="🙂">', "hi 🙂"),
        ("e\u0301 &#769;", "é \u0301"),
        ("a\ud800b", "a\ufffdb"),
        ("a\x07b", "ab"),
        ("مرحبا <b>بالعالم</b>", "مرحبا بالعالم"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("", ""),
        ("<b>" * 30000 + "deep" + "</b>" * 30000, ""),
    ],
)
def test_markup_becomes_what_a_person_reads(markup: str, text: str) -> None:
    read = forms.to_text(markup, "https://blog.example/live/")
    assert read == text or (len(markup) > 1000 and read in ("", "deep"))


def test_a_text_of_64_kb_is_read_whole() -> None:
    assert len(forms.to_text(f"<p>{'ж' * 65525}</p>")) == 65525


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://Blog.Example/", "blog.example"),
        ("http://blog.example:80", "blog.example"),
        ("https://blog.example/de/", "blog.example/de"),
        ("http://127.0.0.1:8089/", "127.0.0.1:8089"),
    ],
)
def test_a_native_id_is_the_same_however_the_site_is_written(address: str, key: str) -> None:
    assert forms.site_key(address) == key
    assert forms.number_in(key, forms.native_id(key, 12)) == 12


@pytest.mark.parametrize("tail", ["", "0x1", "-1", "1.5", "١", "9" * 40])
def test_a_native_id_with_a_strange_number_is_not_ours(tail: str) -> None:
    assert forms.number_in("b", f"b#comment-{tail}") is None
