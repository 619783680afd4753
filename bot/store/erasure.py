"""What leaves: deleted by its author, erased on request, or older than the event keeps things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.core.items import Checked, Item, Standing
from bot.store import changes, copies, drafts, lookup, outbox, questions, unnaming
from bot.store.asking import mark_of_words
from bot.store.engine import insert_new
from bot.store.hashes import mark_of, secret
from bot.store.questions import THE_BLOG
from bot.store.tables import (
    block,
    change,
    delivery,
    erased,
    item,
    note,
    placement,
    post,
    quarantine,
    question,
    version,
)

BLANK = {
    "text": "", "author_id": "", "author_name": "", "author_handle": "", "url": "", "flags": [], "marks": [],
    "copy_of": "", "tokens": "",
}  # fmt: skip


def settle_checks(tx: Connection, now: datetime, network: str, checks: list[Checked]) -> list[Item]:
    """Take over how items stand now; gives those whose present form should be kept as an edit."""
    present = []
    for one in checks:
        row = tx.execute(select(item).where(item.c.network == network, item.c.native_id == one.native_id)).one_or_none()
        if row is None or row.standing == Standing.GONE.value:
            continue
        if one.standing is Standing.GONE:
            _gone(tx, now, row)
        elif one.item is not None and one.standing in (Standing.PUBLIC, Standing.HELD):
            present.append(one.item)
        elif row.standing != one.standing.value:
            _out_of_sight(tx, now, row, one.standing)
        tx.execute(update(item).where(item.c.id == row.id).values(checked_at=now))
    if any(one.standing is Standing.GONE for one in checks):
        lookup.scrub(tx)
    return present


def _gone(tx: Connection, now: datetime, row: Row[Any]) -> None:
    """Its author deleted it, so do we; the id stays, so that it cannot come back as new."""
    for copy in copies.of(tx, row):
        _gone(tx, now, copy)
    tx.execute(update(item).where(item.c.id == row.id).values(BLANK | {"standing": Standing.GONE.value}))
    _leave_questions(tx, now, row, "gone")
    changes.record(tx, now, "", "gone", kind="item", ref=row.id)


def _out_of_sight(tx: Connection, now: datetime, row: Row[Any], standing: Standing) -> None:
    tx.execute(update(item).where(item.c.id == row.id).values(standing=standing.value))
    for place in tx.execute(select(placement).where(placement.c.item_id == row.id)).all():
        changes.record(tx, now, "", f"now {standing.value}", event_id=place.event_id, kind="item", ref=row.id)
        if place.question_id is not None and not _in_sight(tx, place.question_id):
            questions.move(tx, now, THE_BLOG, place.question_id, "dismissed", seen="waiting")


def _in_sight(tx: Connection, question_id: int) -> bool:
    asking = select(item.c.id).join(placement, placement.c.item_id == item.c.id)
    seen = asking.where(placement.c.question_id == question_id, item.c.standing.in_(("public", "held")))
    return tx.execute(seen.limit(1)).first() is not None


def _leave_questions(tx: Connection, now: datetime, row: Row[Any], why: str) -> None:
    outbox.leave(tx, row.id)
    outbox.leave_drafts(tx)
    tx.execute(update(version).where(version.c.item_id == row.id).values(parts=[]))
    if row.text:  # a question that was put with another keeps its own words for taking them apart again
        merged = update(question).where(question.c.state == "merged", question.c.text == row.text)
        tx.execute(merged.values(questions.GONE))
    for place in tx.execute(select(placement).where(placement.c.item_id == row.id)).all():
        if place.question_id is not None:
            _leave_question(tx, now, place.question_id, row, why)


def _leave_question(tx: Connection, now: datetime, question_id: int, row: Row[Any], why: str) -> None:
    others = (
        select(item.c.text)
        .join(placement, placement.c.item_id == item.c.id)
        .where(placement.c.question_id == question_id, item.c.id != row.id, item.c.standing != "gone")
        .order_by(item.c.id)
    )
    left = tx.execute(others).scalars().all()
    asked = tx.execute(select(question).where(question.c.id == question_id)).one()
    values: dict[str, Any]
    if left:
        values = {"times_asked": max(1, asked.times_asked - 1)}
        if asked.text == row.text:
            values |= {"text": left[0], "fingerprint": mark_of_words(left[0])}
    else:
        values = questions.GONE | {"moved_at": now}
        tx.execute(delete(note).where(note.c.question_id == question_id))
        tx.execute(update(post).where(post.c.question_id == question_id).values(detail={}))
        _leave_retellings(tx, now, question_id)
    tx.execute(update(question).where(question.c.id == question_id).values(values))
    changes.record(tx, now, "", why, event_id=asked.event_id, kind="question", ref=question_id)


def _leave_retellings(tx: Connection, now: datetime, question_id: int) -> None:
    """A post that tells of the question and has not gone out does not; nowhere here are its words kept."""
    told = select(post).where(post.c.question_id == question_id, post.c.kind == "notice")
    for one in tx.execute(told).all():
        tx.execute(update(version).where(version.c.post_id == one.id).values(parts=[]))
        if one.state == "draft":
            drafts.withdraw(tx, now, "", one)
        outbox.leave_post(tx, one.id)


def erase_item(tx: Connection, now: datetime, who: str, item_id: int) -> bool:
    """Blank one item and whatever of it stands elsewhere, for good. False if there is none."""
    row = tx.execute(select(item.c.author_handle, item.c.author_name).where(item.c.id == item_id)).one_or_none()
    if row is None:
        return False
    _erase(tx, now, who, item_id)
    unnaming.unname(tx, unnaming.names_of(row.author_handle, row.author_name))
    lookup.scrub(tx)
    return True


def _erase(tx: Connection, now: datetime, who: str, item_id: int) -> bool:
    row = tx.execute(select(item).where(item.c.id == item_id)).one_or_none()
    if row is None:
        return False
    for copy in copies.of(tx, row):
        erase_item(tx, now, who, copy.id)
    key = secret(tx)
    insert_new(tx, erased, [{"hash": mark_of(key, row.network, row.native_id), "at": now}], erased.c.hash)
    _leave_questions(tx, now, row, "erased")
    mark = f"erased:{row.id}"
    tx.execute(delete(quarantine).where(quarantine.c.native_id == row.native_id))
    tx.execute(update(item).where(item.c.parent_id == row.native_id).values(parent_id=""))
    values = BLANK | {"standing": Standing.GONE.value, "native_id": mark, "parent_id": "", "root_id": "", "lang": ""}
    tx.execute(update(item).where(item.c.id == row.id).values(values | {"written_at": None}))
    changes.record(tx, now, who, "erased", kind="item", ref=row.id)
    return True


def erase_author(tx: Connection, now: datetime, who: str, network: str, author: str) -> int:
    """Erase all that one person wrote on a network (`author`: id or handle) and keep them out; how many."""
    named = author if author.startswith("@") else "@" + author
    theirs = (item.c.author_id == author) | (func.lower(item.c.author_handle) == named.lower())
    wrote = select(item.c.id, item.c.author_id, item.c.author_handle, item.c.author_name)
    rows = tx.execute(wrote.where(item.c.network == network, theirs)).all()
    key = secret(tx)
    ids = {row.author_id for row in rows if row.author_id}
    marks = [{"hash": mark_of(key, network, "by:" + author_id), "at": now} for author_id in ids]
    insert_new(tx, erased, marks, erased.c.hash)
    blocked = update(block).where(block.c.kind == "person", block.c.network == network, block.c.what.in_(ids))
    tx.execute(blocked.values(what="", name="", why="", lifted_at=now, lifted_by=who))
    count = sum(_erase(tx, now, who, row.id) for row in rows)
    names = {one for row in rows for one in unnaming.names_of(row.author_handle, row.author_name)}
    unnaming.unname(tx, sorted(names, key=lambda one: (-len(one), one)))
    lookup.scrub(tx)
    return count


def stored(tx: Connection, item_id: int) -> Row[Any] | None:
    """One item, None if it is not there or gone already."""
    there = select(item).where(item.c.id == item_id, item.c.standing != Standing.GONE.value)
    return tx.execute(there).one_or_none()


def read_for(tx: Connection, event_id: int, item_id: int) -> bool:
    """Whether an item was read for that event."""
    there = select(placement.c.id).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    return tx.execute(there).first() is not None


def written_by(tx: Connection, row: Row[Any]) -> int:
    """How many items are stored of whoever wrote that one; 1 if its network does not say who it is."""
    mine = select(func.count()).where(item.c.network == row.network, item.c.author_id == row.author_id)
    return int(tx.execute(mine.where(item.c.standing != "gone")).scalar_one()) if row.author_id else 1


def replies_to(tx: Connection, row: Row[Any]) -> list[Row[Any]]:
    """Our answers to whoever wrote that item which are out and have an address."""
    theirs = select(item.c.id).where(item.c.network == row.network, item.c.author_id == row.author_id)
    to_them = delivery.c.item_id.in_(theirs) if row.author_id else delivery.c.item_id == row.id
    out = select(delivery).where(to_them, delivery.c.state == "sent", delivery.c.action == "create")
    return list(tx.execute(out.where(delivery.c.url != "").order_by(delivery.c.id)).all())


def erase_items(tx: Connection, now: datetime, item_ids: Iterable[int]) -> int:
    """Erase items whose time is over; how many there were."""
    count = sum(_erase(tx, now, "", item_id) for item_id in item_ids)
    if count:
        lookup.scrub(tx)
    return count


def since(tx: Connection, change_id: int) -> bool:
    """Whether words were let go of after that change, so that the log of the database may still hold them."""
    let_go = ("gone", "erased", "kept no longer", "edited", "edited by its author")
    after = select(change.c.id).where(change.c.id > change_id, change.c.what.in_(let_go))
    return tx.execute(after.limit(1)).first() is not None
