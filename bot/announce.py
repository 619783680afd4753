"""Live blog due -> entries -> drafts, corrections, withdrawals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from bot.core import edits
from bot.core.items import EntryPage
from bot.core.keyevents import NO_MARKS, key_events
from bot.core.length import clean
from bot.core.states import Timing
from bot.failures import read_failed, unexpected
from bot.networks.base import Network, NetworkFailure
from bot.store import blog, events, updates
from bot.store.engine import Fenced, Store

log = structlog.get_logger()


def read_blog(store: Store, network: Network, name: str, timing: Timing) -> bool:
    """Read the next live blog of a network that is due; False if none is."""
    with store.write() as tx:
        row = events.take_source(tx, store.now(tx), timing.lease, ("liveblog",), name)
        ev = events.one_event(tx, row.event_id) if row is not None else None
    if row is None or ev is None:
        return False
    try:
        page = network.entries(events.as_source(row, ev.timezone), row.cursor)
    except NetworkFailure as failure:
        read_failed(store, row, name, failure)
        return True
    except Exception as bug:
        read_failed(store, row, name, unexpected(name, bug))
        raise
    try:
        _keep(store, row, ev, page)
    except Fenced:
        log.info("read thrown away", source=row.id, why="another worker holds this live blog by now")
    return True


def _keep(store: Store, row: Row[Any], ev: Row[Any], page: EntryPage) -> None:
    with store.write() as tx:
        now = store.now(tx)
        due = now + timedelta(seconds=events.every(now, row, ev))
        note = clean(" ".join(page.doubts)) if page.changed else row.note
        if page.changed and page.entries and ev.options.get("announce", {}).get("only_key_events"):
            note = note if page.marks else f"{note} {NO_MARKS}".strip()
            page = key_events(page, blog.known(tx, row.id))
        if not events.read_well(tx, now, row, due=due, cursor=page.cursor, note=note):
            raise Fenced
        if page.changed:
            follow(tx, row, ev, page, store)


def follow(tx: Connection, row: Row[Any], ev: Row[Any], page: EntryPage, store: Store) -> edits.Changes:
    """Compare the page with what is stored, and let every difference have its consequence."""
    now = store.now(tx)
    found = edits.compare(blog.known(tx, row.id), page, first=not row.read_once)
    place = {id(one): number for number, one in enumerate(page.entries)}
    for one in found.old:
        blog.add(tx, now, ev.id, row.id, one, "old", place[id(one)])
    for was, one in found.edited:
        before = updates.as_entry(updates.stored(tx, was.id))
        updates.entry_changed(tx, now, ev, blog.change(tx, now, was.id, one), before)
    for was, one in found.back:
        blog.restore(tx, now, ev, was.id, one)
    for was, one in found.same:
        blog.refresh(tx, now, ev, was, one)
    for was in found.gone:
        updates.entry_gone(tx, now, ev, blog.remove(tx, now, was.id))
    blog.set_positions(
        tx, [(was.id, place[id(one)]) for was, one in (*found.same, *found.edited, *found.back) if id(one) in place]
    )
    for one in found.new:
        updates.draft_update(tx, now, ev, blog.add(tx, now, ev.id, row.id, one, "new", place.get(id(one), 0)))
    asked = blog.keep_doubts(tx, now, row, found.doubts, readable=bool(page.entries))
    if found.new or found.edited or found.gone or asked:
        log.info(
            "live blog", source=row.id, new=len(found.new), edited=len(found.edited), gone=len(found.gone),
            doubts=asked,
        )  # fmt: skip
    return found
