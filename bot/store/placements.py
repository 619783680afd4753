"""How an item stands in an event: judged, put to a question, corrected by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.core.items import Item, Kind, Standing
from bot.core.lanes import OPEN, PRIVATE, RISKY, lane_of
from bot.core.lookup import tokens
from bot.core.questions import VERSION, Verdict, by_itself, judge
from bot.store import blocks, changes, copies, lane, questions
from bot.store.asking import Earlier, ask, begin_private, mark_of_words
from bot.store.engine import insert_new
from bot.store.questions import THE_BLOG
from bot.store.tables import event, item, placement, question

Key = tuple[str, str]  # network, native id
BEFORE = "Written before reading began"


def key_of(one: Item) -> Key:
    """What tells an item from all others."""
    return (one.network, one.native_id)


def verdict_on(ev: Row[Any], text: str, lang: str) -> Verdict:
    """What an item is to one event."""
    return _judged(text, lang, tuple(ev.options.get("themes", ())), tuple(ev.options.get("hashtags", ())))


@lru_cache(maxsize=2048)
def _judged(text: str, lang: str, themes: tuple[str, ...], tags: tuple[str, ...]) -> Verdict:
    return judge(text, lang=lang, themes=themes, tags=tags)


def foresee(ev: Row[Any], items: Iterable[Item]) -> None:
    """Judge a page before its transaction begins, so that nobody waits for the write lock meanwhile."""
    for one in items:
        verdict_on(ev, one.text, one.lang)


def place(
    tx: Connection,
    now: datetime,
    ev: Row[Any],
    src: Row[Any],
    here: Sequence[Item],
    ids: Mapping[Key, int],
) -> int:
    """Judge what is new to an event; the number of questions that began."""
    placed = set(
        tx.execute(
            select(placement.c.item_id).where(
                placement.c.event_id == ev.id, placement.c.item_id.in_([ids[key_of(one)] for one in here])
            )
        ).scalars()
    )
    new = [one for one in here if ids[key_of(one)] not in placed]
    if not new:
        return 0
    earlier, stops = Earlier(tx, ev.id), blocks.stops(tx, ev.id)
    new.sort(key=lambda one: one.written_at or now)
    return sum(_place_one(tx, now, ev, src, ids[key_of(one)], one, earlier, stops) for one in new)


def _place_one(
    tx: Connection,
    now: datetime,
    ev: Row[Any],
    src: Row[Any],
    item_id: int,
    one: Item,
    earlier: Earlier,
    stops: blocks.Stops,
) -> int:
    verdict = verdict_on(ev, one.text, one.lang)
    # The comments of a page are read whole: what turns up after the first read was approved late, not written early.
    reading_began = src.since if src.kind != "comments" or not src.read_once else None
    before = reading_began is not None and one.written_at is not None and one.written_at < reading_began
    why = BEFORE if before else verdict.why
    values = {"event_id": ev.id, "item_id": item_id, "kind": verdict.kind.value, "theme": verdict.theme, "why": why}
    values |= {"judged_by": VERSION, "block_id": stops.by(one.network, one.author_id, one.text)}
    placed = insert_new(tx, placement, [values], placement.c.id)
    if not placed:
        return 0  # another worker read the same item from another source at the same moment
    if verdict.flags:
        tx.execute(update(item).where(item.c.id == item_id).values(flags=sorted(verdict.flags)))
    private = lane_of(verdict.flags) == PRIVATE
    if _settled_by_copies(tx, ev.id, placed[0].id, one):
        if private:
            lane.follow(tx, placed[0].id)
        return 0
    if private:
        return _place_private(tx, now, ev.id, placed[0].id, one, verdict)
    shown = one.standing not in (Standing.HIDDEN, Standing.GONE) and values["block_id"] is None
    if before or verdict.kind is not Kind.QUESTION or not shown:
        return 0
    return ask(tx, now, ev.id, placed[0].id, one.text, one.written_at or now, verdict, earlier)


def _place_private(tx: Connection, now: datetime, event_id: int, placement_id: int, one: Item, verdict: Verdict) -> int:
    """What may come from somebody who needs help: a lead sees it, whatever kind it is, whoever blocked its author."""
    if one.standing is Standing.GONE:
        return 0
    number = begin_private(tx, now, "", event_id, placement_id, one.text, one.written_at or now, verdict.flags)
    if one.standing is Standing.HIDDEN:
        questions.move(tx, now, THE_BLOG, number, "dismissed")
    return 1


def _settled_by_copies(tx: Connection, event_id: int, placement_id: int, one: Item) -> bool:
    """Whether its original, or before it a copy of it, asks already: the two are one post of one person."""
    place = update(placement).where(placement.c.id == placement_id)
    if copies.is_of_stored(tx, event_id, one):
        tx.execute(place.values(kind=Kind.NOISE.value, why=copies.COPY))
        return True
    taken = copies.take_over(tx, event_id, one)
    if taken is None:
        return False
    tx.execute(place.values(kind=Kind.QUESTION.value, question_id=taken.question_id))
    said_so = update(question).where(question.c.id == taken.question_id, question.c.text == taken.text)
    tx.execute(said_so.values(text=one.text, fingerprint=mark_of_words(one.text)))
    return True


def follow_edit(tx: Connection, now: datetime, item_id: int, one: Item) -> int:
    """An item that is known already: take over what its author or the blog changed. 1 if something did."""
    row = tx.execute(select(item).where(item.c.id == item_id)).one()
    if one.author_handle and not row.author_handle and row.standing != Standing.GONE.value:
        late = {"author_handle": one.author_handle, "author_name": one.author_name}  # names may come after their words
        late["tokens"] = tokens(row.text, one.author_name, one.author_handle)
        tx.execute(update(item).where(item.c.id == item_id).values(late))
    if one.calls_us != row.calls_us:
        tx.execute(update(item).where(item.c.id == item_id).values(calls_us=one.calls_us))
    marks = sorted({*row.marks, *one.marks})  # no server knows all of them, so that one that is not shown still holds
    same = (row.text, row.standing, row.marks) == (one.text, one.standing.value, marks)
    if same or row.standing == Standing.GONE.value:
        return 0  # a late index may still show what its author has deleted
    values: dict[str, Any] = {"standing": one.standing.value, "marks": marks, "checked_at": now}
    if row.text != one.text:
        name, handle = row.author_name or one.author_name, row.author_handle or one.author_handle
        values |= {"text": one.text, "edited_at": now, "tokens": tokens(one.text, name, handle)}
    tx.execute(update(item).where(item.c.id == item_id).values(values))
    if row.text != one.text:
        changes.record(tx, now, "", "edited", kind="item", ref=item_id)
    if (row.text, row.standing) == (one.text, one.standing.value):
        changes.record(tx, now, "", "asks for care", kind="item", ref=item_id)
        return 1
    for place in tx.execute(select(placement).where(placement.c.item_id == item_id)).all():
        _judge_again(tx, now, place, row, one)
    return 1


def _judge_again(tx: Connection, now: datetime, place: Row[Any], row: Row[Any], one: Item) -> None:
    ev = tx.execute(select(event).where(event.c.id == place.event_id)).one()
    verdict = verdict_on(ev, one.text, one.lang)
    if verdict.flags:
        tx.execute(update(item).where(item.c.id == place.item_id).values(flags=sorted(verdict.flags)))
    if lane_of(verdict.flags) == PRIVATE and place.lane != PRIVATE and row.text != one.text:
        _now_private(tx, now, place, row, one, verdict)
        return
    if place.question_id is not None:
        _question_edited(tx, now, place.question_id, row.text, one.text, verdict)
    if place.lane == PRIVATE:
        return  # a lead sees it, whatever word or person is blocked
    held = blocks.follow_edit(tx, now, place, row.network, row.author_id, one.text)
    old = place.why in (BEFORE, copies.COPY) or held is not None
    if place.question_id is not None:
        return
    if by_itself(place.judged_by) and not old and row.text != one.text:
        values = {"kind": verdict.kind.value, "why": verdict.why, "theme": verdict.theme}
        tx.execute(update(placement).where(placement.c.id == place.id).values(values))
        if verdict.kind is Kind.QUESTION:
            at = one.written_at or now
            ask(tx, now, ev.id, place.id, one.text, at, verdict, Earlier(tx, ev.id))
    elif verdict.kind is Kind.QUESTION and row.standing == "hidden" and by_itself(place.judged_by) and not old:
        ask(tx, now, ev.id, place.id, one.text, one.written_at or now, verdict, Earlier(tx, ev.id))


def _now_private(tx: Connection, now: datetime, place: Row[Any], row: Row[Any], one: Item, verdict: Verdict) -> None:
    """Its author's new words may come from somebody who needs help, whatever a person said of the old ones."""
    if place.question_id is not None:
        harmless = replace(verdict, flags=verdict.flags - RISKY)  # those who asked the same did not write these words
        _question_edited(tx, now, place.question_id, row.text, one.text, harmless)
    judged = {"kind": verdict.kind.value, "why": verdict.why, "theme": verdict.theme, "judged_by": VERSION}
    tx.execute(update(placement).where(placement.c.id == place.id).values(judged))
    there = lane.place_of(tx, place.event_id, place.item_id)
    if there is not None:
        lane.set_apart(tx, now, "", there, verdict.flags)


