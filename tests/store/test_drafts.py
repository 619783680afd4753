"""A draft says what the blog says until a person speaks; nothing goes out that was not seen, and pause stops it all."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import desk
from bot.desk import Who
from bot.store import drafts, events
from bot.store.engine import Store
from bot.store.tables import delivery, event, post, version
from tests.flows.house import ADA, POSTERS, START, Clock, plan
from tests.store.rows import changed, count, drafted, post_row, rows, set_up

BOB = Who(2, "Bob", "comms")


def _end(store: Store) -> list[int]:
    with store.write() as tx:
        return drafts.end_grace(tx, store.now(tx))


def _words(store: Store) -> dict[str, list[str]]:
    return {row.network: row.parts for row in rows(store, version)}


def test_a_draft_goes_out_by_itself_when_its_grace_is_over(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    clock.go(59)
    assert _end(store) == []
    clock.go(1)
    assert _end(store) == [draft.id]
    assert _end(store) == []
    assert {row.network for row in rows(store, delivery)} == set(POSTERS)
    assert post_row(store, draft.id).state == "approved"


def test_what_was_approved_is_to_the_letter_what_is_queued(store: Store) -> None:
    draft = drafted(store, "Welcome", "Tea & biscuits ☕ – “all” of them.")
    said = _words(store)
    assert desk.approve(store, ADA, draft.id, draft.revision).ok
    assert {row.network: [row.text] for row in rows(store, delivery)} == said


def test_approval_holds_for_the_revision_that_was_seen(store: Store) -> None:
    draft = drafted(store, "Welcome")
    changed(store, draft, "Welcome, all")
    late = desk.approve(store, ADA, draft.id, draft.revision)
    assert (late.ok, count(store, delivery)) == (False, 0)
    assert "changed while you looked" in late.sentence
    assert desk.approve(store, ADA, draft.id, draft.revision + 1).ok


def test_of_two_who_approve_at_once_one_does(store: Store) -> None:
    draft = drafted(store, "Welcome")
    done: list[bool] = []
    threads = [
        threading.Thread(target=lambda: done.append(desk.approve(store, ADA, draft.id, draft.revision).ok), daemon=True)
        for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [False] * 5 + [True]
    assert count(store, delivery) == len(POSTERS)


def test_a_draft_that_changes_on_the_blog_settles_anew(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    clock.go(50)
    changed(store, draft, "Welcome, all")
    row = post_row(store, draft.id)
    assert (row.go_at, row.revision) == (clock() + timedelta(seconds=60), 2)
    assert all("Welcome, all" in parts[0] for parts in _words(store).values())


def test_a_draft_that_still_changes_after_five_minutes_waits_for_a_person(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    for n in range(4):
        clock.go(60)
        changed(store, draft, f"Welcome {n}")
        assert post_row(store, draft.id).go_at is not None
    clock.go(60)
    changed(store, draft, "Welcome at last")
    row = post_row(store, draft.id)
    assert (row.go_at, row.waits_for) == (None, "it kept changing for 5 minutes")
    assert _end(store) == []
    assert desk.approve(store, ADA, draft.id, row.revision).ok


def test_a_draft_that_a_person_edited_stops_following_the_blog_and_says_so(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    assert desk.edit_update(store, BOB, draft.id, draft.revision, {"x": "Our own words"}).ok
    changed(store, draft, "Something else")
    row = post_row(store, draft.id)
    assert (row.blog_changed, row.go_at, row.waits_for) == (True, None, "the blog changed after your edit")
    assert _words(store)["x"] == ["Our own words"]
    clock.go(600)
    assert _end(store) == []


def test_an_edit_of_what_changed_meanwhile_is_refused(store: Store) -> None:
    draft = drafted(store, "Welcome")
    changed(store, draft, "Welcome, all")
    assert not desk.edit_update(store, BOB, draft.id, draft.revision, {"x": "Our own words"}).ok
    assert "Welcome, all" in _words(store)["x"][0]


def test_a_held_draft_does_not_go_and_has_a_fresh_countdown_afterwards(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    assert desk.hold(store, ADA, draft.id).ok
    assert desk.hold(store, BOB, draft.id).sentence == "Held by Ada already."
    clock.go(3600)
    assert _end(store) == []
    changed(store, draft, "Welcome, all")
    assert post_row(store, draft.id).go_at is None
    assert desk.unhold(store, BOB, draft.id).ok
    assert post_row(store, draft.id).go_at == clock() + timedelta(seconds=60)


def test_without_a_grace_a_draft_that_is_no_longer_held_goes_at_once(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    with store.write() as tx:
        options = tx.execute(select(event.c.options)).scalar_one()
        tx.execute(update(event).values(options=options | {"announce": options["announce"] | {"seconds": 0}}))
    assert desk.hold(store, ADA, draft.id).ok
    assert desk.unhold(store, ADA, draft.id).ok
    assert post_row(store, draft.id).go_at == clock()
    assert _end(store) == [draft.id]


def test_a_withdrawn_draft_never_goes_and_can_be_a_draft_again(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    assert desk.withdraw(store, ADA, draft.id, draft.revision).ok
    clock.go(3600)
    assert _end(store) == []
    assert not desk.approve(store, BOB, draft.id, draft.revision).ok
    assert desk.back_to_draft(store, ADA, draft.id).ok
    row = post_row(store, draft.id)
    assert (row.state, row.waits_for, row.go_at) == ("draft", "your approval", None)


def test_an_approved_post_cannot_be_withdrawn_or_held(store: Store) -> None:
    draft = drafted(store, "Welcome")
    desk.approve(store, ADA, draft.id, draft.revision)
    for refused in (desk.withdraw(store, BOB, draft.id), desk.hold(store, BOB, draft.id)):
        assert (refused.ok, refused.sentence) == (False, "It was approved already. Nothing was sent twice.")


def test_pause_stops_the_countdown_and_afterwards_every_draft_has_a_fresh_one(store: Store, clock: Clock) -> None:
    draft, held = drafted(store, "Welcome"), drafted(store, "Lunch")
    desk.hold(store, ADA, held.id)
    assert desk.pause(store, ADA).ok
    assert not desk.pause(store, BOB).ok
    clock.go(3600)
    assert _end(store) == []
    assert desk.unpause(store, BOB).ok
    assert post_row(store, draft.id).go_at == clock() + timedelta(seconds=60)
    assert post_row(store, held.id).go_at is None
    assert _end(store) == []


def test_networks_that_a_person_leaves_out_get_nothing(store: Store) -> None:
    draft = drafted(store, "Welcome")
    assert not desk.approve(store, ADA, draft.id, draft.revision, set()).ok
    assert desk.approve(store, ADA, draft.id, draft.revision, {"mastodon"}).ok
    assert [row.network for row in rows(store, delivery)] == ["mastodon"]


@pytest.mark.parametrize("days", [-2, 3])
def test_before_and_after_an_event_an_entry_waits_for_approval(store: Store, clock: Clock, days: int) -> None:
    clock.at = START + timedelta(days=days)
    row = drafted(store, "Welcome")
    assert (row.go_at, row.waits_for) == (None, "your approval: the event is not running")


def test_a_draft_that_counts_down_when_its_event_ends_waits_for_a_person(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        tx.execute(update(event).values(ends=clock() + timedelta(seconds=30)))
    draft = drafted(store, "Good bye")
    clock.go(61)
    assert _end(store) == []
    row = post_row(store, draft.id)
    assert (row.state, row.go_at, row.waits_for) == ("draft", None, "your approval: the event is not running")


def test_an_event_that_wants_approval_sends_nothing_by_itself(store: Store, clock: Clock) -> None:
    set_up(store, clock, plan(announce={"mode": "approve", "networks": list(POSTERS)}))
    row = drafted(store, "Welcome")
    clock.go(3600)
    assert (_end(store), row.waits_for) == ([], "your approval")


def test_an_event_that_announces_nowhere_drafts_nothing(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        events.sync(tx, clock(), [plan(announce={"networks": []})])
    with pytest.raises(AssertionError):
        drafted(store, "Welcome")
    assert count(store, post) == 0


def test_an_entry_whose_time_lies_ahead_warns_and_is_not_held(store: Store, clock: Clock) -> None:
    clock.at = START - timedelta(minutes=30)
    row = drafted(store, "Lunch")
    assert "ahead of the clock" in row.detail["warning"]
    assert row.go_at is not None


@pytest.mark.parametrize("text", ["", "x" * 50_000, "\u202e<script>alert(1)</script>"])
def test_no_entry_is_too_odd_to_be_drafted(store: Store, text: str) -> None:
    drafted(store, "Welcome", text)
    assert {row.problem for row in rows(store, version)} == {""}


def _on_x(store: Store) -> list[str]:
    return [row.parts[0] for row in rows(store, version, version.c.network == "x")]


def test_entries_that_say_the_same_get_words_of_their_own_on_x_before_anyone_approves(store: Store) -> None:
    for _ in range(4):
        drafted(store, "Coffee", "")
    assert _on_x(store) == [
        "10:00am: Coffee\n\n#QLabs",
        "4 May, 10:00am: Coffee\n\n#QLabs",
        "10:00am (2): Coffee\n\n#QLabs",
        "10:00am (3): Coffee\n\n#QLabs",
    ]
    elsewhere = {row.parts[0] for row in rows(store, version, version.c.network == "mastodon")}
    assert len(elsewhere) == 1


def test_words_that_are_out_on_x_are_not_drafted_again(store: Store, clock: Clock) -> None:
    first = drafted(store, "Coffee", "")
    clock.go(60)
    assert _end(store) == [first.id]
    second = drafted(store, "Coffee", "")
    assert _on_x(store)[1] == "4 May, 10:00am: Coffee\n\n#QLabs"
    clock.go(60)
    assert _end(store) == [second.id]
    sent = [row.text for row in rows(store, delivery, delivery.c.network == "x")]
    assert len(set(sent)) == len(sent) == 2


def test_a_draft_keeps_its_own_words_when_the_blog_is_saved_and_corrected(store: Store, clock: Clock) -> None:
    drafted(store, "Coffee", "")
    second = drafted(store, "Coffee", "")
    changed(store, second, "Coffee", "Cake too.")
    assert _on_x(store)[1] == "10:00am: Coffee\n\nCake too.\n\n#QLabs"
    changed(store, second, "Coffee", "")
    assert _on_x(store)[1] == "4 May, 10:00am: Coffee\n\n#QLabs"
    clock.go(60)
    _end(store)
    changed(store, second, "Tea", "")
    (correction,) = rows(store, post, post.c.kind == "correction")
    changed(store, second, "Coffee", "")
    assert post_row(store, correction.id).state == "withdrawn", "the blog says again what was sent"
