"""The moves of a question. Each is a conditional UPDATE on the state it left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.core import consent, states
from bot.store import changes
from bot.store.tables import EPOCH, item, note, placement, question, sighting, source

THE_BLOG = "the blog's moderators"  # who took a comment out of sight
A_BLOCK = "a block"  # what kept out a question whose author edited something into it that is blocked
ALOUD, WRITING, DECLINED = "aloud", "writing", "declined"  # outcomes: said in the room, written, kindly not taken up
# A question of which no word is left.
GONE = {"state": "gone", "text": "", "wording": "", "fingerprint": "", "approved": "", "flags": []}
KEPT_FOR_UNDO = ("state", "outcome", "position", "merged_into")


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that took place (`change_id`), or the row as somebody else left it. `told`: words went out with it."""

    change_id: int
    row: Row[Any] | None
    told: bool = False


def get(tx: Connection, question_id: int) -> Row[Any] | None:
    """One question, or None; nobody else changes it until this transaction ends."""
    return tx.execute(select(question).where(question.c.id == question_id).with_for_update()).one_or_none()


def event_of(tx: Connection, question_id: int) -> int | None:
    """The id of its event; None if there is no such question."""
    return tx.execute(select(question.c.event_id).where(question.c.id == question_id)).scalar_one_or_none()


def move(
    tx: Connection,
    now: datetime,
    who: str,
    question_id: int,
    to: str,
    *,
    seen: str = "",
    told: bool = False,
    **more: Any,
) -> Moved:
    """Move a question to another state, if it is still as `seen` (any state, if empty). `told`: its askers are told."""
    row = get(tx, question_id)
    apart = row is not None and row.state == "merged" and seen != "merged"  # only taking a merge back does that
    if row is None or apart or (seen and row.state != seen) or not states.may(states.QUESTION, row.state, to):
        return Moved(0, row)
    values = {"state": to, "moved_at": now, "moved_by": who, "claimed_by": None, "claimed_until": EPOCH} | more
    if who not in ("", THE_BLOG, A_BLOCK):
        values |= {"looked_seconds": _first_look(now, row)}
    same = update(question).where(question.c.id == question_id, question.c.state == row.state)
    if tx.execute(same.values(values)).rowcount != 1:
        return Moved(0, get(tx, question_id))
    before = {name: getattr(row, name) for name in KEPT_FOR_UNDO}
    what = DECLINED if more.get("outcome") == DECLINED else to
    detail = {"before": before, "to": to} | ({"told": True} if told else {})
    change_id = changes.record(tx, now, who, what, event_id=row.event_id, kind="question", ref=question_id, **detail)
    return Moved(change_id, get(tx, question_id))


def set_back(tx: Connection, now: datetime, who: str, change_id: int) -> Moved:
    """Undo a move, if nothing happened to its question since. An answer in writing is out: it cannot be undone."""
    then = changes.get(tx, change_id)
    if then is None or then.kind != "question" or "before" not in then.detail or then.detail["to"] == "merged":
        return Moved(0, None)  # a merge is taken back as a whole, by the change of the question it went into
    row = get(tx, then.ref)
    if row is not None and (then.detail.get("told") or (then.detail["to"] == "answered" and row.outcome == WRITING)):
        return Moved(0, row, told=True)
    unanswered: dict[str, Any] = {} if then.detail["before"]["state"] == "answered" else {"answered_at": None}
    back = (
        {"moved_at": now, "moved_by": who}
        | unanswered
        | {name: then.detail["before"].get(name) for name in KEPT_FOR_UNDO}
    )
    still = update(question).where(question.c.id == then.ref, question.c.state == then.detail["to"])
    newest = changes.newest_of(tx, "question", then.ref)
    if newest is None or newest.id != change_id or tx.execute(still.values(back)).rowcount != 1:
        return Moved(0, get(tx, then.ref))
    undone = changes.record(
        tx, now, who, "undone", event_id=then.event_id, kind="question", ref=then.ref, to=back["state"]
    )
    return Moved(undone, get(tx, then.ref))


def claim(tx: Connection, now: datetime, person_id: int, row: Row[Any], until: datetime) -> bool:
    """Say who is reading, until it lapses. False if another claim has not lapsed yet."""
    free = (question.c.claimed_until <= now) | (question.c.claimed_by == person_id)
    taken = update(question).where(question.c.id == row.id, free)
    values = {"claimed_by": person_id, "claimed_until": until, "looked_seconds": _first_look(now, row)}
    return tx.execute(taken.values(values)).rowcount == 1


