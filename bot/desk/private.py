"""The private lane: who may need help is seen by the event's leads alone, until one of them says otherwise."""

from __future__ import annotations

from bot.core.items import Kind, Standing
from bot.core.lanes import PRIVATE
from bot.desk.who import GONE, Done, Who, button
from bot.store import lane, questions
from bot.store.engine import Store

CLOSED = Done(True, "Kept private: only event leads see it now, and they were told.")
NOT_PRIVATE = Done(False, "Somebody was first: it is not in the private lane any more. Nothing was changed.")


@button
def keep_private(store: Store, who: Who, question_id: int) -> Done:
    """Take a question out of every list and off every screen, and leave it to the event's leads."""
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state in ("gone", "merged"):
            return GONE
        if row.lane != PRIVATE:
            lane.close(tx, store.now(tx), who.name, row)
        return CLOSED


@button
def keep_item_private(store: Store, who: Who, event_id: int, item_id: int) -> Done:
    """Leave one post to the event's leads; of several who ask the same, just this one."""
    with store.write() as tx:
        now, place = store.now(tx), lane.place_of(tx, event_id, item_id)
        if place is None or place.standing == Standing.GONE.value:
            return GONE
        if place.lane != PRIVATE:
            lane.set_apart(tx, now, who.name, place, frozenset(place.flags))
        return CLOSED


@button
def put_among_questions(store: Store, who: Who, question_id: int) -> Done:
    """It needs no care of ours: back to the facilitators, as a question."""
    return _open(store, who, question_id, Kind.QUESTION, "Now in the queue as a question.")


@button
def put_among_thoughts(store: Store, who: Who, question_id: int) -> Done:
    """It needs no care of ours and asks nothing: back to the facilitators, as a thought."""
    return _open(store, who, question_id, Kind.THOUGHT, "Now among the thoughts.")


def _open(store: Store, who: Who, question_id: int, kind: Kind, said: str) -> Done:
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        if row.lane != PRIVATE:
            return NOT_PRIVATE
        lane.open_again(tx, store.now(tx), who.name, row, kind)
        return Done(True, said)


@button
def dealt_with(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """Somebody has looked after it, by a reply or in another way."""
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        if row.lane != PRIVATE:
            return NOT_PRIVATE
        moved = questions.move(tx, store.now(tx), who.name, question_id, "answered", seen=seen, outcome=lane.CARE)
        if moved.change_id:
            return Done(True, "Dealt with. It stays in the private lane.", moved.change_id)
        return Done(False, f"{moved.row.moved_by if moved.row else ''} was first. Look at it again.".strip())
