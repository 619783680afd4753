"""From an entry of the live blog to posts: settling, corrections, removals, pause, and the life of an event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import desk
from bot.networks.base import Misconfigured
from bot.networks.rehearsal.address import BLOG
from bot.store import networks
from bot.store.events import SourcePlan
from bot.store.tables import delivery, post
from tests import workshop
from tests.flows.house import ADA, EVERY, POSTERS, START, House, house, plan

WELCOME = ("9.50am", "Welcome", "Tea and biscuits at the back.")
LUNCH = ("12.30pm", "Lunch", "Soup, and a walk around the block.")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.save()
        made.tick()
        yield made


def _sent(home: House) -> Counter[str]:
    return Counter({name: len(home.sent(name)) for name in POSTERS})


def test_an_entry_goes_out_once_on_every_network_when_its_grace_is_over(home: House) -> None:
    home.save(WELCOME)
    home.tick()
    (draft,) = home.posts()
    assert draft.go_at == home.clock() + timedelta(seconds=60)
    home.tick(times=5)
    assert _sent(home) == Counter()
    home.tick(times=20)
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 1))
    assert all("Welcome" in home.sent(name)[0] for name in POSTERS)


def test_what_was_on_the_page_at_first_contact_is_not_announced(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        home.save(LUNCH, WELCOME)
        home.tick(times=20)
        assert (home.posts(), _sent(home)) == ([], Counter())
        home.save(("1.30pm", "Back from lunch", "Full."), LUNCH, WELCOME)
        home.tick(times=20)
        assert len(home.posts()) == 1


def test_an_entry_that_grows_while_it_settles_is_announced_once_in_its_last_words(home: House) -> None:
    for text in ("Tea", "Tea and biscuits", "Tea and biscuits at the back."):
        home.save(("9.50am", "Welcome", text))
        home.tick(30)
    home.tick(times=10)
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 1))
    assert "at the back" in home.sent("mastodon")[0]
    assert [row.kind for row in home.posts()] == ["update"]


def test_an_edit_after_sending_is_a_correction_that_a_person_decides(home: House) -> None:
    home.save(WELCOME)
    home.tick(times=8)
    home.save(("9.50am", "Welcome", "Tea and fruit at the back."))
    home.tick(times=20)
    correction = home.posts(post.c.kind == "correction")[0]
    assert (correction.state, _sent(home)) == ("draft", Counter(dict.fromkeys(POSTERS, 1)))
    choices = {"x": "leave", "mastodon": "edit", "bluesky": "delete"}
    done = desk.correct(home.store, ADA, correction.id, correction.revision, choices, {})
    assert done.ok, done.sentence
    home.tick(times=3)
    assert "Tea and fruit" in home.sent("mastodon")[0]
    assert home.remote.posts("mastodon")[0].edits == 1
    assert (len(home.sent("x")), len(home.sent("bluesky"))) == (1, 0)
    assert {row.state for row in home.deliveries()} == {"sent"}


def test_words_that_a_network_has_already_are_not_posted_there_again(home: House) -> None:
    home.save(WELCOME)
    home.tick(times=8)
    home.save(("9.50am", "Welcome", "Tea and fruit at the back."))
    home.tick(times=20)
    correction = home.posts(post.c.kind == "correction")[0]
    choices, words = {"x": "leave", "mastodon": "leave", "bluesky": "create"}, {"bluesky": home.sent("bluesky")[0]}
    refused = desk.correct(home.store, ADA, correction.id, correction.revision, choices, words)
    assert (refused.ok, refused.sentence.partition(".")[0]) == (False, "Bluesky says just that already")
    assert desk.correct(home.store, ADA, correction.id, correction.revision, choices, {}).ok
    home.tick(times=3)
    assert _sent(home) == Counter(x=1, mastodon=1, bluesky=2)


def test_an_entry_taken_off_the_blog_is_put_before_a_person_and_deleted_where_they_say(home: House) -> None:
    home.save(LUNCH, WELCOME)
    home.tick(times=8)
    home.save(WELCOME)
    home.tick(times=8)
    (removal,) = home.posts(post.c.kind == "withdrawal")
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 2)), "nothing is deleted by itself"
    choices = {"x": "delete", "mastodon": "delete", "bluesky": "leave"}
    assert desk.correct(home.store, ADA, removal.id, removal.revision, choices, {}).ok
    home.tick(times=3)
    assert _sent(home) == Counter(x=1, mastodon=1, bluesky=2)


def test_an_entry_taken_off_before_it_went_out_never_goes_out(home: House) -> None:
    home.save(LUNCH, WELCOME)
    home.tick()
    home.save(WELCOME)
    home.tick(times=20)
    assert all("Lunch" not in text for name in POSTERS for text in home.sent(name))
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 1))


def test_pause_stops_updates_replies_and_edits_and_nothing_is_lost(home: House) -> None:
    native = home.ask("mastodon", "How can carers get peer support at work? #QLabs")
    home.save(WELCOME)
    home.tick(times=8)
    desk.pause(home.store, ADA)
    desk.answer(home.store, ADA, home.question_of(native), "At their own pace.")
    home.save(LUNCH, ("9.50am", "Welcome", "Tea and fruit at the back."))
    home.tick(times=2)
    correction = home.posts(post.c.kind == "correction")[0]
    edited = {"x": "leave", "mastodon": "edit", "bluesky": "leave"}
    assert desk.correct(home.store, ADA, correction.id, correction.revision, edited, {}).ok
    before = {name: home.sent(name) for name in POSTERS}
    home.tick(times=30)
    assert {name: home.sent(name) for name in POSTERS} == before
    desk.unpause(home.store, ADA)
    home.tick(times=5)
    assert _sent(home) == Counter(x=1, mastodon=2, bluesky=1), "the reply goes at once, the update has a fresh grace"
    home.tick(times=5)
    assert _sent(home) == Counter(x=2, mastodon=3, bluesky=2)
    assert any("Tea and fruit" in text for text in home.sent("mastodon"))
    assert home.deliveries(delivery.c.state != "sent") == []


def test_a_pause_between_the_parts_of_a_thread_holds_the_rest_back(home: House) -> None:
    home.save(WELCOME)
    home.tick()
    (draft,) = home.posts()
    long = " ".join(f"Sentence number {n} says a little more." for n in range(20))
    assert desk.edit_update(home.store, ADA, draft.id, draft.revision, {"x": long}).ok
    (draft,) = home.posts()
    assert desk.approve(home.store, ADA, draft.id, draft.revision, {"x"}).ok
    parts = len(home.deliveries())
    assert parts > 2
    home.die_while_sending("x")
    desk.pause(home.store, ADA)
    home.tick(10, times=10)
    assert len(home.sent("x")) == 1
    desk.unpause(home.store, ADA)
    home.tick(10, times=10)
    thread = home.remote.posts("x")
    assert len(thread) == parts
    assert [one.parent_id for one in thread[1:]] == [one.native_id for one in thread[:-1]]


def test_a_stopped_network_keeps_its_rows_and_goes_on_when_a_person_starts_it(home: House) -> None:
    with home.store.write() as tx:
        networks.stop(tx, home.clock(), "mastodon", "The credential is wrong.")
    home.save(WELCOME)
    native = home.ask("mastodon", "How can carers get peer support at work? #QLabs")
    home.tick(times=20)
    assert (_sent(home), home.items()) == (Counter(x=1, bluesky=1), [])
    assert [row.state for row in home.deliveries(delivery.c.network == "mastodon")] == ["queued"]
    assert desk.start_network(home.store, ADA, "mastodon").ok
    home.tick(times=2)
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 1))
    assert home.question_of(native)


def test_a_wrong_credential_stops_its_network_alone(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Misconfigured("Mastodon does not know this token.")

    monkeypatch.setattr(home.networks["mastodon"], "send", refuse)
    home.save(WELCOME)
    home.tick(times=10)
    assert _sent(home) == Counter(x=1, bluesky=1)
    with home.store.read() as tx:
        stopped = {row.name: row.stopped for row in networks.rows(tx) if row.stopped}
    assert stopped == {"mastodon": "Mastodon does not know this token."}
    monkeypatch.undo()
    desk.start_network(home.store, ADA, "mastodon")
    home.tick(times=2)
    assert _sent(home) == Counter(dict.fromkeys(POSTERS, 1))


def _read(home: House, name: str) -> int:
    return home.remote.counted(name, "read")


@pytest.mark.parametrize(
    ("at", "free", "paid"),
    [
        (START - timedelta(days=3), False, False),
        (START - timedelta(hours=20), True, False),
        (START + timedelta(hours=3), True, True),
        (START + timedelta(days=4), True, False),
        (START + timedelta(days=10), False, False),
    ],
)
def test_paid_reading_happens_between_starts_and_ends_and_free_reading_around_it(
    tmp_path: Path, at: datetime, free: bool, paid: bool
) -> None:
    with house(tmp_path, at=at) as home:
        home.save()
        home.tick(EVERY, times=3)
        assert [_read(home, name) > 0 for name in ("mastodon", "bluesky", "wordpress")] == [free] * 3
        assert (_read(home, "x") > 0) == paid


def test_before_and_after_an_event_free_sources_are_read_more_slowly(tmp_path: Path) -> None:
    counts = []
    for number, at in enumerate((START - timedelta(hours=20), START + timedelta(hours=3), START + timedelta(days=4))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with house(folder, at=at) as home:
            home.save()
            home.tick(EVERY, times=60)
            counts.append(home.remote.counted("mastodon", "read"))
    assert counts == [6, 60, 2]


def test_an_entry_after_the_event_waits_for_approval(tmp_path: Path) -> None:
    with house(tmp_path, at=START + timedelta(days=3)) as home:
        home.save()
        home.tick(EVERY)
        home.save(WELCOME)
        home.tick(EVERY * 30, times=10)
        (draft,) = home.posts()
        assert (draft.state, draft.waits_for) == ("draft", "your approval: the event is not running")
        assert _sent(home) == Counter()


def test_the_workshop_replayed_save_by_save_is_announced_corrected_and_withdrawn(tmp_path: Path) -> None:
    told = workshop.timeline()
    sources = (SourcePlan("wordpress", "liveblog", BLOG, EVERY),)
    announce = {"mode": "grace", "seconds": 0, "networks": list(POSTERS)}
    with house(tmp_path, plan(announce=announce, starts=None, ends=None, sources=sources)) as home:
        for step, html in workshop.states():
            home.clock.at = max(home.clock.at, START)
            home.remote.save_blog(html, title=told["title"], at=datetime.fromisoformat(step["at"]))
            home.tick(EVERY)
            home.tick(EVERY)
        kinds = Counter((row.kind, row.state) for row in home.posts())
        assert kinds == {("update", "approved"): 32, ("correction", "draft"): 4, ("withdrawal", "draft"): 1}
        assert _sent(home) == Counter(dict.fromkeys(POSTERS, 32))
        assert {row.state for row in home.deliveries()} == {"sent"}
        assert all(len(set(home.sent(name))) == 32 for name in POSTERS)
