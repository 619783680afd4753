"""The page after the event, and its files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import housekeep
from bot.store import erasure
from bot.store.tables import delivery, placement, post, version
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene
from tests.report.scene import HIDDEN, over

SignIn = Callable[..., Browser]
AT = "/e/peer-support/after"


def test_the_page_tells_what_became_of_the_questions_and_who_follows_one_up(browse: SignIn, scene: Scene) -> None:
    over(scene)
    page = browse("viewer").get(AT).text
    assert "Is there a map?" in page
    assert "Bea, by 20 July 2017" in page
    assert "Said aloud in the room 12:16pm, told 12:21pm" in page
    assert [words for words in HIDDEN if words in page] == []


@pytest.mark.parametrize(
    ("form", "media", "first"),
    [
        ("csv", "text/csv; charset=utf-8", "\ufeffwhat,number"),
        ("jsonl", "application/x-ndjson", '{"what": "event"'),
        ("html", "text/html; charset=utf-8", "<!doctype html>"),
    ],
)
def test_each_file_is_handed_out_under_the_name_of_its_event(
    form: str, media: str, first: str, browse: SignIn, scene: Scene
) -> None:
    over(scene)
    answer = browse("viewer").get(f"{AT}/{form}")
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'attachment; filename="peer-support.{form}"'
    assert answer.content.decode().startswith(first)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_there_is_no_other_file_and_no_way_in_for_a_helper(browse: SignIn, scene: Scene) -> None:
    assert browse("viewer").get(f"{AT}/exe").status_code == 404
    assert browse("helper").get(f"{AT}/csv").status_code == 403


def test_an_event_without_a_question_has_its_page_too(browse: SignIn, scene: Scene) -> None:
    lead = browse("lead")
    assert "Nothing was asked." in lead.get(AT).text
    assert "Nothing was asked." in lead.get(f"{AT}/html").text


def test_the_page_says_how_long_things_are_kept_and_when_they_went(browse: SignIn, scene: Scene, clock: Clock) -> None:
    over(scene)
    lead = browse("lead")
    page = lead.get(AT).text
    assert "What people wrote is erased 12 Oct, 3:11pm, 90 days after the event." in page
    assert "What is private goes 7 days after it came in, and what could not be read after 14." in page
    assert "Nothing had to go yet." in page
    clock.at += timedelta(days=8)
    housekeep.forget(scene.store)
    owner = browse("owner", "Olu")
    assert "<li>3:11pm: what was private was erased, posts, 1." in owner.get(AT).text


def test_the_page_goes_to_the_blog_as_a_draft_and_says_how_it_stands(browse: SignIn, scene: Scene) -> None:
    over(scene)
    comms = browse("comms")
    page = comms.follow(comms.post("/e/peer-support/pages", {"back": AT})).text
    assert "On its way to the blog, as a draft." in page
    assert '<span class="tag tag-square">On its way</span>' in page
    with scene.store.write() as tx:
        (row,) = tx.execute(delivery.select().where(delivery.c.network == "wordpress")).all()
        assert row.text.startswith("You asked, the room said: Q Lab peer support workshop\n<p>8 questions came in")
        edit = "https://q.example/wp-admin/post.php?post=7"
        tx.execute(delivery.update().where(delivery.c.id == row.id).values(state="sent", url=edit))
    assert f'href="{edit}"' in comms.get(AT).text
    with scene.store.write() as tx:
        tx.execute(delivery.update().where(delivery.c.id == row.id).values(state="refused", error="It may not."))
    assert "It may not." in comms.get(AT).text
    assert "as a draft" not in browse("viewer").get(AT).text


def test_an_answered_question_becomes_a_post_that_waits_for_approval(browse: SignIn, scene: Scene) -> None:
    ids, comms = over(scene), browse("comms")
    at = f"/e/peer-support/updates/new?question={ids['writing']}"
    assert f'href="{at}"' in comms.get(f"/e/peer-support/questions/{ids['writing']}").text
    form = comms.get(at).text
    assert "You asked: Who pays for &lt;b&gt;it&lt;/b&gt;?\n\nThe room said: The region pays.</textarea>" in form
    said = {"question": ids["writing"], "text": "You asked: Who pays? The region.", "network": ["mastodon"]}
    page = comms.follow(comms.post("/e/peer-support/updates/new", said)).text
    assert "Needs approval" in page
    with scene.store.write() as tx:
        asked = select(placement.c.item_id).where(placement.c.question_id == ids["writing"])
        erasure.erase_item(tx, NOW, "Ada", tx.execute(asked).scalar_one())
        (left,) = tx.execute(post.select().where(post.c.kind == "notice")).all()
        words = tx.execute(select(version.c.parts).where(version.c.post_id == left.id)).scalars().all()
    assert (left.state, words) == ("withdrawn", [[]])


@pytest.mark.parametrize("name", ["flagged", "private", "shy", "gone"])
def test_what_must_not_be_told_is_not_put_into_a_post(name: str, browse: SignIn, scene: Scene) -> None:
    ids = over(scene)
    form = browse("comms").get(f"/e/peer-support/updates/new?question={ids[name]}").text
    assert "You asked" not in form
