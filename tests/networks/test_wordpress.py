"""WordPress under what a real one cannot be made to do: broken answers, shifting pages, bad comments."""

from __future__ import annotations

import itertools
import json
import logging
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Action, Covers, Delivery, Source, Standing
from bot.networks.base import (
    Misconfigured,
    Network,
    NetworkFailure,
    NoAnswer,
    Options,
    RateLimited,
    Refused,
    Unavailable,
)
from bot.networks.wordpress import WordPress
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress.posts import public_posts, read_blog
from bot.networks.wordpress.site import Place
from tests.networks.blog import FakeBlog, blog, comment, refusal
from tests.networks.memory import DictMemory
from tests.networks.servers import (
    Asked,
    Reply,
    Talk,
    drip_in_the_body,
    drip_in_the_head,
    half_an_answer,
    hang_up,
    silent,
    talking,
)

NOW = datetime(2017, 7, 14, 12, 0, tzinfo=UTC)
WARNING = "<br />\n<b>Warning</b>:  Undefined variable in <b>/srv/x.php</b> on line <b>12</b><br />\n[]"


@pytest.fixture
def there() -> Iterator[FakeBlog]:
    with blog() as made:
        yield made


@pytest.fixture
def network(there: FakeBlog) -> Iterator[WordPress]:
    opened = open_at(there.server.url)
    yield opened
    opened.close()


def open_at(url: str, deadline: float = 5.0, **extra: Any) -> WordPress:
    secrets = {"user": "ed", "app_password": "canary secret"}
    return WordPress(Options(url, secrets=secrets, extra=extra, deadline=deadline), DictMemory(), lambda: NOW)


def comments_of(there: FakeBlog) -> Source:
    return Source(1, "wordpress", "comments", there.address)


def only_comments(reply: Reply) -> Any:
    return lambda asked: reply if "/wp/v2/comments" in asked.path else None


def reply_to(network: WordPress, number: int, text: str = "An answer") -> Delivery:
    native = forms.native_id(network.key, number)
    return Delivery(1, "wordpress", Action.CREATE, "k", text, reply_to=native, reply_root="5")


def test_it_keeps_the_contract(network: WordPress) -> None:
    assert isinstance(network, Network)
    assert (network.limits().rule, network.limits().length, network.limits().cost_usd) == ("plain", 65525, 0)


# Faults of a read


@pytest.mark.parametrize(
    ("reply", "failure", "sentence"),
    [
        (Reply(200, WARNING), Unavailable, "begins '<br /> <b>Warning"),
        (Reply(200, b""), Unavailable, "not the expected JSON, it is empty"),
        (Reply(200, {"not": "a list"}), Unavailable, "not the expected JSON"),
        (Reply(200, b"\xff\xfe\x00"), Unavailable, "not the expected JSON"),
        (Reply(200, "[" * 100000), Unavailable, "not the expected JSON"),
        (Reply(503, "<h1>Maintenance", {"Retry-After": "600"}), RateLimited, "HTTP 503"),
        (Reply(500, b""), Unavailable, "HTTP 500, it is empty"),
        (Reply(502, "<h1>Bad gateway"), Unavailable, "HTTP 502"),
        (Reply(404, "<h1>Not found"), Misconfigured, "no REST API where it says it has one: HTTP 404"),
        (refusal(404, "rest_no_route"), Misconfigured, "no REST API where it says"),
        (Reply(301, b"", {"Location": "/live/"}), Misconfigured, "no REST API where it says it has one: HTTP 301"),
        (refusal(401, "rest_not_logged_in"), Misconfigured, "does not accept the application password of 'ed'"),
        (Reply(403, "<h1>Forbidden"), Misconfigured, "firewall"),
        (refusal(403, "rest_cannot_read_post"), Unavailable, "cannot be read .* .rest_cannot_read_post"),
        (refusal(400, "rest_invalid_param"), Unavailable, "rest_invalid_param"),
    ],
)
def test_a_broken_answer_is_named_in_one_sentence(
    there: FakeBlog, network: WordPress, reply: Reply, failure: type[Exception], sentence: str
) -> None:
    there.instead = only_comments(reply)
    with pytest.raises(failure, match=sentence) as caught:
        network.fetch(comments_of(there), "")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    there.instead = lambda asked: None
    there.comments = [comment(1)]
    assert len(network.fetch(comments_of(there), "").items) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Fri, 14 Jul 2017 12:02:00 GMT"}, 120),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X-RateLimit-Reset": "2017-07-14T12:01:00Z"}, 60),
        ({"Retry-After": "86400"}, 900),
        ({}, 20),
    ],
)
def test_a_rate_limiter_is_obeyed(there: FakeBlog, network: WordPress, headers: dict[str, str], seconds: int) -> None:
    there.instead = only_comments(Reply(429, "<h1>Too many", headers))
    with pytest.raises(RateLimited) as caught:
        network.fetch(comments_of(there), "")
    assert caught.value.until == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("talk", [silent, drip_in_the_head, drip_in_the_body, half_an_answer, hang_up])
