"""Keeping a page: items once, sightings, placements, questions and the cursor, in one transaction."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_, update

from bot.core import states
from bot.core.items import Item, Kind, Page, Poison, Standing
from bot.core.length import clean
from bot.core.questions import VERSION, Index, Verdict, fingerprint, judge
from bot.store import changes, questions
from bot.store.engine import insert_new
from bot.store.tables import delivery, erased, event, item, placement, quarantine, question, sighting, switch

TAG = re.compile(r"[#＃](\w+)")
LOOK_BACK = 2000  # earlier questions that a new one is compared with; exact repeats are found in any number
THE_BLOG = "the blog's moderators"  # who took a comment out of sight
BEFORE = "Written before reading began"
RISKY = frozenset({"distress", "medical_advice"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page brought: rows that were new, changed, and questions that began."""

    new: int = 0
    edited: int = 0
    questions: int = 0
    poison: int = 0


def verdict_on(ev: Row[Any], text: str, lang: str) -> Verdict:
    """What an item is to one event."""
    return judge(text, lang=lang, themes=ev.options.get("themes", ()), tags=ev.options.get("hashtags", ()))


def keep(tx: Connection, now: datetime, src: Row[Any], page: Page) -> Kept:
    """Store what a page shows. Safe to repeat; the caller moves the cursor in the same transaction."""
    items = _wanted(tx, page.items)
    stored = _insert_items(tx, now, items)
    fresh = [one for one in items if (one.network, one.native_id) in stored]
    known = [one for one in items if (one.network, one.native_id) not in stored]
    ids = stored | _ids_of(tx, known)
    insert_new(tx, sighting, [{"source_id": src.id, "item_id": ids[_key(one)], "first_seen": now} for one in items])
    edited = sum(_follow_edit(tx, now, ids[_key(one)], one) for one in known)
    belonging = _belong(_events_of(tx, now, src, items), src, items)
    asked = sum(_place(tx, now, ev, src, here, ids) for ev, here in belonging)
    _quarantine(tx, now, src, page.poison)
    if fresh or edited or asked:
        changes.record(
            tx, now, "", "arrived", event_id=src.event_id, kind="source", ref=src.id, new=len(fresh), questions=asked
        )
    return Kept(len(fresh), edited, asked, len(page.poison))


def _key(one: Item) -> tuple[str, str]:
    return (one.network, one.native_id)


def _wanted(tx: Connection, items: Sequence[Item]) -> list[Item]:
    """Each item once; without our own posts, reposts, and what was erased for good."""
    own = _own_ids(tx, items)
    once = {_key(one): one for one in items if not one.own and not one.repost and one.native_id not in own}
    if not once:
        return []
    key = secret(tx)
    marks = {mark_of(key, *pair): pair for pair in once}
    marks |= {mark_of(key, one.network, "by:" + one.author_id): _key(one) for one in once.values() if one.author_id}
    barred = tx.execute(select(erased.c.hash).where(erased.c.hash.in_(list(marks)))).scalars().all()
    out = {marks[mark] for mark in barred}
    authors = {(once[pair].network, once[pair].author_id) for pair in out if once[pair].author_id}
    gone = {mark_of(key, network, "by:" + author) for network, author in authors} & set(barred)
    return [
        one
        for pair, one in once.items()
        if pair not in out and mark_of(key, one.network, "by:" + one.author_id) not in gone
    ]


def _own_ids(tx: Connection, items: Sequence[Item]) -> set[str]:
    ids = [one.native_id for one in items]
    sent = select(delivery.c.remote_id).where(delivery.c.remote_id.in_(ids), delivery.c.remote_id != "")
    return set(tx.execute(sent).scalars()) if ids else set()


def secret(tx: Connection) -> bytes:
    """The key of the hashes that keep erased people out; made with the database."""
    return bytes.fromhex(tx.execute(select(switch.c.secret)).scalar_one())


