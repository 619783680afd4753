"""What becomes of a reply when the answer is odd, and the live blog as it is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Source
from bot.networks.base import (
    Misconfigured,
    NoAnswer,
    Options,
    RateLimited,
    Refused,
    Unavailable,
)
from bot.networks.wordpress import WordPress
from bot.networks.wordpress import comments as forms
from tests.networks.blog import (
    NOW,
    WARNING,
    FakeBlog,
    comment,
    comments_of,
    open_at,
    post,
    refusal,
    reply_to,
)
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
        (Reply(403, "<h1>Blocked"), Unavailable),
        (refusal(403, "rest_comment_closed"), Refused),
        (refusal(403, "rest_comment_invalid_post_id"), Refused),
        (refusal(400, "rest_comment_content_invalid"), Refused),
        (Reply(413, "<h1>Too large"), Refused),
        (Reply(301, b"", {"Location": "/x"}), Unavailable),
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
    parent = slow.threads.one(1, slow.site.me())
    slow.replies.parent = lambda delivery, me: parent  # type: ignore[method-assign]
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


@pytest.mark.parametrize(("status", "code"), [(403, "rest_user_odd"), (404, "rest_no_route")])
def test_a_site_that_does_not_name_its_accounts_stops_the_network_and_is_told_as_such(
    there: FakeBlog, network: WordPress, status: int, code: str
) -> None:
    there.instead = lambda asked: refusal(status, code) if asked.path.endswith("/users/me") else None
    with pytest.raises(Misconfigured, match=rf"does not say who .* \({code}\): a security plugin"):
        network.send(reply_to(network, 1))
    told = [line for line in network.check() if line.level == "fail"]
    assert [line.fix for line in told] == ["Ask whoever looks after the blog's plugins."]


def test_without_an_account_a_reply_is_refused_before_any_write(there: FakeBlog) -> None:
    network = WordPress(Options(there.server.url), DictMemory(), lambda: NOW)
    with pytest.raises(Misconfigured, match="WORDPRESS_APP_PASSWORD"):
        network.send(reply_to(network, 1))
    assert there.asked == []
    network.close()


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
