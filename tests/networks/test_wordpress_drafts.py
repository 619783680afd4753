"""A page of ours on the blog: made once, as a draft, and found wherever a person has put it since."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.items import AS_DRAFT, Action, Delivery
from bot.networks.base import Misconfigured, NoAnswer, Options, Refused
from bot.networks.wordpress import WordPress
from tests.networks.blog import NOW, FakeBlog, refusal
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply

PAGE = "You asked, the room said\n<h2>Access</h2>\n<p>The region pays.</p>"


def page(key: str = "k1") -> Delivery:
    return Delivery(1, "wordpress", Action.CREATE, key, PAGE, reply_to=AS_DRAFT)


class Posts:
    """The posts of the account, as the REST API shows them to it."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def answer(self, asked: Asked) -> Reply | None:
        if not asked.path.endswith("/wp/v2/posts"):
            return None
        if asked.method == "GET":
            assert "draft" in asked.query["status"]
            return Reply(200, self.rows)
        said = json.loads(asked.body)
        row = {"id": 70 + len(self.rows), "status": said["status"], "content": {"raw": said["content"]}, "said": said}
        self.rows.append(row)
        return Reply(201, row)


@pytest.fixture
def posts(there: FakeBlog) -> Posts:
    made = Posts()
    there.instead = made.answer
    return made


def test_a_page_becomes_a_draft_with_its_title_and_is_never_published(
    there: FakeBlog, network: WordPress, posts: Posts
) -> None:
    receipt = network.send(page())
    (row,) = posts.rows
    assert (row["said"]["title"], row["status"]) == ("You asked, the room said", "draft")
    assert row["said"]["content"] == f"{PAGE.partition(chr(10))[2]}\n<!-- backchannel k1 -->"
    assert receipt.url == f"{there.server.url}/wp-admin/post.php?post=70&action=edit"
    assert receipt.remote_id.endswith("#post-70")


def test_sent_again_it_is_there_once_also_when_a_person_has_published_it(
    there: FakeBlog, network: WordPress, posts: Posts
) -> None:
    first = network.send(page())
    posts.rows[0]["status"] = "publish"
    again = network.send(page())
    assert (again.remote_id, again.evidence, len(posts.rows)) == (first.remote_id, "It is on the blog already.", 1)
    found = network.find(page())
    assert found is not None
    assert found.remote_id == first.remote_id


def test_another_page_is_no_match(there: FakeBlog, network: WordPress, posts: Posts) -> None:
    network.send(page())
    assert network.find(page("k2")) is None
    network.send(page("k2"))
    assert len(posts.rows) == 2


@pytest.mark.parametrize(
    ("method", "code"),
    [("GET", "rest_forbidden_status"), ("GET", "rest_invalid_param"), ("POST", "rest_cannot_create")],
)
def test_an_account_that_may_not_write_posts_is_told_so(
    there: FakeBlog, network: WordPress, method: str, code: str
) -> None:
    def instead(asked: Asked) -> Reply | None:
        if not asked.path.endswith("/wp/v2/posts"):
            return None
        return refusal(403, code) if asked.method == method else Reply(200, [])

    there.instead = instead
    with pytest.raises(Refused, match="give it the role Author or Editor"):
        network.send(page())


def test_an_answer_without_a_number_is_no_answer(there: FakeBlog, network: WordPress) -> None:
    there.instead = lambda asked: (
        Reply(200 if asked.method == "GET" else 201, [] if asked.method == "GET" else {})
        if asked.path.endswith("/wp/v2/posts")
        else None
    )
    with pytest.raises(NoAnswer, match="did not say its number"):
        network.send(page())


def test_without_an_account_there_is_no_draft(there: FakeBlog) -> None:
    network = WordPress(Options(there.server.url), DictMemory(), lambda: NOW)
    with pytest.raises(Misconfigured):
        network.send(page())
    assert [one.method for one in there.asked if one.method == "POST"] == []
