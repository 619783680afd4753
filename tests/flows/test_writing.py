"""A post that a person writes: a draft like every other, sent now or at its time, with its photos, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot import desk, illustrate
from bot.store import drafts
from bot.store.pictures import Choice
from bot.store.tables import change, enclosure, event, post, upload
from tests.flows.house import ADA, POSTERS, TIMING, House, house, plan

WORDS = "The doors open at ten. Come early. #QLabs"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.save()
        made.tick()
        yield made


def _event(home: House) -> int:
    with home.store.read() as tx:
        return int(tx.execute(select(event.c.id)).scalar_one())


def _write(home: House, text: str = WORDS, names: tuple[str, ...] = POSTERS, key: str = "k") -> desk.Written:
    return desk.write_post(home.store, ADA, _event(home), text, names, key)


def _row(home: House) -> Any:
    return home.posts(post.c.kind == "notice")[-1]


def _sent(home: House) -> Counter[str]:
    return Counter({name: len(home.sent(name)) for name in POSTERS})


def _photo(size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def test_it_waits_for_approval_and_goes_out_once_to_the_networks_that_are_ticked(home: House) -> None:
    assert _write(home).done.ok
    home.tick(60, times=5)
    assert _sent(home) == Counter()
    row = _row(home)
    assert (row.state, row.edited_by, row.go_at) == ("draft", "Ada", None)
    assert desk.approve(home.store, ADA, row.id, row.revision, {"mastodon", "bluesky"}).ok
    assert not desk.approve(home.store, ADA, row.id, row.revision, set(POSTERS)).ok
    home.tick(times=3)
    assert _sent(home) == Counter(mastodon=1, bluesky=1)
    assert home.sent("mastodon") == [WORDS]
    with home.store.read() as tx:
        told = tx.execute(select(change.c.what).where(change.c.kind == "post", change.c.ref == row.id)).scalars().all()
    assert told == ["notice drafted", "approved"]


def test_a_button_that_is_pressed_twice_makes_one_draft(home: House) -> None:
    first, again, other = _write(home), _write(home), _write(home, "Other words.", key="other")
    assert first.post_id == again.post_id != other.post_id
    assert len(home.posts(post.c.kind == "notice")) == 2


def test_what_could_not_be_kept_may_be_pressed_again(home: House) -> None:
    assert "Choose at least one network" in _write(home, names=()).done.sentence
    assert _write(home, names=("x",)).done.ok


def test_words_that_x_has_already_are_said_to_be_there(home: House) -> None:
    row = home.posts(post.c.id == _write(home).post_id)[0]
    assert desk.approve(home.store, ADA, row.id, row.revision, {"x"}).ok
    home.tick()
    again = _write(home, key="again").post_id
    with home.store.read() as tx:
        problems = {one.network: bool(one.problem) for one in drafts.versions(tx, again)}
    assert problems == {"x": True, "mastodon": False, "bluesky": False}


def test_it_goes_out_by_itself_at_its_time_and_not_before(home: House) -> None:
    _write(home)
    row, at = _row(home), home.clock() + timedelta(minutes=30)
    assert desk.send_at(home.store, ADA, row.id, row.revision, at, {"x"}).ok
    home.tick(60, times=29)
    assert _sent(home) == Counter()
    home.tick(60, times=2)
    assert _sent(home) == Counter(x=1)


def test_a_pause_before_its_time_does_not_bring_it_forward(home: House) -> None:
    _write(home)
    row, at = _row(home), home.clock() + timedelta(minutes=30)
    desk.send_at(home.store, ADA, row.id, row.revision, at, {"x"})
    desk.pause(home.store, ADA)
    desk.unpause(home.store, ADA)
    assert _row(home).go_at == at


def test_it_is_held_like_every_draft_and_then_waits_for_a_person(home: House) -> None:
    _write(home)
    row = _row(home)
    desk.send_at(home.store, ADA, row.id, row.revision, home.clock() + timedelta(minutes=5), {"x"})
    assert desk.hold(home.store, ADA, row.id).ok
    home.tick(60, times=10)
    assert desk.unhold(home.store, ADA, row.id).ok
    home.tick(60, times=10)
    assert (_row(home).state, _sent(home)) == ("draft", Counter())


def test_a_network_that_was_left_out_of_a_time_is_sent_to_when_it_is_ticked_again(home: House) -> None:
    _write(home)
    row = _row(home)
    desk.send_at(home.store, ADA, row.id, row.revision, home.clock() + timedelta(minutes=5), {"x"})
    row = _row(home)
    assert desk.approve(home.store, ADA, row.id, row.revision, {"bluesky"}).ok
    home.tick()
    assert _sent(home) == Counter(bluesky=1)


@pytest.mark.parametrize(("minutes", "said"), [(-1, "That time is over"), (60 * 24 * 3, "The event is over by then")])
def test_a_time_that_cannot_be_kept_is_refused(home: House, minutes: int, said: str) -> None:
    _write(home)
    row = _row(home)
    done = desk.send_at(home.store, ADA, row.id, row.revision, home.clock() + timedelta(minutes=minutes), {"x"})
    assert said in done.sentence
    assert _row(home).go_at is None


def test_what_changed_while_somebody_looked_gets_no_time(home: House) -> None:
    _write(home)
    row = _row(home)
    assert desk.edit_update(home.store, ADA, row.id, row.revision, {"x": "Come at ten."}).ok
    done = desk.send_at(home.store, ADA, row.id, row.revision, home.clock() + timedelta(minutes=5), {"x"})
    assert "It changed while you looked" in done.sentence


def test_an_entry_s_draft_gets_no_time_of_its_own_since_it_follows_the_blog(home: House) -> None:
    home.save(("9.50am", "Welcome", "Tea."))
    home.tick()
    row = home.posts(post.c.kind == "update")[0]
    assert not desk.send_at(home.store, ADA, row.id, row.revision, home.clock() + timedelta(hours=1), {"x"}).ok
    assert not desk.add_photo(home.store, ADA, row.id, row.revision, _photo(), "Tea").ok


def _pictures(home: House) -> list[Any]:
    with home.store.read() as tx:
        return list(tx.execute(select(enclosure).order_by(enclosure.c.id)).all())


def test_a_photo_that_a_person_brings_goes_out_described_and_without_what_the_camera_wrote(home: House) -> None:
    _write(home)
    row = _row(home)
    assert desk.add_photo(home.store, ADA, row.id, row.revision, _photo(), "A  teal\nwall").ok
    row = _row(home)
    assert "still being fetched" in desk.approve(home.store, ADA, row.id, row.revision, set(POSTERS)).sentence
    assert illustrate.fetch_one(home.store, home.networks, TIMING)
    assert desk.approve(home.store, ADA, row.id, row.revision, set(POSTERS)).ok
    home.tick(times=2)
    for name in POSTERS:
        (one,) = home.remote.posts(name)
        assert [shown.alt for shown in home.remote.shown(name, one.native_id)] == ["A teal wall"]
    with home.store.read() as tx:
        assert tx.execute(select(upload)).all() == []


def test_a_photo_without_words_waits_for_a_person(home: House) -> None:
    _write(home)
    row = _row(home)
    desk.add_photo(home.store, ADA, row.id, row.revision, _photo(), "")
    illustrate.fetch_one(home.store, home.networks, TIMING)
    row = _row(home)
    at = home.clock() + timedelta(minutes=5)
    assert "no description" in desk.send_at(home.store, ADA, row.id, row.revision, at, {"x"}).sentence
    choice = [Choice(_pictures(home)[0].id, True, "A wall")]
    assert desk.send_at(home.store, ADA, row.id, row.revision, at, {"x"}, choice).ok


def test_what_is_no_picture_is_said_to_be_none_and_is_not_fetched_from_anywhere(home: House) -> None:
    _write(home)
    row = _row(home)
    desk.add_photo(home.store, ADA, row.id, row.revision, b"%PDF-1.4", "A leaflet")
    illustrate.fetch_one(home.store, home.networks, TIMING)
    (one,) = _pictures(home)
    assert one.state == "failed"
    assert one.problem
    assert not desk.fetch_photos(home.store, ADA, row.id).ok
    assert not illustrate.fetch_one(home.store, home.networks, TIMING)


@pytest.mark.parametrize(
    ("content", "alt", "said"),
    [(b"", "Words", "Choose a photo first"), (b"x", "w" * 1001, "1 characters too long"),
     (b"x" * (desk.MOST_BYTES + 1), "Words", "larger than 15 MB")],
)  # fmt: skip
def test_a_photo_that_cannot_be_taken_is_refused_in_words(home: House, content: bytes, alt: str, said: str) -> None:
    _write(home)
    row = _row(home)
    assert said in desk.add_photo(home.store, ADA, row.id, row.revision, content, alt).sentence
    assert (_pictures(home), _row(home).revision) == ([], row.revision)


def test_what_is_too_long_becomes_a_thread(tmp_path: Path) -> None:
    with house(tmp_path, plan()) as home:
        made = _write(home, " ".join(f"Sentence number {n} says a little more." for n in range(20)))
        with home.store.read() as tx:
            parts = {one.network: len(one.parts) for one in drafts.versions(tx, made.post_id)}
        assert parts["x"] > parts["mastodon"] > 1