def mark_of(key: bytes, network: str, what: str) -> str:
    """A hash that says "this one was erased" without saying which one it was."""
    return hmac.new(key, f"{network}\n{what}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _insert_items(tx: Connection, now: datetime, items: Sequence[Item]) -> dict[tuple[str, str], int]:
    rows = [
        {
            "network": one.network, "native_id": one.native_id, "text": one.text, "author_id": one.author_id,
            "author_name": one.author_name, "author_handle": one.author_handle, "written_at": one.written_at,
            "seen_at": now, "url": one.url, "lang": one.lang, "parent_id": one.parent_id, "root_id": one.root_id,
            "standing": one.standing.value,
        }
        for one in items
    ]  # fmt: skip
    new = insert_new(tx, item, rows, item.c.network, item.c.native_id, item.c.id)
    return {(row.network, row.native_id): row.id for row in new}


def _ids_of(tx: Connection, items: Sequence[Item]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(items), 400):
        keys = [_key(one) for one in items[start : start + 400]]
        rows = select(item.c.network, item.c.native_id, item.c.id).where(
            tuple_(item.c.network, item.c.native_id).in_(keys)
        )
        found |= {(row.network, row.native_id): row.id for row in tx.execute(rows)}
    return found


def _events_of(tx: Connection, now: datetime, src: Row[Any], items: Sequence[Item]) -> list[Row[Any]]:
    """The events that what a source shows may belong to; of mentions, first the one that has what is untagged."""
    active = select(event).where(event.c.active)
    if src.event_id is not None:
        return list(tx.execute(active.where(event.c.id == src.event_id)).all())
    return sorted(tx.execute(active).all(), key=lambda ev: _nearness(now, ev)) if items else []


def _nearness(now: datetime, ev: Row[Any]) -> tuple[bool, float, int]:
    """What is running comes first, the one that began last before the others; then the nearest."""
    ends, starts = ev.ends or now, ev.starts or now
    away = abs((ends if now > ends else starts) - now).total_seconds()
    return states.phase(now, ev.starts, ev.ends) != "running", away, -ev.id


def _tags_of(ev: Row[Any]) -> set[str]:
    return {tag.casefold() for tag in ev.options.get("hashtags", [])}


def _belong(found: Sequence[Row[Any]], src: Row[Any], items: Sequence[Item]) -> Iterator[tuple[Row[Any], list[Item]]]:
    """What goes to which event: mentions where their tags say, else to the first."""
    if src.event_id is not None:
        yield from ((ev, list(items)) for ev in found)
        return
    words = {_key(one): {tag.casefold() for tag in TAG.findall(one.text)} for one in items}
    anyones = set().union(*map(_tags_of, found))
    for number, ev in enumerate(found):
        mine = _tags_of(ev)
        here = [one for one in items if words[_key(one)] & mine or not (number or words[_key(one)] & anyones)]
        yield ev, here


def _place(
    tx: Connection,
    now: datetime,
    ev: Row[Any],
    src: Row[Any],
    here: Sequence[Item],
    ids: dict[tuple[str, str], int],
) -> int:
    """Judge what is new to an event; the number of questions that began."""
    placed = set(
        tx.execute(
            select(placement.c.item_id).where(
                placement.c.event_id == ev.id, placement.c.item_id.in_([ids[_key(one)] for one in here])
            )
        ).scalars()
    )
    new = [one for one in here if ids[_key(one)] not in placed]
    if not new:
        return 0
    earlier = _Earlier(tx, ev.id)
    new.sort(key=lambda one: one.written_at or now)
    return sum(_place_one(tx, now, ev, src, ids[_key(one)], one, earlier) for one in new)


def _place_one(
    tx: Connection,
    now: datetime,
    ev: Row[Any],
    src: Row[Any],
    item_id: int,
    one: Item,
    earlier: _Earlier,
) -> int:
    verdict = verdict_on(ev, one.text, one.lang)
    # The comments of a page are read whole: what turns up after the first read was approved late, not written early.
    reading_began = src.since if src.kind != "comments" or not src.read_once else None
    before = reading_began is not None and one.written_at is not None and one.written_at < reading_began
    why = BEFORE if before else verdict.why
    values = {"event_id": ev.id, "item_id": item_id, "kind": verdict.kind.value, "theme": verdict.theme, "why": why}
    placed = insert_new(tx, placement, [values | {"judged_by": VERSION}], placement.c.id)
    if not placed:
        return 0  # another worker read the same item from another source at the same moment
    if verdict.flags:
        tx.execute(update(item).where(item.c.id == item_id).values(flags=sorted(verdict.flags)))
    if before or verdict.kind is not Kind.QUESTION or one.standing in (Standing.HIDDEN, Standing.GONE):
        return 0
    return _ask(tx, now, ev.id, placed[0].id, one.text, one.written_at or now, verdict, earlier)


def _ask(
    tx: Connection,
    now: datetime,
    event_id: int,
    placement_id: int,
    text: str,
    at: datetime,
    verdict: Verdict,
    earlier: _Earlier,
) -> int:
    """Join an earlier question that asks the same, or begin one; 1 if one began."""
    same = earlier.find(text)
    began = 0
    if same is None:
        lane = "private" if verdict.flags & RISKY else "open"
        values = {
            "event_id": event_id, "text": text, "theme": verdict.theme, "flags": sorted(verdict.flags), "lane": lane,
            "fingerprint": mark_of_words(text), "asked_at": min(at, now),
        }  # fmt: skip
        same = int(tx.execute(insert(question).values(values).returning(question.c.id)).scalar_one())
        earlier.add(same, text)
        changes.record(tx, now, "", "asked", event_id=event_id, kind="question", ref=same)
        began = 1
    else:
        old = tx.execute(select(question.c.flags).where(question.c.id == same)).scalar_one()
        flags = sorted(set(old) | verdict.flags)
        more = update(question).where(question.c.id == same)
        tx.execute(more.values(times_asked=question.c.times_asked + 1, flags=flags))
        changes.record(tx, now, "", "asked again", event_id=event_id, kind="question", ref=same)
    tx.execute(update(placement).where(placement.c.id == placement_id).values(question_id=same))
    return began


def mark_of_words(text: str) -> str:
    """A hash of what is asked, whatever its spelling; "" if nothing is left to compare."""
    words = fingerprint(text)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


class _Earlier:
    """The questions of one event that a new one may repeat; read once a page, and only if one is new."""

    def __init__(self, tx: Connection, event_id: int) -> None:
        self._tx = tx
        self._event_id = event_id
        self._index: Index | None = None

    def add(self, question_id: int, text: str) -> None:
        if self._index is not None:
            self._index.add(question_id, text)

    def find(self, text: str) -> int | None:
        mark = mark_of_words(text)
        if not mark:
            return None
        exact = (
            select(question.c.id, question.c.state, question.c.merged_into)
            .where(question.c.event_id == self._event_id, question.c.fingerprint == mark, question.c.state != "gone")
            .order_by(question.c.id)
            .limit(1)
        )
        row = self._tx.execute(exact).one_or_none()
        while row is not None and row.state == "merged":
            into = select(question.c.id, question.c.state, question.c.merged_into)
            row = self._tx.execute(into.where(question.c.id == row.merged_into)).one_or_none()
        return int(row.id) if row is not None and row.state != "gone" else self._near(text)

    def _near(self, text: str) -> int | None:
        if self._index is None:
            self._index = Index()
            recent = (
                select(question.c.id, question.c.text)
                .where(question.c.event_id == self._event_id, question.c.state.not_in(("gone", "merged")))
                .order_by(question.c.id.desc())
                .limit(LOOK_BACK)
            )
            for row in self._tx.execute(recent):
                self._index.add(row.id, row.text)
        return self._index.find(text)


def _follow_edit(tx: Connection, now: datetime, item_id: int, one: Item) -> int:
    """An item that is known already: take over what its author or the blog changed. 1 if something did."""
    row = tx.execute(select(item).where(item.c.id == item_id)).one()
    if one.author_handle and not row.author_handle and row.standing != Standing.GONE.value:
        late = {"author_handle": one.author_handle, "author_name": one.author_name}  # names may come after their words
        tx.execute(update(item).where(item.c.id == item_id).values(late))
    if (row.text == one.text and row.standing == one.standing.value) or row.standing == Standing.GONE.value:
        return 0  # a late index may still show what its author has deleted
    values: dict[str, Any] = {"standing": one.standing.value, "checked_at": now}
    if row.text != one.text:
        values |= {"text": one.text, "edited_at": now}
    tx.execute(update(item).where(item.c.id == item_id).values(values))
    for place in tx.execute(select(placement).where(placement.c.item_id == item_id)).all():
        _judge_again(tx, now, place, row, one)
    return 1


def _judge_again(tx: Connection, now: datetime, place: Row[Any], row: Row[Any], one: Item) -> None:
    ev = tx.execute(select(event).where(event.c.id == place.event_id)).one()
    verdict = verdict_on(ev, one.text, one.lang)
    if verdict.flags:
        tx.execute(update(item).where(item.c.id == place.item_id).values(flags=sorted(verdict.flags)))
    old = place.why == BEFORE
    if place.question_id is not None:
        _question_edited(tx, now, place.question_id, row.text, one.text, verdict)
    elif place.judged_by == VERSION and not old and row.text != one.text:
        values = {"kind": verdict.kind.value, "why": verdict.why, "theme": verdict.theme}
        tx.execute(update(placement).where(placement.c.id == place.id).values(values))
        if verdict.kind is Kind.QUESTION:
            at = one.written_at or now
            _ask(tx, now, ev.id, place.id, one.text, at, verdict, _Earlier(tx, ev.id))
    elif verdict.kind is Kind.QUESTION and row.standing == "hidden" and place.judged_by == VERSION and not old:
        _ask(tx, now, ev.id, place.id, one.text, one.written_at or now, verdict, _Earlier(tx, ev.id))


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


def _quarantine(tx: Connection, now: datetime, src: Row[Any], poison: Sequence[Poison]) -> None:
    for bad in poison:
        raw = clean(bad.raw)
        native_id = clean(bad.native_id)[:500] or hashlib.sha256(bad.raw.encode("utf-8", "replace")).hexdigest()
        values = {"raw": raw[:65536], "error": clean(bad.error)[:500], "at": now}
        where = (quarantine.c.source_id == src.id, quarantine.c.native_id == native_id)
        again = update(quarantine).where(*where).values(values | {"count": quarantine.c.count + 1})
        if tx.execute(again).rowcount == 0:
            tx.execute(insert(quarantine).values(values | {"source_id": src.id, "native_id": native_id}))


def make_question(tx: Connection, now: datetime, who: str, event_id: int, item_id: int) -> int:
    """A person says it asks something: its question (an earlier one, if it asks the same).

    0 if it is gone, or was never read for this event.
    """
    row = tx.execute(select(item).where(item.c.id == item_id)).one_or_none()
    mine = (placement.c.event_id == event_id, placement.c.item_id == item_id)
    place = tx.execute(select(placement).where(*mine)).one_or_none()
    if row is None or place is None or row.standing == Standing.GONE.value:
        return 0
    if place.question_id is None:
        verdict = Verdict(Kind.QUESTION, frozenset(row.flags), "A person said so", place.theme)
        _ask(tx, now, event_id, place.id, row.text, row.written_at or now, verdict, _Earlier(tx, event_id))
    tx.execute(update(placement).where(*mine).values(kind="question", why="A person said so", judged_by=who))
    changes.record(tx, now, who, "made a question", event_id=event_id, kind="item", ref=item_id)
    return int(tx.execute(select(placement.c.question_id).where(*mine)).scalar_one())


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
        dismiss = update(question).where(question.c.id == place.question_id)
        tx.execute(dismiss.values(state="dismissed", moved_at=now, moved_by=who))
        changes.record(tx, now, who, "dismissed", event_id=event_id, kind="question", ref=place.question_id)
    values = {"kind": kind.value, "why": "A person said so", "judged_by": who, "question_id": None}
    tx.execute(update(placement).where(*mine).values(values))
    changes.record(tx, now, who, f"made a {kind.value}", event_id=event_id, kind="item", ref=item_id)
    return True


def mark_read_out(tx: Connection, now: datetime, who: str, event_id: int, item_id: int) -> bool:
    """Note that a thought was read out in the room."""
    mine = update(placement).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    if tx.execute(mine.values(read_out=True)).rowcount != 1:
        return False
    changes.record(tx, now, who, "read out", event_id=event_id, kind="item", ref=item_id)
    return True
