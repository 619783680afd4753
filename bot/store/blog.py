"""The entries of live blogs under an identity of our own, and the doubts that a person settles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.edits import Doubt, Known
from bot.core.items import Entry, Picture
from bot.store import changes, updates
from bot.store.tables import doubt, entry


def known(tx: Connection, source_id: int) -> list[Known]:
    """What is stored of one live blog; what was removed is marked so, and is known if it comes back."""
    rows = select(entry).where(entry.c.source_id == source_id).order_by(entry.c.position, entry.c.id)
    return [_known(row) for row in tx.execute(rows)]


def _known(row: Row[Any]) -> Known:
    pictures = tuple(Picture(one["url"], one["alt"]) for one in row.pictures)
    gone = row.state == "gone"
    return Known(row.id, row.day, row.time, row.title, row.text, row.key, pictures, row.position, gone)


OVER = "over "  # takes the place of a mark; no other mark begins so
SETTLED = {
    "announce": "Done. What follows from it is drafted below.",
    "known": "Taken as known; nothing is announced.",
    "gone": "Taken as removed.",
}


def _columns(one: Entry) -> dict[str, Any]:
    return {
        "key": one.key, "day": one.day, "time": one.time, "at": one.at, "title": one.title, "text": one.text,
        "pictures": [{"url": picture.url, "alt": picture.alt} for picture in one.pictures], "link": one.link,
    }  # fmt: skip


def add(
    tx: Connection, now: datetime, event_id: int, source_id: int, one: Entry, state: str, position: int = 0
) -> Row[Any]:
    """A new entry, ``old`` if it was there at first contact."""
    values = _columns(one) | {"event_id": event_id, "source_id": source_id, "state": state, "seen_at": now}
    return tx.execute(insert(entry).values(values | {"position": position}).returning(*entry.c)).one()


def change(tx: Connection, now: datetime, entry_id: int, one: Entry) -> Row[Any]:
    """Take over what changed in an entry."""
    same = update(entry).where(entry.c.id == entry_id)
    return tx.execute(same.values(_columns(one) | {"changed_at": now}).returning(*entry.c)).one()


def refresh(tx: Connection, now: datetime, ev: Row[Any], was: Known, one: Entry) -> None:
    """Take over what is no change of its own, such as the description of a picture."""
    if was.pictures != one.pictures:
        same = update(entry).where(entry.c.id == was.id).values(pictures=_columns(one)["pictures"])
        updates.pictures_changed(tx, now, ev, tx.execute(same.returning(*entry.c)).one())


def remove(tx: Connection, now: datetime, entry_id: int) -> Row[Any]:
    """It is not on the page any more."""
    same = update(entry).where(entry.c.id == entry_id)
    return tx.execute(same.values(state="gone", changed_at=now).returning(*entry.c)).one()


def restore(tx: Connection, now: datetime, ev: Row[Any], entry_id: int, one: Entry) -> None:
    """It had been gone and is on the page again: nothing is announced twice, what was withdrawn waits for a person."""
    row = change(tx, now, entry_id, one)
    announced = updates.entry_back(tx, now, row)
    tx.execute(update(entry).where(entry.c.id == entry_id).values(state="new" if announced else "old"))
    if announced and updates.out_of_step(tx, ev, row):
        updates.entry_changed(tx, now, ev, row, one)


def set_positions(tx: Connection, places: Sequence[tuple[int, int]]) -> None:
    """Where entries stand on the page now: (id, position) pairs; only what moved is written."""
    if places:
        stored = dict(
            tx.execute(select(entry.c.id, entry.c.position).where(entry.c.id.in_([i for i, _ in places]))).all()
        )
        for entry_id, position in places:
            if stored.get(entry_id) != position:
                tx.execute(update(entry).where(entry.c.id == entry_id).values(position=position))


def keep_doubts(tx: Connection, now: datetime, src: Row[Any], doubts: Sequence[Doubt], *, readable: bool = True) -> int:
    """Put what is unclear before a person, once; doubts that the blog itself resolved pass. How many are new.

    What a person settled and a `readable` page no longer raises is over: if it comes again, it is asked again.
    """
    marks = {_mark(one): one for one in doubts}
    stored = tx.execute(select(doubt).where(doubt.c.source_id == src.id)).all()
    for row in stored:
        if row.state == "open" and row.mark not in marks:
            tx.execute(update(doubt).where(doubt.c.id == row.id).values(state="passed"))
        if readable and row.state == "settled" and row.mark not in marks and not row.mark.startswith(OVER):
            tx.execute(update(doubt).where(doubt.c.id == row.id).values(mark=f"{OVER}{row.id}"))
        if row.state == "passed" and row.mark in marks:
            tx.execute(update(doubt).where(doubt.c.id == row.id).values(state="open", at=now))
    new = [mark for mark in marks if mark not in {row.mark for row in stored}]
    for mark in new:
        one = marks[mark]
        detail = {"entries": [_as_json(each) for each in one.entries], "known": [each.id for each in one.known]}
        values = {"event_id": src.event_id, "source_id": src.id, "kind": one.kind, "mark": mark, "at": now}
        tx.execute(insert(doubt).values(values | {"sentence": one.sentence, "detail": detail}))
        changes.record(tx, now, "", "doubt", event_id=src.event_id, kind="source", ref=src.id)
    return len(new)


def _mark(one: Doubt) -> str:
    said = [one.kind, one.sentence, *(f"{each.day} {each.time} {each.title} {each.text}" for each in one.entries)]
    said += [str(each.id) for each in one.known]
    return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()


def _as_json(one: Entry) -> dict[str, Any]:
    return _columns(one) | {"at": one.at.isoformat()}


def _from_json(said: dict[str, Any]) -> Entry:
    pictures = tuple(Picture(each["url"], each["alt"]) for each in said["pictures"])
    at = datetime.fromisoformat(said["at"])
    return Entry(said["day"], said["time"], at, said["title"], said["text"], pictures, said["key"], said["link"])


def settle_doubt(tx: Connection, now: datetime, who: str, doubt_id: int, choice: str) -> str:
    """A person decides: ``announce`` the entries as new, take them as ``known``, or as ``gone``. "" if too late."""
    row = tx.execute(select(doubt).where(doubt.c.id == doubt_id)).one_or_none()
    if row is None or row.state != "open" or choice not in ("announce", "known", "gone"):
        return ""
    settled = update(doubt).where(doubt.c.id == doubt_id, doubt.c.state == "open")
    if tx.execute(settled.values(state="settled", choice=choice, who=who)).rowcount != 1:
        return ""
    entries = [_from_json(said) for said in row.detail["entries"]]
    _carry_out(tx, now, row, choice, entries, list(row.detail["known"]))
    changes.record(tx, now, who, f"doubt settled: {choice}", event_id=row.event_id, kind="source", ref=row.source_id)
    return SETTLED[choice]


def _carry_out(
    tx: Connection, now: datetime, row: Row[Any], choice: str, entries: Sequence[Entry], ids: Sequence[int]
) -> None:
    """Entries that a person takes as known go to the stored ones in their order; what is left over is gone."""
    ev = updates.event_of(tx, row.event_id)
    edits = choice == "announce" and row.kind == "format" and len(ids) == len(entries)
    pairs = list(zip(ids, entries, strict=False)) if choice == "known" or edits else []
    for entry_id, one in pairs:
        before = updates.as_entry(updates.stored(tx, entry_id))
        stored = change(tx, now, entry_id, one)
        if edits:
            updates.entry_changed(tx, now, ev, stored, before)
    left_over = ids[len(pairs) :] if entries or choice == "gone" else []
    for entry_id in left_over:
        updates.entry_gone(tx, now, ev, remove(tx, now, entry_id))
    for one in entries[len(pairs) :] if choice != "gone" else ():
        stored = add(tx, now, row.event_id, row.source_id, one, "new" if choice == "announce" else "old")
        if choice == "announce":
            updates.draft_update(tx, now, ev, stored)


def open_doubts(tx: Connection, event_id: int) -> list[Row[Any]]:
    """What waits for a person, oldest first."""
    rows = select(doubt).where(doubt.c.event_id == event_id, doubt.c.state == "open")
    return list(tx.execute(rows.order_by(doubt.c.id)).all())