def test_a_server_that_is_slow_or_breaks_off_had_no_effect_when_we_only_read(talk: Talk) -> None:
    with talking(talk) as port:
        network = open_at(f"http://127.0.0.1:{port}", deadline=1.0)
        started = time.monotonic()
        with pytest.raises(Unavailable, match=r"did not answer in time|broke off"):
            network.fetch(Source(1, "wordpress", "comments", "/live/"), "")
        assert time.monotonic() - started < 2.5
        network.close()


def test_one_deadline_is_over_all_calls_of_a_read(there: FakeBlog) -> None:
    def slowly(asked: Asked) -> None:
        time.sleep(0.4)

    there.instead = slowly
    network = open_at(there.server.url, deadline=1.0)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="did not answer in time"):
        network.fetch(comments_of(there), "")
    assert time.monotonic() - started < 2.0
    network.close()


ODD: list[Any] = [None, True, -1, 1.5, 10**30, "", "x", "\ud800", [], [[]], {}, {"id": "x"}, {"rendered": []}]


def bent(value: Any, chance: random.Random) -> Any:
    """The value with one part of it made odd."""
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [bent(one, chance) if number == place else one for number, one in enumerate(value)]
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        return {**value, name: bent(value[name], chance)}
    return chance.choice(ODD)


@pytest.mark.parametrize("seed", range(80))
def test_whatever_is_odd_in_an_answer_nothing_but_a_failure_of_the_house_comes_out(
    there: FakeBlog, network: WordPress, seed: int
) -> None:
    chance = random.Random(seed)
    there.comments = [comment(number) for number in (3, 2, 1)]
    there.posts = [
        post(_embedded={"wp:featuredmedia": [{"source_url": "https://blog.example/a.png", "alt_text": "A"}]})
    ]

    def bend(asked: Asked) -> Reply | None:
        if not asked.path.startswith("/wp-json") or chance.random() < 0.4:
            return None
        there.instead = lambda asked: None
        reply = there.answer(asked)
        there.instead = bend
        headers = {name: chance.choice([value, "x", "-1", ""]) for name, value in reply.headers.items()}
        return Reply(reply.status, bent(reply.body, chance), headers)

    there.instead = bend
    liveblog = Source(2, "wordpress", "liveblog", there.address, "UTC")
    everything: list[Callable[[], object]] = [
        lambda: network.fetch(comments_of(there), ""),
        lambda: network.recheck(comments_of(there), [forms.native_id(network.key, number) for number in (1, 9)]),
        lambda: network.entries(liveblog, ""),
        lambda: read_blog(network.site, Place("posts"), liveblog, "", lambda: NOW, timedelta(minutes=3)),
        lambda: public_posts(network.site, Place("posts")),
        lambda: network.send(reply_to(network, 1)),
        lambda: network.find(reply_to(network, 1)),
        lambda: network.check(),
    ]
    for one in everything:
        try:
            one()
        except NetworkFailure as failure:
            assert str(failure)  # noqa: PT017


# Finding the API


def page(link: str = "", html: str = "<html><body>") -> Reply:
    return Reply(200, html, {"Link": link} if link else {})


