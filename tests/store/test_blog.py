"""Entries keep their identity; what follows from an edit depends on what is out; a person settles doubts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from bot import desk
from bot.core.edits import Doubt
from bot.store import blog, events, outbox, updates
from bot.store.engine import Store
from bot.store.tables import delivery, doubt, post, version
from bot.store.tables import entry as entry_table
from tests.flows.house import ADA, Clock
from tests.store.rows import changed, drafted, entry, post_row, rows, source_of

LEASE = timedelta(seconds=5)


def _out(store: Store, title: str = "Welcome") -> Row[Any]:
    """An update that is sent everywhere."""
    draft = drafted(store, title)
    assert desk.approve(store, ADA, draft.id, draft.revision).ok
    for row in rows(store, delivery, delivery.c.post_id == draft.id):
        with store.write() as tx:
            taken = outbox.take(tx, store.now(tx), LEASE, row.network)
            assert taken is not None
            outbox.record(tx, store.now(tx), taken, "sent", remote_id=f"{row.network}-{row.id}", sent_at=store.now(tx))
    return draft


def _gone(store: Store, draft: Row[Any]) -> None:
    with store.write() as tx:
        now = store.now(tx)
        ev = events.one_event(tx, draft.event_id)
        updates.entry_gone(tx, now, ev, blog.remove(tx, now, draft.entry_id))


def _about(store: Store, draft: Row[Any], kind: str) -> list[Row[Any]]:
    return rows(store, post, post.c.entry_id == draft.entry_id, post.c.kind == kind)


def test_an_entry_that_changes_after_it_went_out_is_a_correction_for_a_person(store: Store, clock: Clock) -> None:
    draft = _out(store)
    changed(store, draft, "Welcome, all")
    (correction,) = _about(store, draft, "correction")
    assert (correction.go_at, correction.corrects) == (None, draft.id)
    assert correction.detail["before"]["title"] == "Welcome"
    said = {row.network: row for row in rows(store, version, version.c.post_id == correction.id)}
    assert (said["mastodon"].action, said["mastodon"].chosen) == ("edit", True)
    assert said["mastodon"].target.startswith("mastodon-")
    assert (said["x"].action, said["x"].chosen) == ("create", False)


def test_a_correction_follows_further_edits_and_goes_when_the_blog_says_again_what_is_out(store: Store) -> None:
    draft = _out(store)
    changed(store, draft, "Welcome, all")
    changed(store, draft, "Welcome, everybody")
    (correction,) = _about(store, draft, "correction")
    assert correction.revision == 2
    changed(store, draft, "Welcome")
    (correction,) = _about(store, draft, "correction")
    assert correction.state == "withdrawn"


def test_a_correction_is_sent_as_decided_for_each_network(store: Store) -> None:
    draft = _out(store)
    changed(store, draft, "Welcome, all")
    (correction,) = _about(store, draft, "correction")
    choices = {"x": "leave", "mastodon": "edit", "bluesky": "create"}
    done = desk.correct(store, ADA, correction.id, correction.revision, choices, {"bluesky": "Correction: all."})
    assert done.ok, done.sentence
    sent = {row.network: row for row in rows(store, delivery, delivery.c.post_id == correction.id)}
    assert set(sent) == {"mastodon", "bluesky"}
    assert (sent["mastodon"].action, sent["bluesky"].text) == ("edit", "Correction: all.")
    assert not desk.correct(store, ADA, correction.id, correction.revision, choices, {}).ok


def test_a_correction_of_what_changed_again_is_refused(store: Store) -> None:
    draft = _out(store)
    changed(store, draft, "Welcome, all")
    (seen,) = _about(store, draft, "correction")
    changed(store, draft, "Welcome, everybody")
    refused = desk.correct(store, ADA, seen.id, seen.revision, {"mastodon": "edit"}, {})
    assert (refused.ok, rows(store, delivery, delivery.c.post_id == seen.id)) == (False, [])


def test_an_entry_that_goes_before_its_update_went_takes_the_draft_along(store: Store) -> None:
    draft = drafted(store, "Welcome")
    _gone(store, draft)
    assert post_row(store, draft.id).state == "withdrawn"
    assert _about(store, draft, "withdrawal") == []


def test_an_entry_that_goes_after_its_update_went_is_put_before_a_person_once(store: Store) -> None:
    draft = _out(store)
    _gone(store, draft)
    _gone(store, draft)
    (removal,) = _about(store, draft, "withdrawal")
    assert (removal.state, removal.go_at) == ("draft", None)
    said = rows(store, version, version.c.post_id == removal.id)
    assert {(row.action, row.chosen) for row in said} == {("delete", False)}
    choices = dict.fromkeys(("x", "mastodon", "bluesky"), "delete")
    assert desk.correct(store, ADA, removal.id, removal.revision, choices, {}).ok
    deletes = rows(store, delivery, delivery.c.post_id == removal.id)
    assert {row.target for row in deletes} == {row.remote_id for row in rows(store, delivery) if row.remote_id}


def test_an_entry_that_goes_comes_back_and_goes_again_is_put_before_a_person_again(store: Store, clock: Clock) -> None:
    draft = _out(store)
    _gone(store, draft)
    with store.write() as tx:
        blog.restore(tx, clock(), events.one_event(tx, draft.event_id), draft.entry_id, entry("Welcome"))
    _gone(store, draft)
    assert [row.state for row in _about(store, draft, "withdrawal")] == ["withdrawn", "draft"]


def test_an_entry_that_comes_back_is_not_announced_twice(store: Store, clock: Clock) -> None:
    draft = _out(store)
    _gone(store, draft)
    with store.write() as tx:
        blog.restore(tx, clock(), events.one_event(tx, draft.event_id), draft.entry_id, entry("Welcome"))
    (removal,) = _about(store, draft, "withdrawal")
    assert removal.state == "withdrawn"
    assert len(_about(store, draft, "update")) == 1
    assert _about(store, draft, "correction") == [], "what is out is what the blog says"


def test_an_entry_that_comes_back_after_its_posts_were_deleted_is_put_before_a_person(
    store: Store, clock: Clock
) -> None:
    draft = _out(store)
    _gone(store, draft)
    (removal,) = _about(store, draft, "withdrawal")
    choices = dict.fromkeys(("x", "mastodon", "bluesky"), "delete")
    assert desk.correct(store, ADA, removal.id, removal.revision, choices, {}).ok
    with store.write() as tx:
        blog.restore(tx, clock(), events.one_event(tx, draft.event_id), draft.entry_id, entry("Welcome"))
    assert [row.state for row in _about(store, draft, "correction")] == ["draft"]


def test_a_draft_whose_entry_comes_back_waits_for_approval(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    _gone(store, draft)
    with store.write() as tx:
        blog.restore(tx, clock(), events.one_event(tx, draft.event_id), draft.entry_id, entry("Welcome"))
    row = post_row(store, draft.id)
    assert (row.state, row.go_at, row.waits_for) == ("draft", None, "your approval")


def _doubt(store: Store, *doubts: Doubt) -> int:
    src = source_of(store, "wordpress", "liveblog")
    with store.write() as tx:
        return blog.keep_doubts(tx, store.now(tx), src, doubts)


UNCLEAR = Doubt("copy", "Two entries say the same. Which is new?", (entry("Welcome"),))


def test_a_doubt_is_put_before_a_person_once_and_passes_when_the_blog_resolves_it(store: Store) -> None:
    assert (_doubt(store, UNCLEAR), _doubt(store, UNCLEAR)) == (1, 0)
    assert _doubt(store) == 0
    assert rows(store, doubt)[0].state == "passed"
    assert _doubt(store, UNCLEAR) == 0
    assert [row.state for row in rows(store, doubt)] == ["open"]
    assert rows(store, entry_table) == []


@pytest.mark.parametrize(
    ("choice", "entries", "announced"), [("announce", ["new"], 1), ("known", ["old"], 0), ("gone", [], 0)]
)
def test_a_doubt_is_settled_by_a_person_once(store: Store, choice: str, entries: list[str], announced: int) -> None:
    _doubt(store, UNCLEAR)
    assert desk.settle_doubt(store, ADA, 1, choice).ok
    assert not desk.settle_doubt(store, ADA, 1, "announce").ok
    assert [row.state for row in rows(store, entry_table)] == entries
    assert len(rows(store, post)) == announced


def test_what_was_settled_is_asked_again_if_it_comes_again(store: Store) -> None:
    _doubt(store, UNCLEAR)
    assert desk.settle_doubt(store, ADA, 1, "gone").ok
    assert _doubt(store, UNCLEAR) == 0, "it was decided, and the page still says so"
    with store.write() as tx:
        blog.keep_doubts(tx, store.now(tx), source_of(store, "wordpress", "liveblog"), [], readable=False)
    assert _doubt(store, UNCLEAR) == 0, "a page that could not be read resolves nothing"
    assert _doubt(store) == _doubt(store) == 0
    assert _doubt(store, UNCLEAR) == 1
    assert [row.state for row in rows(store, doubt)] == ["settled", "open"]


def test_a_doubt_knows_no_other_answers(store: Store) -> None:
    _doubt(store, UNCLEAR)
    assert not desk.settle_doubt(store, ADA, 1, "perhaps").ok
    assert not desk.settle_doubt(store, ADA, 77, "known").ok


def test_entries_taken_as_known_take_over_the_stored_ones_in_order(store: Store) -> None:
    first, second = drafted(store, "Welcome"), drafted(store, "Lunch")
    with store.read() as tx:
        known = blog.known(tx, source_of(store, "wordpress", "liveblog").id)
    rewritten = tuple(replace(entry(f"{one.title}!"), time=one.time) for one in known)
    _doubt(store, Doubt("format", "Everything looks different.", rewritten, tuple(known)))
    assert desk.settle_doubt(store, ADA, 1, "known").ok
    titles = {row.id: row.title for row in rows(store, entry_table)}
    assert titles == {first.entry_id: "Welcome!", second.entry_id: "Lunch!"}
    assert len(rows(store, post)) == 2
