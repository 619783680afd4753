"""A photo of an entry: wished for, fetched, shrunk, described by a person where the blog does not, posted once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import desk, housekeep, illustrate
from bot.store import drafts, events, keeping, pictures
from bot.store.pictures import Choice
from bot.store.tables import enclosure, picture, post, version
from tests.flows.house import ADA, POSTERS, TIMING, House, house, plan

CAKE = '<img src="https://q.example/up/cake.jpg" alt="A table of cakes">'
DOOR = '<img src="https://q.example/up/door.jpg" alt="">'


def announcing(**more: Any) -> dict[str, Any]:
    how = {"mode": "grace", "seconds": 60, "networks": list(POSTERS), "pictures": True}
    return {"announce": how | more}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, plan(**announcing())) as made:
        made.save()
        made.tick()
        yield made


def fetched(home: House) -> int:
    count = 0
    while illustrate.fetch_one(home.store, home.networks, TIMING):
        count += 1
    return count


def said(home: House, html: str, title: str = "Cake") -> None:
    """The editors add an entry with that in it."""
    home.save(("10:05am", title, f"Help yourself.</p>{html}<p>"))
    home.tick()


def rows(home: House) -> list[Any]:
    with home.store.read() as tx:
        return list(tx.execute(select(enclosure).order_by(enclosure.c.place, enclosure.c.id)).all())


def the_draft(home: House) -> Any:
    return home.posts(post.c.kind == "update")[-1]


def shown(home: House, name: str) -> list[list[str]]:
    return [[one.alt for one in home.remote.shown(name, each.native_id)] for each in home.remote.posts(name)]


def test_a_described_photo_goes_out_with_its_post_on_all_networks_by_itself(home: House) -> None:
    said(home, CAKE)
    assert fetched(home) == 1
    home.tick(61)
    assert {name: shown(home, name) for name in POSTERS} == {name: [["A table of cakes"]] for name in POSTERS}


def test_a_post_waits_for_its_photo_and_for_no_other(home: House) -> None:
    said(home, CAKE)
    home.tick(70)
    assert home.remote.posts("mastodon") == []
    fetched(home)
    home.tick(1)
    assert shown(home, "mastodon") == [["A table of cakes"]]


def test_a_photo_without_a_description_stops_for_a_person_who_describes_it(home: House) -> None:
    said(home, DOOR)
    fetched(home)
    home.tick(120)
    draft, (one,) = the_draft(home), rows(home)
    assert (draft.go_at, draft.waits_for) == (None, "your approval: a photo has no description")
    refused = desk.approve(home.store, ADA, draft.id, draft.revision)
    assert (refused.ok, "Describe it" in refused.sentence) == (False, True)
    done = desk.approve(home.store, ADA, draft.id, draft.revision, None, [Choice(one.id, True, "  Five people\n ")])
    assert done.ok
    home.tick(1)
    assert shown(home, "bluesky") == [["Five people"]]
    assert rows(home)[0].alt_by == ADA.name


def test_a_person_may_send_without_the_photo(home: House) -> None:
    said(home, DOOR)
    draft, (one,) = the_draft(home), rows(home)
    assert desk.approve(home.store, ADA, draft.id, draft.revision, None, [Choice(one.id, False, "")]).ok
    home.tick(1)
    assert shown(home, "x") == [[]]


def test_the_blog_may_still_describe_it_and_then_the_post_goes_its_way(home: House) -> None:
    said(home, DOOR)
    fetched(home)
    said(home, DOOR.replace('alt=""', 'alt="The door"'))
    draft = the_draft(home)
    assert (draft.waits_for, draft.revision) == ("", 2)
    home.tick(61)
    assert shown(home, "mastodon") == [["The door"]]


def test_a_photo_that_cannot_be_had_is_tried_again_and_then_a_person_decides(home: House) -> None:
    home.remote.plan_fault("wordpress", "picture", "drop", times=illustrate.MOST_ATTEMPTS)
    said(home, CAKE)
    for _ in range(illustrate.MOST_ATTEMPTS):
        assert fetched(home) == 1
        home.clock.go(20)
    draft, (one,) = the_draft(home), rows(home)
    assert (one.state, draft.go_at) == ("failed", None)
    assert draft.waits_for == "your approval: a photo could not be fetched"
    assert not desk.approve(home.store, ADA, draft.id, draft.revision).ok
    assert desk.fetch_photos(home.store, ADA, draft.id).ok
    fetched(home)
    assert desk.approve(home.store, ADA, draft.id, draft.revision).ok


def test_photos_go_in_the_order_that_a_person_gave_them(home: House) -> None:
    said(home, CAKE + DOOR)
    fetched(home)
    draft, (cake, door) = the_draft(home), rows(home)
    chosen = [Choice(door.id, True, "The door"), Choice(cake.id, True, cake.alt)]
    assert desk.choose_photos(home.store, ADA, draft.id, draft.revision, chosen).ok
    stale = desk.approve(home.store, ADA, draft.id, draft.revision)
    assert "changed while you looked" in stale.sentence
    assert desk.approve(home.store, ADA, draft.id, draft.revision + 1).ok
    home.tick(1)
    assert shown(home, "x") == [["The door", "A table of cakes"]]


def test_no_more_photos_go_than_a_network_takes(home: House) -> None:
    many = "".join(CAKE.replace("cake.jpg", f"{n}.jpg").replace("A table", f"Table {n}") for n in range(6))
    said(home, many)
    fetched(home)
    home.tick(61)
    assert [len(one) for one in shown(home, "mastodon")] == [4]


def test_a_description_that_is_too_long_is_not_kept(home: House) -> None:
    said(home, DOOR)
    draft, (one,) = the_draft(home), rows(home)
    done = desk.choose_photos(home.store, ADA, draft.id, draft.revision, [Choice(one.id, True, "x" * 1001)])
    assert (done.ok, "1 characters too long" in done.sentence) == (False, True)
    assert rows(home)[0].alt == ""


def test_a_correction_knows_the_photos_that_were_fetched_and_described_before(home: House) -> None:
    said(home, DOOR)
    fetched(home)
    draft, (one,) = the_draft(home), rows(home)
    desk.approve(home.store, ADA, draft.id, draft.revision, None, [Choice(one.id, True, "The door")])
    home.tick(1)
    said(home, DOOR, title="Cakes")
    with home.store.read() as tx:
        correction = tx.execute(select(post).where(post.c.kind == "correction")).one()
        (again,) = pictures.of_post(tx, correction.id)
    assert (again.state, again.alt) == ("ready", "The door")
    assert fetched(home) == 0


def test_a_photo_that_comes_later_is_put_into_the_post_where_it_can_be_edited(home: House) -> None:
    said(home, "")
    home.tick(61)
    said(home, CAKE)
    fetched(home)
    correction = home.posts(post.c.kind == "correction")[0]
    do = {"mastodon": "edit", "x": "leave", "bluesky": "leave"}
    assert desk.correct(home.store, ADA, correction.id, correction.revision, do, {}).ok
    home.tick(1)
    assert {name: shown(home, name) for name in POSTERS} == {
        "x": [[]], "mastodon": [["A table of cakes"]], "bluesky": [[]],
    }  # fmt: skip


def test_a_worker_that_lost_its_hold_on_a_photo_writes_nothing(home: House) -> None:
    said(home, CAKE)
    with home.store.write() as tx:
        slow = pictures.take(tx, home.clock(), TIMING.lease)
    home.clock.go(10)
    with home.store.write() as tx:
        quick = pictures.take(tx, home.clock(), TIMING.lease)
        assert slow is not None
        assert quick is not None
        assert not pictures.fail(tx, home.clock(), slow, "too late")
        assert pictures.fail(tx, home.clock(), quick, "in time")


def test_bytes_are_kept_once_and_go_when_no_post_has_them(home: House) -> None:
    said(home, CAKE + CAKE.replace("cake.jpg", "cake.jpg?again"))
    fetched(home)
    home.tick(61)
    with home.store.write() as tx:
        kept = tx.execute(select(picture)).all()
        assert all(one.mime == "image/jpeg" for one in kept)
        tx.execute(update(version).values(problem=""))
        ev = events.one_event(tx, 1)
        keeping.forget_event(tx, home.clock(), ev)
    home.clock.go(2 * timedelta(hours=1).total_seconds())
    housekeep.forget(home.store)
    with home.store.read() as tx:
        assert tx.execute(select(picture)).all() == []


def test_an_event_may_go_without_photos(tmp_path: Path) -> None:
    with house(tmp_path, plan(**announcing(pictures=False))) as home:
        home.save()
        home.tick()
        said(home, DOOR)
        home.tick(61)
        assert shown(home, "x") == [[]]


def test_the_entries_of_a_burst_go_out_in_order_and_spaced_out(tmp_path: Path) -> None:
    with house(tmp_path, plan(**announcing(spacing_seconds=30))) as home:
        home.save()
        home.tick()
        home.save(*((f"10:0{n}am", f"Number {n}", "Words.") for n in (3, 2, 1)))
        home.tick()
        with home.store.read() as tx:
            turns = list(drafts.turns(tx, events.one_event(tx, 1)).values())
        assert [at - turns[0] for at in turns] == [timedelta(0), timedelta(seconds=30), timedelta(seconds=60)]
        home.tick(60)
        assert len(home.sent("x")) == 1
        home.tick(29)
        assert len(home.sent("x")) == 1
        home.tick(1)
        home.tick(30)
        assert [text.split("\n")[0] for text in home.sent("x")] == [f"10:0{n}am: Number {n}" for n in (1, 2, 3)]


def test_an_entry_too_long_for_a_network_goes_there_whole_in_parts(tmp_path: Path) -> None:
    words = " ".join(f"Sentence number {n} says something of its own." for n in range(1, 15))
    with house(tmp_path, plan(**announcing(threads=["x", "bluesky", "mastodon"]))) as home:
        home.save()
        home.tick()
        home.save(("10:05am", "Long", f"{words}</p>{CAKE}<p>"))
        home.tick()
        fetched(home)
        home.tick(61)
        for name in POSTERS:
            sent = home.remote.posts(name)
            assert len(sent) > 1
            assert [one.text.rsplit(" ", 1)[1] for one in sent] == [f"{n}/{len(sent)}" for n in range(1, len(sent) + 1)]
            assert [one.parent_id for one in sent] == ["", *(one.native_id for one in sent[:-1])]
            assert [len(home.remote.shown(name, one.native_id)) for one in sent] == [1] + [0] * (len(sent) - 1)
            assert "#QLabs" in sent[0].text
            assert all(f"number {n} says" in " ".join(one.text for one in sent) for n in range(1, 15))
