"""Keeping a page: items once, sightings, placements, questions and the cursor, in one transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_, update

from bot.core import states
from bot.core.items import Item, Page, Poison
from bot.core.length import clean
from bot.store import changes, copies, placements, silence
from bot.store.engine import insert_new
from bot.store.hashes import mark_of, secret
from bot.store.placements import key_of
from bot.store.tables import delivery, erased, event, item, quarantine, sighting

TAG = re.compile(r"[#＃](\w+)")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page brought: rows that were new, changed, and questions that began."""

    new: int = 0
    edited: int = 0
    questions: int = 0
    poison: int = 0


def keep(tx: Connection, now: datetime, src: Row[Any], page: Page) -> Kept:
    """Store what a page shows. Safe to repeat; the caller moves the cursor in the same transaction."""
    items = _wanted(tx, page.items)
    stored = _insert_items(tx, now, items)
    fresh = [one for one in items if (one.network, one.native_id) in stored]
    known = [one for one in items if (one.network, one.native_id) not in stored]
    ids = stored | _ids_of(tx, known)
    insert_new(tx, sighting, [{"source_id": src.id, "item_id": ids[key_of(one)], "first_seen": now} for one in items])
    edited = sum(placements.follow_edit(tx, now, ids[key_of(one)], one) for one in known)
    belonging = _belong(_events_of(tx, now, src, items), src, items)
    asked = sum(placements.place(tx, now, ev, src, here, ids) for ev, here in belonging)
    _quarantine(tx, now, src, page.poison)
    silence.heed(tx, now, [one for one in fresh if one.calls_us or src.kind == "mentions"])
    if fresh or edited or asked:
        changes.record(
            tx, now, "", "arrived", event_id=src.event_id, kind="source", ref=src.id, new=len(fresh), questions=asked
        )
    return Kept(len(fresh), edited, asked, len(page.poison))


def _wanted(tx: Connection, items: Sequence[Item]) -> list[Item]:
    """Each item once; without our own posts, reposts, and what was erased for good."""
    own = copies.ours(tx, list(items)) if items else set()
    others = [one for one in items if not one.own and not one.repost and one.native_id not in own]
    quoted = _sent_among(tx, [one.quoted_id for one in others if one.quoted_id])
    once = {key_of(one): replace(one, calls_us=one.calls_us or one.quoted_id in quoted) for one in others}
    if not once:
        return []
    key = secret(tx)
    marks = {mark_of(key, *pair): pair for pair in once}
    marks |= {mark_of(key, one.network, "by:" + one.author_id): key_of(one) for one in once.values() if one.author_id}
    barred = tx.execute(select(erased.c.hash).where(erased.c.hash.in_(list(marks)))).scalars().all()
    out = {marks[mark] for mark in barred}
    authors = {(once[pair].network, once[pair].author_id) for pair in out if once[pair].author_id}
    gone = {mark_of(key, network, "by:" + author) for network, author in authors} & set(barred)
    return [
        one
        for pair, one in once.items()
        if pair not in out and mark_of(key, one.network, "by:" + one.author_id) not in gone
    ]


def _sent_among(tx: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these posts are ours, as far as we have their receipts."""
    return (
        set(tx.execute(select(delivery.c.remote_id).where(delivery.c.remote_id.in_(ids))).scalars()) if ids else set()
    )


def _insert_items(tx: Connection, now: datetime, items: Sequence[Item]) -> dict[tuple[str, str], int]:
    rows = [
        {
            "network": one.network, "native_id": one.native_id, "text": one.text, "author_id": one.author_id,
            "author_name": one.author_name, "author_handle": one.author_handle, "written_at": one.written_at,
            "seen_at": now, "url": one.url, "lang": one.lang, "parent_id": one.parent_id, "root_id": one.root_id,
            "standing": one.standing.value, "marks": list(one.marks), "copy_of": one.copy_of,
            "calls_us": one.calls_us,
        }
        for one in items
    ]  # fmt: skip
    new = insert_new(tx, item, rows, item.c.network, item.c.native_id, item.c.id)
    return {(row.network, row.native_id): row.id for row in new}


def _ids_of(tx: Connection, items: Sequence[Item]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(items), 400):
        keys = [key_of(one) for one in items[start : start + 400]]
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
    words = {key_of(one): {tag.casefold() for tag in TAG.findall(one.text)} for one in items}
    anyones = set().union(*map(_tags_of, found))
    for number, ev in enumerate(found):
        mine = _tags_of(ev)
        here = [one for one in items if words[key_of(one)] & mine or not (number or words[key_of(one)] & anyones)]
        yield ev, here


def _quarantine(tx: Connection, now: datetime, src: Row[Any], poison: Sequence[Poison]) -> None:
    for bad in poison:
        raw = clean(bad.raw)
        native_id = clean(bad.native_id)[:500] or hashlib.sha256(bad.raw.encode("utf-8", "replace")).hexdigest()
        values = {"raw": raw[:65536], "error": clean(bad.error)[:500], "at": now}
        where = (quarantine.c.source_id == src.id, quarantine.c.native_id == native_id)
        again = update(quarantine).where(*where).values(values | {"count": quarantine.c.count + 1})
        if tx.execute(again).rowcount == 0:
            tx.execute(insert(quarantine).values(values | {"source_id": src.id, "native_id": native_id}))
