"""A delivery is called once, its parts in order, and every doubt about it ends as sent, queued or asked of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, update

from bot import desk
from bot.core import states
from bot.store import drafts, networks, outbox
from bot.store.engine import Store
from bot.store.tables import EPOCH, change, delivery
from tests.flows.house import ADA, START, Clock
from tests.store.rows import asked, drafted, question_row, rows

LEASE = timedelta(seconds=5)


def _approved(store: Store, title: str = "Welcome") -> None:
    draft = drafted(store, title)
    assert desk.approve(store, ADA, draft.id, draft.revision, {"mastodon"}).ok


def _thread(store: Store, *texts: str) -> int:
    with store.write() as tx:
        post_id = drafts.add(tx, store.now(tx), 1, "notice", [drafts.Wording("mastodon", texts)])
        row = drafts.get(tx, post_id)
        assert row is not None
        assert drafts.approve(tx, store.now(tx), "Ada", row, row.revision, None)
    return post_id


def _take(store: Store, name: str = "mastodon") -> Row[Any] | None:
    with store.write() as tx:
        return outbox.take(tx, store.now(tx), LEASE, name)


def _taken(store: Store, name: str = "mastodon") -> Row[Any]:
    row = _take(store, name)
    assert row is not None
    return row


def _record(store: Store, row: Row[Any], state: str, **values: Any) -> bool:
    with store.write() as tx:
        return outbox.record(tx, store.now(tx), row, state, **values)


def _lapse(store: Store) -> int:
    with store.write() as tx:
        return outbox.lapse(tx, store.now(tx))


def _state(store: Store) -> list[str]:
    return [row.state for row in rows(store, delivery)]


def test_sending_is_written_down_before_the_call(store: Store, clock: Clock) -> None:
    _approved(store)
    row = _taken(store)
    assert _state(store) == ["sending"]
    assert (row.attempts, row.called_at, row.started_at) == (1, clock(), clock())
    assert _take(store) is None, "it is held"


def test_the_first_call_is_remembered_over_later_ones(store: Store, clock: Clock) -> None:
    _approved(store)
    _record(store, _taken(store), "queued", due=clock())
    clock.go(30)
    row = _taken(store)
    assert (row.started_at, row.called_at, row.attempts) == (START, clock(), 2)


def test_parts_go_out_in_order_each_after_the_one_before_is_sent(store: Store) -> None:
    _thread(store, "One", "Two", "Three")
    remote: list[str] = []
    for number, text in enumerate(("One", "Two", "Three"), 1):
        row = _taken(store)
        assert _take(store) is None
        with store.read() as tx:
            handed = outbox.as_delivery(tx, row)
        assert (handed.text, handed.previous, handed.first) == (text, "".join(remote[-1:]), "".join(remote[:1]))
        remote.append(str(number))
        _record(store, row, "sent", remote_id=str(number), sent_at=store._clock and store._clock())


def test_when_a_part_is_dropped_the_later_ones_are_dropped_with_it(store: Store) -> None:
    _thread(store, "One", "Two", "Three")
    row = _taken(store)
    _record(store, row, "refused", error="No.")
    assert _take(store) is None
    assert desk.was_sent(store, ADA, row.id, "cancel").ok
    assert _state(store) == ["cancelled"] * 3


def test_a_refused_part_that_is_tried_again_takes_the_rest_along(store: Store, clock: Clock) -> None:
    _thread(store, "One", "Two")
    row = _taken(store)
    _record(store, row, "refused", error="No.")
    assert desk.retry(store, ADA, row.id).ok
    _record(store, _taken(store), "sent", remote_id="1", sent_at=clock())
    assert _taken(store).text == "Two"


def test_changes_of_one_remote_post_keep_their_order(store: Store, clock: Clock) -> None:
    for number in (1, 2):
        with store.write() as tx:
            wording = drafts.Wording("mastodon", (f"Words {number}",), "edit", target="77")
            post_id = drafts.add(tx, clock(), 1, "correction", [wording])
            row = drafts.get(tx, post_id)
            assert row is not None
            drafts.approve(tx, clock(), "Ada", row, row.revision, None)
    first = _taken(store)
    _record(store, first, "unsure", due=clock() + timedelta(seconds=9))
    assert _take(store) is None, "the older words could come back over the newer ones"
    clock.go(10)
    with store.write() as tx:
        looked = outbox.take_unsure(tx, clock(), LEASE, "mastodon")
        assert looked is not None
        outbox.record(tx, clock(), looked, "sent", remote_id="77", sent_at=clock())
    assert _taken(store).text == "Words 2"


def test_pause_a_stop_and_a_wait_of_the_network_hold_everything_back(store: Store, clock: Clock) -> None:
    _approved(store)
    desk.pause(store, ADA)
    assert _take(store) is None
    desk.unpause(store, ADA)
    with store.write() as tx:
        networks.stop(tx, clock(), "mastodon", "The credential is wrong.")
    assert _take(store) is None
    assert desk.start_network(store, ADA, "mastodon").ok
    with store.write() as tx:
        networks.block(tx, "mastodon", clock() + timedelta(seconds=30))
        networks.block(tx, "mastodon", clock() + timedelta(seconds=10))
    clock.go(29)
    assert _take(store) is None
    clock.go(1)
    assert _taken(store).state == "sending"


def test_another_network_goes_on_while_one_is_stopped(store: Store, clock: Clock) -> None:
    draft = drafted(store, "Welcome")
    desk.approve(store, ADA, draft.id, draft.revision)
    with store.write() as tx:
        networks.stop(tx, clock(), "mastodon", "The credential is wrong.")
    assert _take(store) is None
    assert _taken(store, "bluesky").network == "bluesky"


def test_a_call_whose_worker_died_is_unsure_and_not_sent_again(store: Store, clock: Clock) -> None:
    _approved(store)
    _taken(store)
    clock.go(4)
    assert _lapse(store) == 0
    clock.go(1)
    assert _lapse(store) == 1
    assert (_state(store), _take(store)) == (["unsure"], None)
    (row,) = rows(store, delivery)
    assert "stopped" in row.error


def test_a_hold_that_ended_before_its_call_began_is_free_again(store: Store, clock: Clock) -> None:
    _approved(store)
    row = _taken(store)
    with store.write() as tx:
        tx.execute(update(delivery).where(delivery.c.id == row.id).values(called_at=None))
    clock.go(5)
    _lapse(store)
    assert _state(store) == ["queued"]


def test_a_worker_that_comes_back_late_changes_nothing(store: Store, clock: Clock) -> None:
    _approved(store)
    late = _taken(store)
    clock.go(6)
    _lapse(store)
    assert not _record(store, late, "sent", remote_id="9", sent_at=clock())
    assert rows(store, delivery)[0].remote_id == ""


@pytest.mark.parametrize("state", ["unsure", "asking"])
def test_a_receipt_that_comes_late_settles_the_doubt(store: Store, clock: Clock, state: str) -> None:
    _approved(store)
    row = _taken(store)
    clock.go(6)
    assert _lapse(store) == 1
    with store.write() as tx:
        tx.execute(update(delivery).values(state=state))
        assert outbox.came_late(tx, store.now(tx), row, remote_id="7", url="https://mastodon.example/7", sent_at=START)
    [now] = rows(store, delivery)
    assert (now.state, now.remote_id, now.lease_until) == ("sent", "7", EPOCH)


def test_a_receipt_that_comes_late_changes_nothing_that_is_settled(store: Store, clock: Clock) -> None:
    _approved(store)
    row = _taken(store)
    clock.go(6)
    assert _lapse(store) == 1
    with store.write() as tx:
        tx.execute(update(delivery).values(state="cancelled"))
        assert not outbox.came_late(tx, store.now(tx), row, remote_id="7", url="", sent_at=START)
    assert _state(store) == ["cancelled"]


@pytest.mark.parametrize(("old", "new"), [("sent", "queued"), ("cancelled", "queued"), ("unsure", "cancelled")])
def test_a_move_that_the_table_lacks_is_an_error(store: Store, old: str, new: str) -> None:
    _approved(store)
    row = _taken(store)
    with store.write() as tx:
        tx.execute(update(delivery).values(state=old))
    stale = rows(store, delivery)[0]
    assert not states.may(states.DELIVERY, old, new)
    with pytest.raises(ValueError, match=f"from {old} to {new}"):
        _record(store, stale, new)
    assert row.id == stale.id


@pytest.mark.parametrize(
    ("choice", "state", "sentence"),
    [("sent", "sent", "will not be sent again"), ("again", "queued", "again now"), ("cancel", "cancelled", "not be")],
)
def test_a_person_settles_what_asks(store: Store, clock: Clock, choice: str, state: str, sentence: str) -> None:
    _approved(store)
    row = _taken(store)
    _record(store, row, "unsure", due=clock())
    with store.write() as tx:
        looked = outbox.take_unsure(tx, clock(), LEASE, "mastodon")
        assert looked is not None
        outbox.record(tx, clock(), looked, "asking", evidence="Looked 4 times.")
    done = desk.was_sent(store, ADA, row.id, choice, "https://m.example/@us/1" if choice == "sent" else "")
    assert done.ok
    assert sentence in done.sentence
    assert _state(store) == [state]
    assert not desk.was_sent(store, ADA, row.id, "sent").ok
    (said,) = rows(store, change, change.c.what == f"delivery {state}", change.c.who == "Ada")
    assert said.detail == {"by_hand": True}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "m.example/1", "file:///etc/passwd"])
def test_the_address_of_what_was_sent_is_a_web_address_or_nothing(store: Store, url: str) -> None:
    _approved(store)
    assert "no web address" in desk.was_sent(store, ADA, 1, "sent", url).sentence


def test_a_delivery_that_is_being_sent_cannot_be_settled_by_hand(store: Store) -> None:
    _approved(store)
    row = _taken(store)
    assert not desk.was_sent(store, ADA, row.id, "again").ok
    assert _state(store) == ["sending"]


def test_a_sent_answer_says_that_the_asker_was_told(store: Store, clock: Clock) -> None:
    number = asked(store, "1", "How can carers get peer support at work?", network="mastodon")
    desk.answer(store, ADA, number, "At their own pace.")
    assert question_row(store, number).told_at is None
    clock.go(7)
    _record(store, _taken(store), "sent", remote_id="9", sent_at=clock())
    assert question_row(store, number).told_at == clock()


def test_one_part_of_one_post_on_one_network_is_one_row(store: Store) -> None:
    _approved(store)
    (row,) = rows(store, delivery)
    again = {**row._mapping, "key": "other"}
    again.pop("id")
    with pytest.raises(Exception, match=r"(?i)unique"), store.write() as tx:
        tx.execute(insert(delivery).values(again))


def test_keys_are_unique_and_sort_as_they_were_made() -> None:
    keys = [outbox.new_key() for _ in range(2000)]
    assert keys == sorted(set(keys))
    assert {len(key) for key in keys} == {13}


def test_idle_means_that_nothing_moves_by_itself(store: Store, clock: Clock) -> None:
    def idle() -> bool:
        with store.read() as tx:
            return outbox.idle(tx)

    assert idle()
    draft = drafted(store, "Welcome")
    assert not idle()
    desk.hold(store, ADA, draft.id)
    assert idle()
    desk.approve(store, ADA, draft.id, draft.revision, {"mastodon"})
    assert not idle()
    _record(store, _taken(store), "sent", remote_id="1", sent_at=clock())
    assert idle()
    assert rows(store, delivery)[0].lease_until == EPOCH
