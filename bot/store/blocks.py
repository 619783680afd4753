"""People and words that an event's facilitators keep out of their lists: stored and found, but never in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from bot.core import lookup as words_of
from bot.core.blocking import holds
from bot.core.items import Kind
from bot.core.lanes import PRIVATE
from bot.core.questions import Verdict
from bot.store import changes, lookup, questions
from bot.store.asking import Earlier, ask, mark_of_words
from bot.store.tables import block, item, placement, question


@dataclass(frozen=True, slots=True)
class Stops:
    """What is blocked in an event now."""

    people: dict[tuple[str, str], int] = field(default_factory=dict)
    words: tuple[tuple[int, str], ...] = ()

    def by(self, network: str, author_id: str, text: str) -> int | None:
        """The id of the block that keeps such an item out, None if none does."""
        of_person = self.people.get((network, author_id)) if author_id else None
        return of_person or next((id for id, word in self.words if holds(text, word)), None)


def stops(tx: Connection, event_id: int) -> Stops:
    """What is blocked in an event now."""
    rows = active(tx, event_id)
    people = {(row.network, row.what): row.id for row in rows if row.kind == "person" and row.what}
    return Stops(people, tuple((row.id, row.what) for row in rows if row.kind == "word"))


def active(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """The blocks that hold, the last one first."""
    holding = select(block).where(block.c.event_id == event_id, block.c.lifted_at.is_(None))
    return tx.execute(holding.order_by(block.c.id.desc())).all()


def lifted(tx: Connection, event_id: int, n: int = 50) -> Sequence[Row[Any]]:
    """The blocks that were lifted, the last one first."""
    over = select(block).where(block.c.event_id == event_id, block.c.lifted_at.is_not(None))
    return tx.execute(over.order_by(block.c.lifted_at.desc()).limit(n)).all()


def add(tx: Connection, now: datetime, who: str, event_id: int, why: str, **what: str) -> int:
    """Block a person (kind, network, what: the author's id, name) or a word (kind, what), also in what waits.

    The number of questions that left the queue by it; -1 if that is blocked already.
    """
    same = (block.c.kind == what["kind"], block.c.what == what["what"], block.c.network == what.get("network", ""))
    held = select(block.c.id).where(block.c.event_id == event_id, block.c.lifted_at.is_(None), *same)
    if tx.execute(held).first() is not None:
        return -1
    values = {"event_id": event_id, "why": why, "who": who, "at": now} | what
    row = tx.execute(insert(block).values(values).returning(*block.c)).one()
    theirs = _theirs(tx, row)
    tx.execute(update(placement).where(placement.c.id.in_([place.id for place in theirs])).values(block_id=row.id))
    gone = [id for id in {place.question_id for place in theirs} - {None} if _put_away(tx, now, who, id)]
    changes.record(tx, now, who, "blocked", event_id=event_id, kind="block", ref=row.id, questions=len(gone))
    return len(gone)


def _theirs(tx: Connection, row: Row[Any]) -> list[Row[Any]]:
    """The placements that a new block is about."""
    there = placement.join(item, item.c.id == placement.c.item_id)
    columns: list[Any] = [placement.c.id, placement.c.question_id, item.c.text]
    mine = (placement.c.event_id == row.event_id, placement.c.block_id.is_(None))
    if row.kind == "person":
        who = (item.c.network == row.network, item.c.author_id == row.what)
        return list(tx.execute(select(*columns).select_from(there).where(*mine, *who)).all())
    wanted = words_of.asked(row.what)
    if tx.dialect.name == "sqlite":
        there = lookup.ITEMS.words.join(there, item.c.id == lookup.ITEMS.row)
    found = select(*columns).select_from(there).where(*mine, lookup.ITEMS.matching(tx, wanted))
    return [place for place in tx.execute(found) if holds(place.text, row.what)]


def _put_away(tx: Connection, now: datetime, who: str, question_id: int) -> bool:
    """Dismiss a question that waits, unless somebody asks it who is not blocked, or it is private."""
    free = select(placement.c.id).where(placement.c.question_id == question_id, placement.c.block_id.is_(None))
    private = select(question.c.id).where(question.c.id == question_id, question.c.lane == PRIVATE)
    if tx.execute(free).first() is not None or tx.execute(private).first() is not None:
        return False  # whoever may need help is seen by a lead, blocked or not
    return bool(questions.move(tx, now, who, question_id, "dismissed", seen="waiting").change_id)


def follow_edit(tx: Connection, now: datetime, place: Row[Any], network: str, author_id: str, text: str) -> int | None:
    """An item says something else now: keep it out, or let it in, as a new one would be. The block that holds, or None.

    A question that waits goes, unless somebody asks it who is not blocked: then it is in their words.
    """
    held = stops(tx, place.event_id).by(network, author_id, text)
    if held == place.block_id:
        return held
    tx.execute(update(placement).where(placement.c.id == place.id).values(block_id=held))
    if place.question_id is None:
        return held
    if held is None:
        _comes_back(tx, now, questions.A_BLOCK, now, place.question_id)
    elif not _put_away(tx, now, questions.A_BLOCK, place.question_id):
        _say_it_as_others(tx, place.question_id, text)
    return held


def _say_it_as_others(tx: Connection, question_id: int, text: str) -> None:
    """A question whose words are now those of somebody blocked is put in the words of the first who is not."""
    free = select(item.c.text).join(placement, placement.c.item_id == item.c.id)
    free = free.where(placement.c.question_id == question_id, placement.c.block_id.is_(None), item.c.text != "")
    first = tx.execute(free.order_by(func.coalesce(item.c.written_at, item.c.seen_at), item.c.id).limit(1)).scalar()
    if first is not None:
        mine = update(question).where(question.c.id == question_id, question.c.text == text)
        tx.execute(mine.values(text=first, fingerprint=mark_of_words(first)))


def lift(tx: Connection, now: datetime, who: str, event_id: int, block_id: int) -> int:
    """End a block: what it alone kept out comes back. How many questions wait again; -1 if it did not hold."""
    mine = (block.c.id == block_id, block.c.event_id == event_id)
    row = tx.execute(select(block).where(*mine, block.c.lifted_at.is_(None)).with_for_update()).one_or_none()
    if row is None:
        return -1
    tx.execute(update(block).where(*mine).values(lifted_at=now, lifted_by=who))
    columns: list[Any] = [item.c.text, item.c.written_at, item.c.flags, item.c.network, item.c.author_id]
    held = select(*placement.c, *columns)
    places = tx.execute(held.join(item, item.c.id == placement.c.item_id).where(placement.c.block_id == block_id)).all()
    back = _set_free(tx, now, who, row, places)
    changes.record(tx, now, who, "unblocked", event_id=event_id, kind="block", ref=block_id, questions=back)
    return back


def _set_free(tx: Connection, now: datetime, who: str, row: Row[Any], places: Iterable[Row[Any]]) -> int:
    left, earlier, back = stops(tx, row.event_id), Earlier(tx, row.event_id), 0
    for place in places:
        still = left.by(place.network, place.author_id, place.text)
        tx.execute(update(placement).where(placement.c.id == place.id).values(block_id=still))
        if still is not None:
            continue
        if place.question_id is not None:
            back += _comes_back(tx, now, who, row.at, place.question_id)
        elif place.kind == Kind.QUESTION.value and place.text:
            verdict = Verdict(Kind.QUESTION, frozenset(place.flags), place.why, place.theme)
            back += ask(tx, now, row.event_id, place.id, place.text, place.written_at or now, verdict, earlier)
    return back


def _comes_back(tx: Connection, now: datetime, who: str, at: datetime, question_id: int) -> bool:
    """Whether a question that the block dismissed waits again: nobody has moved it since."""
    by_it = or_(question.c.moved_at == at, question.c.moved_by == questions.A_BLOCK)
    same = select(question.c.id).where(question.c.id == question_id, by_it)
    if tx.execute(same).first() is None:
        return False
    return bool(questions.move(tx, now, who, question_id, "waiting", seen="dismissed").change_id)