def test_the_links_of_the_page_do_where_the_header_was_lost(there: FakeBlog, network: WordPress) -> None:
    root = f"{there.server.url}/wp-json"
    html = (
        f"<link rel='https://api.w.org/' href='{root}/'><link rel='alternate' type='application/rss+xml' href='/feed/'>"
        f"<link rel='alternate' type='application/json' href='{root}/wp/v2/pages/9'>"
    )
    there.instead = lambda asked: page(html=html) if asked.path == "/live/" else None
    network.fetch(comments_of(there), "")
    assert there.asked[-1].query["post"] == "9"


def test_behind_a_proxy_the_api_is_asked_where_we_reach_the_site(there: FakeBlog, network: WordPress) -> None:
    link = (
        '<https://127.0.0.1:9/index.php?rest_route=/>; rel="https://api.w.org/", '
        '<https://127.0.0.1:9/index.php?rest_route=/wp/v2/posts/5>; rel="alternate"; type="application/json"'
    )

    def plain(asked: Asked) -> Reply | None:
        if asked.path == "/live/":
            return page(link)
        if asked.path == "/index.php":
            return there.answer(Asked("GET", "/wp-json" + asked.query["rest_route"], asked.query, {}, b""))
        return None

    there.instead = plain
    there.comments = [comment(1)]
    assert len(network.fetch(comments_of(there), "").items) == 1
    assert there.asked[-1].path == "/index.php"


@pytest.mark.parametrize(
    ("reply", "failure", "sentence"),
    [
        (page(), Misconfigured, "not a WordPress page that shows its REST API"),
        (page('<https://evil.example/wp-json/>; rel="https://api.w.org/"'), Misconfigured, r"is at evil\.example"),
        (Reply(404, "gone"), Misconfigured, r"There is no page at .*/live/ \(HTTP 404\)"),
        (Reply(302, b"", {"Location": "/live/"}), Unavailable, "redirects in a circle"),
        (Reply(302, b"", {"Location": "http://localhost:1/"}), Unavailable, "could not be reached"),
        (Reply(302, b"", {"Location": "http://blog.example/"}), Misconfigured, "not encrypted"),
        (Reply(503, b"", {"Retry-After": "5"}), RateLimited, "out of order"),
        (Reply(200, b"\x00" * 1000), Misconfigured, "not a WordPress page"),
    ],
)
def test_an_address_that_is_no_wordpress_is_said(
    there: FakeBlog, network: WordPress, reply: Reply, failure: type[Exception], sentence: str
) -> None:
    there.instead = lambda asked: reply
    with pytest.raises(failure, match=sentence):
        network.fetch(comments_of(there), "")
    assert "canary" not in repr(network.check())
    assert network.check()[0].level == "fail"


def test_credentials_stay_with_the_site_when_the_address_leads_away(there: FakeBlog, network: WordPress) -> None:
    with blog() as other:
        away = other.server.url.replace("127.0.0.1", "localhost")
        there.instead = lambda asked: Reply(301, b"", {"Location": f"{away}/live/"})
        with pytest.raises(Misconfigured, match=f"set api_url to {away}"):
            network.fetch(comments_of(there), "")
        assert ["Authorization" in asked.headers for asked in other.asked] == [False]


def test_an_api_that_moves_is_found_again_and_the_reply_goes_out_once(there: FakeBlog, network: WordPress) -> None:
    there.comments = [comment(1)]
    network.fetch(comments_of(there), "")
    moved = itertools.count()

    def once(asked: Asked) -> Reply | None:
        if asked.method == "POST":
            return Reply(404, "gone") if next(moved) == 0 else Reply(201, comment(2, author=2))
        return None

    there.instead = once
    assert network.send(reply_to(network, 1)).remote_id.endswith("#comment-2")
    assert next(moved) == 2


# Comments


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


