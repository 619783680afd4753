"""The private lane: questions and placements that only the event's leads see, and the ways in and out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from bot.core.items import Kind
from bot.core.lanes import OPEN, PRIVATE
from bot.store import board, changes, questions
from bot.store.asking import CAME, begin_private, leave
from bot.store.tables import change, delivery, item, placement, post, question

CARE = "care"  # the outcome of what a lead has dealt with
SETTLED = ("answered", "followup", "parked", "dismissed", "room")
MOST = 200  # of the lane, on one page


def set_apart(tx: Connection, now: datetime, who: str, place: Row[Any], flags: Collection[str]) -> int:
    """Make one item private that stood elsewhere (`place_of`); those who asked the same stay where they are.

    The private question that it asks now.
    """
    row = questions.get(tx, place.question_id) if place.question_id is not None else None
    others = [one.text for one in questions.items_of(tx, row.id) if one.id != place.item_id] if row else []
    if row is not None and not others:
        close(tx, now, who, row, flags)
        return int(row.id)
    if row is not None:
        leave(tx, row, place.text, others)
    return begin_private(tx, now, who, place.event_id, place.id, place.text, place.written_at or now, flags)


def follow(tx: Connection, place_id: int) -> None:
    """A copy or its original is as private as the question that the two ask; without one it is private."""
    of_question = select(question.c.lane).join(placement, placement.c.question_id == question.c.id)
    found = tx.execute(of_question.where(placement.c.id == place_id)).scalar_one_or_none()
    tx.execute(update(placement).where(placement.c.id == place_id).values(lane=found or PRIVATE))


def close(tx: Connection, now: datetime, who: str, row: Row[Any], flags: Collection[str] = ()) -> int:
    """Put a whole question into the private lane: it leaves every list and screen. The change."""
    values: dict[str, Any] = {"lane": PRIVATE, "approved": "", "state": "waiting", "moved_at": now, "moved_by": who}
    values |= {"flags": sorted({*row.flags, *flags})}
    questions.change_words(tx, row.id, **values)
    tx.execute(update(placement).where(placement.c.question_id == row.id).values(lane=PRIVATE))
    return changes.record(tx, now, who, CAME, event_id=row.event_id, kind="question", ref=row.id)


def open_again(tx: Connection, now: datetime, who: str, row: Row[Any], kind: Kind) -> int:
    """Put a private question among the questions or the thoughts, as a person says; the change. It keeps its flags."""
    places = update(placement).where(placement.c.question_id == row.id)
    said = {"lane": OPEN, "kind": kind.value, "why": "A person said so", "judged_by": who}
    if kind is Kind.QUESTION:
        tx.execute(places.values(said))
        values: dict[str, Any] = {"lane": OPEN, "state": "waiting", "moved_at": now, "moved_by": who}
        questions.change_words(tx, row.id, **values)
    else:
        tx.execute(places.values(said | {"question_id": None}))
        empty(tx, now, who, row.id)
    what = f"put among the {kind.value}s"
    return changes.record(tx, now, who, what, event_id=row.event_id, kind="question", ref=row.id)


def empty(tx: Connection, now: datetime, who: str, question_id: int) -> None:
    """Nobody asks it any more, so none of its words may stay where an erasure would not look for them."""
    questions.change_words(tx, question_id, **questions.GONE, moved_at=now, moved_by=who)


def place_of(tx: Connection, event_id: int, item_id: int) -> Row[Any] | None:
    """How an item stands in an event, with its text and flags; None if it was not read for it."""
    columns: list[Any] = [*placement.c, *(item.c[name] for name in ("text", "flags", "written_at", "standing"))]
    there = select(*columns).join(item, item.c.id == placement.c.item_id)
    return tx.execute(there.where(placement.c.event_id == event_id, placement.c.item_id == item_id)).one_or_none()


def cards(tx: Connection, now: datetime, event_id: int, settled: bool = False) -> list[board.Card]:
    """What waits for a lead, oldest first, or what is settled, newest first; at most MOST."""
    here = (question.c.event_id == event_id, question.c.lane == PRIVATE)
    rows = select(question).where(*here, question.c.state.in_(SETTLED if settled else ("waiting",)))
    order = (question.c.moved_at.desc(), question.c.id.desc()) if settled else (question.c.asked_at, question.c.id)
    return board.cards(tx, now, tx.execute(rows.order_by(*order).limit(MOST)).all())


def why(tx: Connection, question_id: int) -> str:
    """What triage, or a person, said of the item that asks a private question; "" if nothing asks it any more."""
    said = select(placement.c.why).where(placement.c.question_id == question_id).order_by(placement.c.id)
    return str(tx.execute(said.limit(1)).scalar_one_or_none() or "")


def seen_by_all() -> ColumnElement[bool]:
    """The condition that a change says nothing about a private question or an answer to it."""
    asked = select(question.c.id).where(question.c.id == change.c.ref, question.c.lane == PRIVATE)
    answered = select(post.c.id).join(question, question.c.id == post.c.question_id)
    answered = answered.where(post.c.id == change.c.ref, question.c.lane == PRIVATE)
    return and_(or_(change.c.kind != "question", ~asked.exists()), or_(change.c.kind != "post", ~answered.exists()))


def touches(tx: Connection, name: str, ids: int | Collection[int], event_id: int | None) -> bool:
    """Whether one of the rows that a function of the desk calls `name` is in the private lane."""
    wanted: Sequence[int] = [ids] if isinstance(ids, int) else list(ids)
    if name == "item_id":
        mine = [placement.c.event_id == event_id] if event_id is not None else []
        rows = select(placement.c.id).where(placement.c.item_id.in_(wanted), placement.c.lane == PRIVATE, *mine)
    elif name in _QUESTIONS:
        rows = select(question.c.id).where(question.c.id.in_(_QUESTIONS[name](wanted)), question.c.lane == PRIVATE)
    else:
        return False
    return tx.execute(rows.limit(1)).first() is not None


def _named(ids: Sequence[int]) -> Any:
    return ids


def _of_change(ids: Sequence[int]) -> Any:
    return select(change.c.ref).where(change.c.id.in_(ids), change.c.kind == "question")


def _of_post(ids: Sequence[int]) -> Any:
    return select(post.c.question_id).where(post.c.id.in_(ids), post.c.question_id.is_not(None))


def _of_delivery(ids: Sequence[int]) -> Any:
    joined = select(post.c.question_id).join(delivery, delivery.c.post_id == post.c.id)
    return joined.where(delivery.c.id.in_(ids), post.c.question_id.is_not(None))


_QUESTIONS = {
    "question_id": _named,
    "question_ids": _named,
    "into_id": _named,
    "change_id": _of_change,
    "post_id": _of_post,
    "delivery_id": _of_delivery,
}

ROWS = frozenset({"item_id", *_QUESTIONS})  # how the functions of the desk call a row that may be private
