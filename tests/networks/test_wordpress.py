"""WordPress out of order: broken answers, odd answers, addresses that are none."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core.items import Source
from bot.networks.base import (
    Misconfigured,
    Network,
    NetworkFailure,
    RateLimited,
    Unavailable,
)
from bot.networks.wordpress import WordPress
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress.posts import public_posts, read_blog
from bot.networks.wordpress.site import Place
from tests.networks.blog import (
    NOW,
    WARNING,
    FakeBlog,
    blog,
    comment,
    comments_of,
    only_comments,
    open_at,
    post,
    refusal,
    reply_to,
)
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


def test_it_keeps_the_contract(network: WordPress) -> None:
    assert isinstance(network, Network)
    assert (network.limits().rule, network.limits().length, network.limits().cost_usd) == ("plain", 65525, 0)


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
        (Reply(404, "<h1>Not found"), Unavailable, "no REST API where it says it has one: HTTP 404"),
        (refusal(404, "rest_no_route"), Misconfigured, "no REST API where it says"),
        (Reply(301, b"", {"Location": "/live/"}), Unavailable, "no REST API where it says it has one: HTTP 301"),
        (refusal(401, "rest_not_logged_in"), Misconfigured, "does not accept the application password of 'ed'"),
        (Reply(403, "<h1>Forbidden"), Unavailable, "firewall"),
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
        (page('<https://evil.example/wp-json/>; rel="https://api.w.org/"'), Misconfigured, r"is at evil\.example"),
        (Reply(404, "gone"), Misconfigured, r"There is no page at .*/live/ \(HTTP 404\)"),
        (Reply(302, b"", {"Location": "/live/"}), Unavailable, "redirects in a circle"),
        (Reply(302, b"", {"Location": "http://localhost:1/"}), Unavailable, "could not be reached"),
        (Reply(302, b"", {"Location": "http://blog.example/"}), Misconfigured, "not encrypted"),
        (Reply(503, b"", {"Retry-After": "5"}), RateLimited, "out of order"),
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


def test_a_post_that_was_read_as_a_live_blog_stays_one_while_its_entries_have_no_text_yet() -> None:
    bare = post(content={"rendered": "".join(f"<h3>{hour}:00: Session</h3>" for hour in (9, 10, 11, 12))})
    with blog() as there:
        source, network = Source(1, "wordpress", "liveblog", there.address), open_at(there.server.url)
        there.posts = [bare]
        assert network.entries(source, "").entries == ()
        there.posts = [post()]
        first = network.entries(source, "")
        there.posts = [{**bare, "modified_gmt": "2017-07-14T09:30:00"}]
        later = network.entries(source, first.cursor)
        network.close()
    assert (len(first.entries), len(later.entries)) == (1, 4)