# Replies


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(500, b""), NoAnswer),
        (Reply(502, "<h1>Bad gateway"), NoAnswer),
        (Reply(201, WARNING), NoAnswer),
        (Reply(201, {"no": "id"}), NoAnswer),
        (Reply(201, []), NoAnswer),
        (Reply(429, b"", {"Retry-After": "9"}), RateLimited),
        (refusal(400, "comment_flood"), RateLimited),
        (refusal(401, "rest_comment_login_required"), Misconfigured),
        (Reply(403, "<h1>Blocked"), Misconfigured),
        (refusal(403, "rest_comment_closed"), Refused),
        (refusal(403, "rest_comment_invalid_post_id"), Refused),
        (refusal(400, "rest_comment_content_invalid"), Refused),
        (Reply(413, "<h1>Too large"), Refused),
        (Reply(301, b"", {"Location": "/x"}), Misconfigured),
    ],
)
def test_what_becomes_of_a_reply_is_never_guessed(
    there: FakeBlog, network: WordPress, reply: Reply, failure: type[Exception]
) -> None:
    there.comments = [comment(1)]
    there.instead = lambda asked: reply if asked.method == "POST" else None
    with pytest.raises(failure) as caught:
        network.send(reply_to(network, 1))
    assert type(caught.value) is failure or failure is Refused


@pytest.mark.parametrize("talk", [silent, drip_in_the_head, drip_in_the_body, half_an_answer, hang_up])
def test_a_reply_whose_answer_does_not_come_may_have_gone_out(there: FakeBlog, network: WordPress, talk: Talk) -> None:
    there.comments = [comment(1)]
    network.fetch(comments_of(there), "")
    delivery = reply_to(network, 1)
    slow = open_at(there.server.url, deadline=1.0)
    slow.fetch(comments_of(there), "")
    parent = slow._one(1, slow.site.me())
    slow._parent = lambda delivery, me: parent  # type: ignore[method-assign]
    with talking(talk) as port:
        slow.site._memory.put("root", f"http://127.0.0.1:{port}/wp-json/")
        with pytest.raises(NoAnswer):
            slow.send(delivery)
    slow.close()


def test_a_fault_before_the_reply_is_sent_is_proof_of_no_effect(there: FakeBlog, network: WordPress) -> None:
    there.comments = [comment(1)]
    there.instead = lambda asked: Reply(500, b"") if asked.path.endswith("/comments/1") else None
    with pytest.raises(Unavailable):
        network.send(reply_to(network, 1))
    assert "POST" not in {asked.method for asked in there.asked}


def test_a_duplicate_that_is_not_to_be_seen_is_settled_by_the_sites_word(there: FakeBlog, network: WordPress) -> None:
    there.comments = [comment(1)]
    there.instead = lambda asked: refusal(409, "comment_duplicate") if asked.method == "POST" else None
    receipt = network.send(reply_to(network, 1))
    assert receipt.remote_id == ""
    assert "there already" in receipt.evidence


def test_what_is_sent_is_not_markup(there: FakeBlog, network: WordPress) -> None:
    there.comments = [comment(1)]
    there.instead = lambda asked: Reply(201, comment(2, author=2)) if asked.method == "POST" else None
    network.send(reply_to(network, 1, "<b>1 < 2</b> & \x00\ud800\nmore"))
    assert there.asked[-1].json() == {
        "post": 5, "parent": 1, "content": "&lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; \ufffd\nmore",
    }  # fmt: skip


@pytest.mark.parametrize("target", ["", "elsewhere#comment-1", "x", "#comment-1"])
def test_what_is_no_comment_of_this_site_is_refused(there: FakeBlog, network: WordPress, target: str) -> None:
    with pytest.raises(Refused):
        network.send(Delivery(1, "wordpress", Action.CREATE, "k", "x", reply_to=target))
    with pytest.raises(Refused):
        network.send(Delivery(1, "wordpress", Action.DELETE, "k", target=target))
    with pytest.raises(Refused):
        network.send(Delivery(1, "wordpress", Action.EDIT, "k", "x", target=f"{network.key}#comment-1"))
    assert network.find(Delivery(1, "wordpress", Action.CREATE, "k", "x", reply_to=target)) is None


def test_a_site_without_a_trash_bin_deletes_for_good(there: FakeBlog, network: WordPress) -> None:
    def no_bin(asked: Asked) -> Reply | None:
        if asked.method != "DELETE":
            return None
        forced = asked.query.get("force") == "true"
        return Reply(200, {"deleted": True}) if forced else refusal(501, "rest_trash_not_supported")

    there.instead = no_bin
    removal = Delivery(1, "wordpress", Action.DELETE, "k", target=forms.native_id(network.key, 4))
    assert network.send(removal).evidence == ""
    assert [asked.method for asked in there.asked].count("DELETE") == 2


