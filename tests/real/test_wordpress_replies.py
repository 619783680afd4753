"""Replies on a real WordPress: threaded, once, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.items import Action, Delivery
from bot.networks.base import NoAnswer, RateLimited, Refused
from tests.networks.servers import LosingProxy, talking
from tests.real.reader import Open, comments_of, reply_to
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بالعالم، هل هذا يعمل؟",
        "👩‍👩‍👧‍👦🏳️‍🌈 and e\u0301",
        "line one\n\nline three",
        "5 < 6 & 7 > 2 \"quoted\" 'single'",
        "x" * 65000,
    ],
)
def test_texts_of_every_kind_go_out_and_come_back(wordpress: RealWordPress, opened: Open, text: str) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    delivery = reply_to(asked, text)
    receipt = network.send(delivery)
    found = network.find(delivery)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    back = next(item for item in network.fetch(comments_of(address), "").items if item.own)
    assert back.native_id == receipt.remote_id
    assert " ".join(back.text.split())[:5] == " ".join(text.replace("e\u0301", "é").split())[:5]


def test_a_reply_is_threaded_and_no_markup_of_it_survives(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    number = wordpress.comment(post, "<b>Bold</b> <script>alert(1)</script> question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    assert "<" not in asked.text
    network.send(reply_to(asked, "<script>alert('us')</script> & more"))
    row = wordpress.stored_comments(post)[-1]
    assert (row["parent"], row["approved"], row["user"]) == (number, "1", wordpress.env["WP_EDITOR_ID"])
    assert "<script" not in row["content"]
    back = network.fetch(comments_of(address), "").items[0]
    assert (back.own, back.parent_id) == (True, asked.native_id)
    assert back.text.replace("‘", "'").replace("’", "'") == "<script>alert('us')</script> & more"


def test_a_reply_sent_twice_is_there_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    first, second = (network.send(reply_to(asked, "It's “an answer” & more…")) for _ in range(2))
    assert second.remote_id == first.remote_id
    assert "there already" in second.evidence
    assert len(wordpress.stored_comments(post)) == 2


def test_a_reply_whose_answer_was_lost_is_found_and_is_there_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    proxy = LosingProxy(int(wordpress.url.rsplit(":", 1)[1]))
    with talking(proxy) as port:
        network = opened(url=f"http://127.0.0.1:{port}")
        asked = network.fetch(comments_of(address.replace(wordpress.url, f"http://127.0.0.1:{port}")), "").items[0]
        delivery = reply_to(asked, "An answer")
        assert network.find(delivery) is None
        proxy.losing = lambda request: request.startswith(b"POST ")
        with pytest.raises(NoAnswer):
            network.send(delivery)
        assert proxy.lost == 1
        proxy.losing = lambda request: False
        found = network.find(delivery)
        again = network.send(delivery)
    assert found is not None
    assert again.remote_id == found.remote_id
    assert [row["content"] for row in wordpress.stored_comments(post)] == ["Question?", "An answer"]


def test_another_answer_to_the_same_comment_is_not_taken_for_ours(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    network.send(reply_to(asked, "Yes."))
    assert network.find(reply_to(asked, "Yes")) is None
    assert network.find(reply_to(asked, "No.")) is None


def test_a_reply_that_cannot_be_is_refused_in_words(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    number = wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    with pytest.raises(Refused, match="only a comment can be answered"):
        network.send(Delivery(1, "wordpress", Action.CREATE, "k", "Out of the blue"))
    wordpress.edit_post(post, comment_status="closed")
    with pytest.raises(Refused, match="Comments are closed"):
        network.send(reply_to(asked, "Too late"))
    wordpress.edit_post(post, comment_status="open")
    with pytest.raises(Refused, match=r"rest_comment_content_invalid|comment_content_column_length"):
        network.send(reply_to(asked, "y" * 66000))
    wordpress.moderate((number, "hold"))
    with pytest.raises(Refused, match="not public on the blog"):
        network.send(reply_to(asked, "Held"))
    wordpress.moderate((number, "trash"))
    with pytest.raises(Refused, match="not public on the blog"):
        network.send(reply_to(asked, "Trashed"))
    wordpress.moderate((number, "delete"))
    with pytest.raises(Refused, match="has been deleted"):
        network.send(reply_to(asked, "Deleted"))
    assert wordpress.stored_comments(post) == []


def test_an_account_that_may_not_moderate_replies_and_finds_its_held_reply(
    wordpress: RealWordPress, opened: Open
) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    wordpress.option("comment_moderation", "1")
    network = opened("author")
    asked = network.fetch(comments_of(address), "").items[0]
    delivery = reply_to(asked, "It's an answer")
    receipt = network.send(delivery)
    assert "waits for approval" in receipt.evidence
    found = network.find(delivery)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    assert network.send(delivery).remote_id == receipt.remote_id
    assert "warn" in [line.level for line in network.check()]


def test_the_sites_flood_check_means_later(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    wordpress.option("backchannel_flood", "1")
    network = opened("author")
    asked = network.fetch(comments_of(address), "").items[0]
    network.send(reply_to(asked, "One"))
    with pytest.raises(RateLimited) as caught:
        network.send(reply_to(asked, "Two"))
    assert caught.value.until > datetime.now(UTC)


def test_a_reply_of_ours_is_taken_back_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    receipt = network.send(reply_to(asked, "Oops"))
    removal = Delivery(8, "wordpress", Action.DELETE, "k2", target=receipt.remote_id)
    assert network.find(removal) is None
    assert network.send(removal).evidence == ""
    assert wordpress.stored_comments(post)[-1]["approved"] == "trash"
    found = network.find(removal)
    assert found is not None
    assert "already" in network.send(removal).evidence
    wordpress.moderate((int(receipt.remote_id.rsplit("-", 1)[1]), "delete"))
    assert "already" in network.send(removal).evidence
