"""The photos of an update on its page: seen, described, chosen, put in order, sent or left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import Browser
from tests.console.scene import HOSTILE, NOW, Scene, add

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/updates"
MARK = "a" * 64
JPEG = b"\xff\xd8\xff the photo"


@pytest.fixture
def photos(scene: Scene, ids: dict[str, int], store: Store) -> list[int]:
    """Two photos of the draft that waits for approval: the first is described, the second is not."""
    with store.write() as tx:
        size = {"width": 640, "height": 360}
        tx.execute(t.picture.insert().values(hash=MARK, mime="image/jpeg", content=JPEG, made_at=NOW, **size))
        return [
            add(
                tx, t.enclosure, post_id=ids["approval"], url=f"https://q.example/{n}.jpg", alt=alt, place=n,
                state="ready", hash=MARK,
            )
            for n, alt in enumerate(("A flip chart", ""))
        ]  # fmt: skip


def kept(store: Store, post_id: int) -> list[Any]:
    with store.read() as tx:
        rows = select(t.enclosure).where(t.enclosure.c.post_id == post_id).order_by(t.enclosure.c.place)
        return list(tx.execute(rows).all())


def form(photos: list[int], **more: Any) -> dict[str, Any]:
    shown = [str(one) for one in photos]
    return {"revision": "1", "network": ["x", "mastodon"], "shown": shown, "photo": shown, **more}


def queued(store: Store, post_id: int) -> list[list[dict[str, str]]]:
    with store.read() as tx:
        rows = select(t.delivery.c.pictures).where(t.delivery.c.post_id == post_id).order_by(t.delivery.c.network)
        return list(tx.execute(rows).scalars())


def test_the_page_shows_each_photo_with_its_description_and_says_which_has_none(
    browse: SignIn, ids: dict[str, int], photos: list[int]
) -> None:
    page = browse("comms").get(f"{BASE}/{ids['approval']}").text
    assert page.count(f'<img src="/e/peer-support/photos/{MARK}"') == 2 + 2 * 3  # in the panel, and on each network
    assert 'alt="A flip chart"' in page
    assert page.count("No description") == 3
    assert "$0.025" in page  # a post on X and two descriptions


def test_the_bytes_of_a_photo_are_given_to_those_who_may_see_them(
    browse: SignIn, nobody: Browser, photos: list[int]
) -> None:
    answer = browse("comms").get(f"/e/peer-support/photos/{MARK}")
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert browse("facilitator").get(f"/e/peer-support/photos/{MARK}").status_code == 403
    assert nobody.get(f"/e/peer-support/photos/{MARK}").status_code == 303
    assert browse("lead").get(f"/e/peer-support/photos/{'b' * 64}").status_code == 404


def test_a_photo_of_another_event_is_not_given(browse: SignIn, store: Store, photos: list[int]) -> None:
    Scene(store, "other", "Another event")
    assert browse("lead").get(f"/e/other/photos/{MARK}").status_code in (403, 404)


def test_nothing_goes_out_while_a_photo_has_no_description_and_what_was_typed_stays(
    browse: SignIn, ids: dict[str, int], store: Store, photos: list[int]
) -> None:
    said = form(photos, **{f"alt.{photos[0]}": "A flip chart, full of notes", f"alt.{photos[1]}": ""})
    page = browse("comms").post(f"{BASE}/{ids['approval']}/approve", said)
    assert "A photo has no description" in page.text
    assert "A flip chart, full of notes" in page.text
    assert queued(store, ids["approval"]) == []


def test_a_description_and_the_approval_are_one_press(
    browse: SignIn, ids: dict[str, int], store: Store, photos: list[int]
) -> None:
    said = form(photos, **{f"alt.{photos[0]}": "A flip chart", f"alt.{photos[1]}": "Five people"})
    browse("comms").post(f"{BASE}/{ids['approval']}/approve", said)
    both = [{"hash": MARK, "alt": "A flip chart"}, {"hash": MARK, "alt": "Five people"}]
    assert queued(store, ids["approval"]) == [both, both]
    assert [one.alt_by for one in kept(store, ids["approval"])] == ["", "Priya Nair"]


def test_send_without_photos_sends_the_words_alone(
    browse: SignIn, ids: dict[str, int], store: Store, photos: list[int]
) -> None:
    browse("comms").post(f"{BASE}/{ids['approval']}/approve", form(photos, without="1"))
    assert queued(store, ids["approval"]) == [[], []]


def test_a_photo_is_shown_earlier_and_the_draft_waits_for_approval(
    browse: SignIn, ids: dict[str, int], store: Store, photos: list[int]
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['approval']}"
    said = form(photos, first=str(photos[1]), **{f"alt.{photos[0]}": "A flip chart", f"alt.{photos[1]}": "People"})
    priya.post(f"{at}/photos", said)
    assert [one.id for one in kept(store, ids["approval"])] == photos[::-1]
    late = priya.post(f"{at}/photos", said)
    assert "It changed while you looked" in late.text


def test_a_hostile_description_and_a_hostile_problem_are_shown_as_text(
    browse: SignIn, ids: dict[str, int], store: Store, photos: list[int]
) -> None:
    with store.write() as tx:
        tx.execute(t.enclosure.update().values(alt=HOSTILE))
        failed = t.enclosure.update().where(t.enclosure.c.id == photos[1])
        tx.execute(failed.values(state="failed", problem=HOSTILE, hash=None))
    page = browse("comms").get(f"{BASE}/{ids['approval']}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "Try to fetch again" in page


def test_a_draft_that_waits_for_its_turn_says_why(
    browse: SignIn, ids: dict[str, int], store: Store, scene: Scene
) -> None:
    with store.write() as tx:
        options = {"announce": {"mode": "grace", "seconds": 60, "networks": ["x"], "spacing_seconds": 90}}
        tx.execute(t.event.update().values(options=options))
        tx.execute(t.post.update().where(t.post.c.id == ids["sent"]).values(approved_at=NOW))
    page = browse("comms").get(f"{BASE}/{ids['draft']}").text
    assert "Goes out in 1 min" in page
    assert "they are spaced 1 min apart" in page