def _first_look(now: datetime, row: Row[Any]) -> float:
    """How long it had waited when the first person did something with it."""
    waited: float = (now - row.asked_at).total_seconds() if row.looked_seconds is None else row.looked_seconds
    return max(0.0, waited)


def release(tx: Connection, person_id: int, question_id: int) -> bool:
    """Give one's own claim back."""
    mine = update(question).where(question.c.id == question_id, question.c.claimed_by == person_id)
    return tx.execute(mine.values(claimed_by=None, claimed_until=EPOCH)).rowcount == 1


def change_words(tx: Connection, question_id: int, **values: Any) -> None:
    """Set wording, theme or another column that is beside the state."""
    if values:
        tx.execute(update(question).where(question.c.id == question_id).values(**values))


def last_position(tx: Connection, event_id: int) -> float:
    """Where the list to be raised ends now."""
    end = select(func.max(question.c.position)).where(question.c.event_id == event_id, question.c.state == "room")
    return float(tx.execute(end).scalar() or 0.0)


def items_of(tx: Connection, question_id: int) -> list[Row[Any]]:
    """The items that ask it, first asker first, with `mentioned`: did their author call us, by name or by a quote?"""
    named = (
        select(sighting.c.id)
        .join(source, source.c.id == sighting.c.source_id)
        .where(sighting.c.item_id == item.c.id, source.c.kind == "mentions")
        .exists()
    )
    rows = (
        select(*item.c, (named | item.c.calls_us).label("mentioned"), placement.c.id.label("placement_id"))
        .join(placement, placement.c.item_id == item.c.id)
        .where(placement.c.question_id == question_id)
        .order_by(func.coalesce(item.c.written_at, item.c.seen_at), item.c.id)
    )
    found: list[Row[Any]] = [*tx.execute(rows)]
    return found


def marks_of(tx: Connection, row: Row[Any]) -> frozenset[str]:
    """What those ask for whose words a question has (`core.consent.Mark`)."""
    asking = select(item.c.text, item.c.marks).join(placement, placement.c.item_id == item.c.id)
    found = tx.execute(asking.where(placement.c.question_id == row.id)).all()
    return consent.marks_of_words(row.text, [(one.text, one.marks) for one in found])


def merge(tx: Connection, now: datetime, who: str, row: Row[Any], into: Row[Any]) -> int:
    """Let `into` stand for `row` too: its items move over, its state says where they went."""
    moved = move(tx, now, who, row.id, "merged", seen=row.state, merged_into=into.id)
    if not moved.change_id:
        return 0
    of_row = update(placement).where(placement.c.question_id == row.id)
    ids = tx.execute(of_row.values(question_id=into.id).returning(placement.c.id)).scalars().all()
    flags = sorted(set(into.flags) | set(row.flags))
    change_words(tx, into.id, times_asked=into.times_asked + row.times_asked, flags=flags)
    return changes.record(
        tx, now, who, "merged in", event_id=into.event_id, kind="question", ref=into.id,
        merged=row.id, placements=list(ids), times=row.times_asked, move=moved.change_id,
    )  # fmt: skip


def unmerge(tx: Connection, now: datetime, who: str, change_id: int) -> bool:
    """Take a merge back: the items return to the question they came with, which waits again."""
    then = changes.get(tx, change_id)
    if then is None or then.what != "merged in":
        return False
    row = get(tx, then.detail["merged"])
    into = get(tx, then.ref)
    if row is None or row.state != "merged" or row.merged_into != then.ref or into is None or into.state == "merged":
        return False
    before = changes.get(tx, then.detail["move"])
    state = before.detail["before"]["state"] if before else "waiting"
    if not move(tx, now, who, row.id, state, seen="merged", merged_into=None).change_id:
        return False
    mine = update(placement).where(placement.c.id.in_(then.detail["placements"]), placement.c.question_id == then.ref)
    tx.execute(mine.values(question_id=row.id))
    change_words(tx, then.ref, times_asked=max(1, into.times_asked - then.detail["times"]))
    changes.record(tx, now, who, "taken apart", event_id=then.event_id, kind="question", ref=then.ref, merged=row.id)
    return True


def add_note(tx: Connection, now: datetime, who: str, question_id: int, words: str) -> None:
    """Keep a note of the team beside a question."""
    tx.execute(insert(note).values(question_id=question_id, who=who, at=now, text=words))
