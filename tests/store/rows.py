"""Rows for the tests of the store: an event with its sources, pages of items, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, func, select

from bot.core.items import Covers, Entry, Item, Page, Poison
from bot.core.limits import default_limits
from bot.store import blog, drafts, events, inbox, networks, updates
from bot.store.engine import Store
from bot.store.events import EventPlan, SourcePlan
from bot.store.tables import item, placement, post, question, source
from tests.flows.house import EVERY, NAMES, START, Clock, plan


def set_up(store: Store, clock: Clock, *plans: EventPlan) -> None:
    """Networks, events and the source of mentions."""
    with store.write() as tx:
        for name in NAMES:
            networks.ensure(tx, name, default_limits(name), budget_usd=1.0 if name == "x" else None)
        events.sync(tx, clock(), plans or (plan(),), [SourcePlan("x", "mentions", "theQCommunity", EVERY, START)])


def rows(store: Store, table: Table, *where: Any) -> list[Row[Any]]:
    """All rows of a table, in the order of their primary key."""
    with store.read() as tx:
        return list(tx.execute(select(table).where(*where).order_by(*table.primary_key.columns)).all())


def count(store: Store, table: Table, *where: Any) -> int:
    """How many rows there are."""
    with store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def source_of(store: Store, network: str, kind: str = "hashtag", event_id: int | None = None) -> Row[Any]:
    """The first source of that kind."""
    mine = [source.c.network == network, source.c.kind == kind]
    return rows(store, source, *mine, *([source.c.event_id == event_id] if event_id else []))[0]


def said(native_id: str, text: str, network: str = "x", **more: Any) -> Item:
    """An item as a network reads it, written at the start unless said otherwise."""
    values: dict[str, Any] = {"author_id": "17", "author_handle": "@grace", "written_at": START, "lang": "en"}
    return Item(network, native_id, text, **(values | more))


def keep(
    store: Store,
    *items: Item,
    kind: str = "hashtag",
    poison: Sequence[Poison] = (),
    covers: Covers | None = None,
    event_id: int | None = None,
) -> inbox.Kept:
    """Keep one page of a network's source."""
    name = items[0].network if items else "x"
    src = source_of(store, name, kind, event_id)
    with store.write() as tx:
        return inbox.keep(tx, store.now(tx), src, Page(items, "c", covers or Covers(), tuple(poison)))


def asked(store: Store, native_id: str, text: str, **more: Any) -> int:
    """Keep an item that asks; the number of its question."""
    keep(store, said(native_id, text, **more))
    return question_of(store, native_id)


def question_of(store: Store, native_id: str) -> int:
    """The question that an item asks. Raises NoResultFound."""
    with store.read() as tx:
        return int(
            tx.execute(
                select(placement.c.question_id)
                .join(item)
                .where(item.c.native_id == native_id, placement.c.question_id.is_not(None))
            ).scalar_one()
        )


def question_row(store: Store, question_id: int) -> Row[Any]:
    """One question as it is now."""
    return rows(store, question, question.c.id == question_id)[0]


def entry(title: str, text: str = "More soon.", time: str = "10:00", at: datetime = START) -> Entry:
    """An entry of the live blog."""
    return Entry("2026-05-04", time, at, title, text, link="https://q.example/blog/live-blog/")


def drafted(store: Store, title: str, text: str = "More soon.") -> Row[Any]:
    """A new entry and the draft that comes of it."""
    src = source_of(store, "wordpress", "liveblog")
    with store.write() as tx:
        now = store.now(tx)
        ev = events.one_event(tx, src.event_id)
        row = blog.add(tx, now, ev.id, src.id, entry(title, text), "new")
        return post_row(store, updates.draft_update(tx, now, ev, row), tx)


def changed(store: Store, draft: Row[Any], title: str, text: str = "More soon.") -> None:
    """The blog changes the entry of a draft."""
    src = source_of(store, "wordpress", "liveblog")
    with store.write() as tx:
        now = store.now(tx)
        before = updates.as_entry(updates.stored(tx, draft.entry_id))
        row = blog.change(tx, now, draft.entry_id, entry(title, text))
        updates.entry_changed(tx, now, events.one_event(tx, src.event_id), row, before)


def post_row(store: Store, post_id: int, tx: Any = None) -> Row[Any]:
    """One post as it is now."""
    if tx is None:
        return rows(store, post, post.c.id == post_id)[0]
    found = drafts.get(tx, post_id)
    assert found is not None
    return found
