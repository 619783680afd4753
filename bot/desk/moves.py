"""Moving questions: one at a time or several, and taking a move back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.core import consent, room
from bot.core.items import Kind
from bot.core.lanes import PRIVATE
from bot.desk.who import GONE, Done, Who, button
from bot.store import changes, placements, questions, screens
from bot.store.engine import Store

SAYS = {
    "waiting": "Back in the queue.",
    "parked": "Parked.",
    "room": "On the list for the room.",
    "answered": "Answered.",
    "followup": "Kept to follow up after the event.",
    "dismissed": "Dismissed.",
    "merged": "Put together with another question.",
    "gone": "Its author deleted it.",
}


def _move(store: Store, who: Who, question_id: int, to: str, seen: str) -> Done:
    with store.write() as tx:
        return put(tx, store.now(tx), who, question_id, to, seen)


def put(tx: Connection, now: datetime, who: Who, question_id: int, to: str, seen: str = "") -> Done:
    """Move one question inside the caller's transaction, by the rules of its button."""
    values = landing(tx, now, questions.get(tx, question_id), to)
    if isinstance(values, Done):
        return values
    return as_done(questions.move(tx, now, who.name, question_id, to, seen=seen, **values), to)


def landing(tx: Connection, now: datetime, row: Row[Any] | None, to: str) -> dict[str, Any] | Done:
    """The columns that a move there sets beside the state; a refusal if the question may not go there as it is."""
    if to == "answered":
        return {"outcome": questions.ALOUD, "answered_at": now}
    if to != "room":
        return {"outcome": ""}
    refusal = _unfit(tx, row)
    if row is None or refusal is not None:
        return refusal or GONE
    position = questions.last_position(tx, row.event_id) + 1
    approved = room.mark(screens.words_of(tx, row))
    return {"position": position, "raised_at": row.raised_at or now, "approved": approved, "outcome": ""}


def _unfit(tx: Connection, row: Row[Any] | None) -> Done | None:
    """Why a question may not be put before the room as it is, None if it may."""
    if row is None or row.state == "gone":
        return GONE
    if row.lane == PRIVATE:
        return Done(False, "It is kept private. Put it among the questions first: nothing private reaches the room.")
    if row.flags and not row.wording:
        return Done(False, "Reword it for the room first: it is flagged, and only approved words reach the room.")
    if not row.wording and not consent.may_be_shown(questions.marks_of(tx, row)):
        return Done(False, "Reword it for the room first: its author asks not to be shown in these words.")
    return None


def as_done(moved: questions.Moved, to: str, said: str = "") -> Done:
    """What came of a move, in a sentence; `said` in place of the usual one if it took place."""
    if moved.row is None:
        return GONE
    if moved.change_id:
        return Done(True, said or SAYS[to], moved.change_id)
    by = f"{moved.row.moved_by} was first: " if moved.row.moved_by else "It is as it was: "
    said = by + SAYS[moved.row.state][0].lower() + SAYS[moved.row.state][1:]
    return Done(False, said, state="" if moved.row.state in ("gone", "merged") else moved.row.state)


@button
def to_room(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """Put it on the list to be raised. A flagged one needs wording that a person wrote."""
    return _move(store, who, question_id, "room", seen)


@button
def park(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """Set it aside for later."""
    return _move(store, who, question_id, "parked", seen)


@button
def dismiss(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """It will not be used."""
    return _move(store, who, question_id, "dismissed", seen)


@button
def wait(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """Back into the queue."""
    return _move(store, who, question_id, "waiting", seen)


@button
def answered(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """It was answered aloud in the room."""
    return _move(store, who, question_id, "answered", seen)


@button
def move_many(store: Store, who: Who, event_id: int, question_ids: Sequence[int], to: str, seen: str = "") -> Done:
    """Move several questions at once; what somebody moved meanwhile stays, and the sentence says so."""
    if to not in SAYS or to in ("merged", "gone"):
        return Done(False, "There is no such list. Nothing was changed.")
    if not question_ids:
        return Done(False, "Nothing was chosen. Tick the questions first; nothing was changed.")
    with store.write() as tx:
        now = store.now(tx)
        each = [put(tx, now, who, id, to, seen) for id in dict.fromkeys(question_ids)]
        moved = [done.change_id for done in each if done.ok]
        left = [done for done in each if not done.ok]
        kept = (
            f" {len(left)} stayed as {'they were' if len(left) > 1 else 'it was'}. {left[0].sentence}" if left else ""
        )
        if not moved:
            return Done(False, f"Nothing was changed. {left[0].sentence}")
        together = changes.record(
            tx, now, who.name, "moved together", event_id=event_id, kind="several", to=to, changes=moved
        )
        return Done(True, f"{len(moved)} question{'s' if len(moved) > 1 else ''}: {SAYS[to]}{kept}", together)


@button
def undo(store: Store, who: Who, change_id: int) -> Done:
    """Take the last move of a question back."""
    with store.write() as tx:
        now = store.now(tx)
        then = changes.get(tx, change_id)
        if then is not None and then.kind == "several":
            return _undo_several(tx, now, who, then.detail["changes"])
        if then is not None and then.kind == "item" and "was" in then.detail:
            return _undo_item(tx, now, who, then)
        if questions.unmerge(tx, now, who.name, change_id):
            return Done(True, "Taken apart again.")
        moved = questions.set_back(tx, now, who.name, change_id)
        if moved.change_id and moved.row is not None:
            return Done(True, f"Undone. {SAYS[moved.row.state]}", moved.change_id)
        if moved.told:
            return Done(False, "The answer is on its way and cannot be called back. Nothing was changed.")
        return Done(False, "Too late to undo: somebody has moved it since. Nothing was changed.")


def _undo_item(tx: Connection, now: datetime, who: Who, then: Row[Any]) -> Done:
    newest = changes.newest_of(tx, "item", then.ref)
    if newest is None or newest.id != then.id or not _was(tx, now, who, then):
        return Done(False, "Too late to undo: somebody went on with it since. Nothing was changed.")
    return Done(True, "Undone. It is where it was.")


def _was(tx: Connection, now: datetime, who: Who, then: Row[Any]) -> bool:
    """Make an item again what it was before a change."""
    kind = Kind(then.detail["was"])
    if kind is Kind.QUESTION:
        return bool(placements.make_question(tx, now, who.name, then.event_id, then.ref))
    return placements.rejudge(tx, now, who.name, then.event_id, then.ref, kind)


def _undo_several(tx: Connection, now: datetime, who: Who, ids: Sequence[int]) -> Done:
    back = [id for id in ids if questions.set_back(tx, now, who.name, id).change_id]
    if not back:
        return Done(False, "Too late to undo: somebody has moved them since. Nothing was changed.")
    kept = f" {len(ids) - len(back)} had been moved since and stay there." if len(back) < len(ids) else ""
    return Done(True, f"Undone for {len(back)} question{'s' if len(back) > 1 else ''}.{kept}")
