"""What the room adds: a question asked there, the order of what comes next, one asker taken out of a group."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.items import Kind
from bot.core.questions import VERSION, Verdict
from bot.store import changes, questions
from bot.store.asking import Earlier, ask, leave, mark_of_words
from bot.store.placements import verdict_on
from bot.store.tables import item, placement, question

FLOOR = "floor"  # stands where a network's name does: nothing is read from it and nothing is sent to it


def add(tx: Connection, now: datetime, who: str, ev: Row[Any], text: str, name: str) -> int:
    """A question asked in the room, by somebody called `name` ("" if nobody said): its id, or that of the same one."""
    verdict = verdict_on(ev, text, "")
    values: dict[str, Any] = {"network": FLOOR, "native_id": secrets.token_hex(16), "text": text, "author_name": name}
    values |= {"written_at": now, "seen_at": now, "flags": sorted(verdict.flags)}
    item_id = tx.execute(insert(item).values(values).returning(item.c.id)).scalar_one()
    here = {"event_id": ev.id, "item_id": item_id, "kind": Kind.QUESTION.value, "theme": verdict.theme}
    here |= {"why": "Asked in the room", "judged_by": who}
    placed = tx.execute(insert(placement).values(here).returning(placement.c.id)).scalar_one()
    asks = Verdict(Kind.QUESTION, verdict.flags, verdict.why, verdict.theme)
    ask(tx, now, ev.id, placed, text, now, asks, Earlier(tx, ev.id))
    found = select(placement.c.question_id).where(placement.c.id == placed)
    question_id = int(tx.execute(found).scalar_one())
    changes.record(tx, now, who, "added from the floor", event_id=ev.id, kind="question", ref=question_id)
    return question_id


def shift(tx: Connection, now: datetime, who: str, row: Row[Any], up: bool) -> int:
    """Let it change places with its neighbour on the list for the room; the change, 0 if it is at the end."""
    listed = select(question.c.id, question.c.position).where(
        question.c.event_id == row.event_id, question.c.state == "room"
    )
    in_order = tx.execute(listed.order_by(question.c.position, question.c.id).with_for_update()).all()
    ids = [one.id for one in in_order]
    at = ids.index(row.id) if row.id in ids else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(ids):
        return 0
    ids[at], ids[to] = ids[to], ids[at]
    for place, (id, old) in enumerate(zip(ids, in_order, strict=True), 1):
        if id != old.id or old.position != place:
            tx.execute(update(question).where(question.c.id == id).values(position=float(place)))
    what = "moved up" if up else "moved down"
    return changes.record(tx, now, who, what, event_id=row.event_id, kind="question", ref=row.id)


def split_off(tx: Connection, now: datetime, who: str, row: Row[Any], item_id: int) -> int:
    """Take one asker out of a group: the question that they ask by themselves, 0 if nobody else asks with them."""
    others = [one for one in questions.items_of(tx, row.id) if one.id != item_id]
    mine = (placement.c.question_id == row.id, placement.c.item_id == item_id)
    there = placement.join(item, item.c.id == placement.c.item_id)
    columns: list[Any] = [placement.c.id, item.c.text, item.c.flags, item.c.written_at, item.c.seen_at]
    place: Row[Any] | None = tx.execute(select(*columns).select_from(there).where(*mine)).one_or_none()
    if place is None or not others:
        return 0
    new = _question_of(tx, row, place)
    tx.execute(update(placement).where(placement.c.id == place.id).values(question_id=new, judged_by=who or VERSION))
    leave(tx, row, place.text, [one.text for one in others])
    changes.record(tx, now, who, "asked", event_id=row.event_id, kind="question", ref=new)
    changes.record(tx, now, who, "split off", event_id=row.event_id, kind="question", ref=row.id, alone=new)
    return new


def _question_of(tx: Connection, row: Row[Any], place: Row[Any]) -> int:
    values = {
        "event_id": row.event_id, "text": place.text, "theme": row.theme, "flags": sorted(place.flags),
        "lane": row.lane, "fingerprint": mark_of_words(place.text), "asked_at": place.written_at or place.seen_at,
    }  # fmt: skip
    return int(tx.execute(insert(question).values(values).returning(question.c.id)).scalar_one())