def _question_edited(tx: Connection, now: datetime, question_id: int, old: str, new: str, verdict: Verdict) -> None:
    row = tx.execute(select(question).where(question.c.id == question_id)).one()
    values: dict[str, Any] = {"flags": sorted(set(row.flags) | verdict.flags)}
    if row.state == "dismissed" and row.moved_by == THE_BLOG:
        questions.move(tx, now, THE_BLOG, question_id, "waiting", seen="dismissed")
    if old != new:
        values["edited_at"] = now
        if row.text == old:
            values |= {"text": new, "fingerprint": mark_of_words(new)}
    tx.execute(update(question).where(question.c.id == question_id).values(values))
    changes.record(tx, now, "", "edited by its author", event_id=row.event_id, kind="question", ref=question_id)


def make_question(tx: Connection, now: datetime, who: str, event_id: int, item_id: int) -> int:
    """A person says it asks something: its question (an earlier one, if it asks the same).

    0 if it is gone, or was never read for this event.
    """
    row = tx.execute(select(item).where(item.c.id == item_id)).one_or_none()
    mine = (placement.c.event_id == event_id, placement.c.item_id == item_id)
    place = tx.execute(select(placement).where(*mine)).one_or_none()
    if row is None or place is None or row.standing == Standing.GONE.value:
        return 0
    asks = _question_of(tx, place)
    if asks is None:
        verdict = Verdict(Kind.QUESTION, frozenset(row.flags), "A person said so", place.theme)
        at, earlier = row.written_at or now, Earlier(tx, event_id)
        ask(tx, now, event_id, place.id, row.text, at, verdict, earlier, opened=True)
    elif asks.lane == PRIVATE:
        lane.open_again(tx, now, who, asks, Kind.QUESTION)
    said_so = {"kind": "question", "why": "A person said so", "judged_by": who, "block_id": None, "lane": OPEN}
    tx.execute(update(placement).where(*mine).values(said_so))
    changes.record(tx, now, who, "made a question", event_id=event_id, kind="item", ref=item_id, was=place.kind)
    return int(tx.execute(select(placement.c.question_id).where(*mine)).scalar_one())