def test_an_account_that_the_site_does_not_name_stops_the_network(there: FakeBlog, network: WordPress) -> None:
    there.instead = lambda asked: refusal(403, "rest_user_odd") if asked.path.endswith("/users/me") else None
    with pytest.raises(Misconfigured, match="rest_user_odd"):
        network.send(reply_to(network, 1))


def test_without_an_account_a_reply_is_refused_before_any_write(there: FakeBlog) -> None:
    network = WordPress(Options(there.server.url), DictMemory(), lambda: NOW)
    with pytest.raises(Misconfigured, match="WORDPRESS_APP_PASSWORD"):
        network.send(reply_to(network, 1))
    assert there.asked == []
    network.close()


# Pure forms


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


@pytest.mark.parametrize(
    ("content", "sent", "same"),
    [
        ({"raw": "It's &amp; more"}, "It's & more", True),
        ({"raw": "It's more", "rendered": "other"}, "It's more", True),
        ({"rendered": "<p>It&#8217;s &#8220;good&#8221; &#8211; really&#8230;</p>"}, 'It\'s "good" -- really...', True),
        ({"rendered": "<p>Yes.</p>"}, "Yes", False),
        ({"raw": "Yes"}, "yes", False),
        ({}, "Yes", False),
    ],
)
def test_our_reply_is_known_by_its_words(content: dict[str, str], sent: str, same: bool) -> None:
    assert forms.same_words({"content": content}, forms.to_content(sent)) is same


# The live blog


def post(**fields: Any) -> dict[str, Any]:
    usual = {"id": 5, "link": "https://blog.example/live/", "date": "2017-07-14T09:00:00", "status": "publish",
             "modified_gmt": "2017-07-14T08:00:00", "title": {"rendered": "Live"},
             "content": {"rendered": "<h3>9:30am: Start</h3><p>Text</p>", "protected": False}}  # fmt: skip
    return {**usual, **fields}


def test_a_live_blog_that_stays_the_same_is_asked_for_its_date_alone(there: FakeBlog, network: WordPress) -> None:
    there.posts = [post()]
    source = Source(2, "wordpress", "liveblog", there.address, "UTC")
    first = network.entries(source, "")
    assert [(one.at, one.title) for one in first.entries] == [(datetime(2017, 7, 14, 8, 30, tzinfo=UTC), "Start")]
    again = network.entries(source, first.cursor)
    assert (again.changed, there.asked[-1].query["_fields"]) == (False, "id,modified_gmt,status")


@pytest.mark.parametrize(
    "broken", [post(content={}), post(title=None), post(date=None), post(content={"rendered": 5, "protected": False})]
)
def test_a_post_that_cannot_be_read_changes_nothing(
    there: FakeBlog, network: WordPress, broken: dict[str, Any]
) -> None:
    there.posts = [broken]
    with pytest.raises(Unavailable, match="came without its"):
        network.entries(Source(2, "wordpress", "liveblog", there.address, "UTC"), "")


def test_a_time_zone_nobody_knows_is_said(there: FakeBlog, network: WordPress) -> None:
    there.posts = [post()]
    there.instead = lambda asked: (
        Reply(200, {"namespaces": ["wp/v2"], "timezone_string": ""}) if asked.path == "/wp-json/" else None
    )
    with pytest.raises(Misconfigured, match="Mars/Olympus"):
        network.entries(Source(2, "wordpress", "liveblog", there.address, "Mars/Olympus"), "")


@pytest.mark.parametrize("cursor", ["nonsense", "[]", json.dumps({"mark": 1, "at": "x", "settled": True})])
def test_a_live_blog_cursor_that_cannot_be_read_is_a_first_contact(
    there: FakeBlog, network: WordPress, cursor: str
) -> None:
    there.posts = [post()]
    page = network.entries(Source(2, "wordpress", "liveblog", there.address, "UTC"), cursor)
    assert (page.changed, len(page.entries)) == (True, 1)