def _question_of(tx: Connection, place: Row[Any]) -> Row[Any] | None:
    return questions.get(tx, place.question_id) if place.question_id is not None else None


def rejudge(tx: Connection, now: datetime, who: str, event_id: int, item_id: int, kind: Kind) -> bool:
    """A person says it is no question: it leaves the queue, unless others ask the same."""
    mine = (placement.c.event_id == event_id, placement.c.item_id == item_id)
    place = tx.execute(select(placement).where(*mine)).one_or_none()
    if place is None:
        return False
    if place.question_id is not None:
        alone = select(placement.c.id).where(placement.c.question_id == place.question_id)
        if len(tx.execute(alone).all()) > 1:
            return False
        lane.empty(tx, now, who, place.question_id)
        changes.record(tx, now, who, "dismissed", event_id=event_id, kind="question", ref=place.question_id)
    values = {"kind": kind.value, "why": "A person said so", "judged_by": who, "question_id": None, "lane": OPEN}
    tx.execute(update(placement).where(*mine).values(values))
    changes.record(tx, now, who, f"made a {kind.value}", event_id=event_id, kind="item", ref=item_id, was=place.kind)
    return True


def mark_read_out(tx: Connection, now: datetime, who: str, event_id: int, item_id: int, read: bool = True) -> bool:
    """Note that a thought was read out in the room, or that it was not."""
    mine = update(placement).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    if tx.execute(mine.values(read_out=read)).rowcount != 1:
        return False
    what = "read out" if read else "not read out yet"
    changes.record(tx, now, who, what, event_id=event_id, kind="item", ref=item_id)
    return True


def set_theme(tx: Connection, now: datetime, who: str, event_id: int, item_id: int, theme: str) -> bool:
    """Put a thought under a theme, or under none."""
    mine = update(placement).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    if tx.execute(mine.values(theme=theme)).rowcount != 1:
        return False
    changes.record(tx, now, who, "theme set", event_id=event_id, kind="item", ref=item_id)
    return True
