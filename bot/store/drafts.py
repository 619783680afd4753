"""Posts before they go out: drafts with one version per network, held, edited, approved, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.core import states
from bot.store import changes, outbox, pictures
from bot.store.tables import delivery, event, post, switch, version

SETTLES_WITHIN = timedelta(minutes=5)  # an entry that still changes after that waits for a person


@dataclass(frozen=True, slots=True)
class Wording:
    """What a post says on one network (to one asker, if `item_id`). `problem` says why it cannot go."""

    network: str
    parts: tuple[str, ...]
    action: str = "create"
    link: str = ""
    target: str = ""
    item_id: int = 0
    chosen: bool = True
    problem: str = ""


def get(tx: Connection, post_id: int) -> Row[Any] | None:
    """One post, or None; nobody else changes it until this transaction ends."""
    return tx.execute(select(post).where(post.c.id == post_id).with_for_update()).one_or_none()


def versions(tx: Connection, post_id: int) -> list[Row[Any]]:
    """What it says on each network."""
    return list(tx.execute(select(version).where(version.c.post_id == post_id).order_by(version.c.id)).all())


def add(
    tx: Connection, now: datetime, event_id: int, kind: str, wordings: Sequence[Wording], who: str = "", **more: Any
) -> int:
    """A new draft; its id. `more` are columns of the post."""
    values = {"event_id": event_id, "kind": kind, "created_at": now, "changed_at": now} | more
    post_id = int(tx.execute(insert(post).values(values).returning(post.c.id)).scalar_one())
    set_versions(tx, post_id, wordings)
    changes.record(tx, now, who, f"{kind} drafted", event_id=event_id, kind="post", ref=post_id)
    return post_id


def set_versions(tx: Connection, post_id: int, wordings: Sequence[Wording]) -> None:
    """Replace what a draft says."""
    tx.execute(version.delete().where(version.c.post_id == post_id))
    rows = [
        {
            "post_id": post_id, "network": one.network, "item_id": one.item_id, "action": one.action,
            "parts": list(one.parts), "link": one.link, "target": one.target, "chosen": one.chosen,
            "problem": one.problem,
        }
        for one in wordings
    ]  # fmt: skip
    if rows:
        tx.execute(insert(version), rows)


def follow_blog(tx: Connection, now: datetime, row: Row[Any], wordings: Sequence[Wording], grace: timedelta) -> None:
    """The entry changed before its post went out: the draft says the new words and settles anew."""
    if row.edited_by:
        values: dict[str, Any] = {"blog_changed": True, "go_at": None, "waits_for": "the blog changed after your edit"}
    else:
        set_versions(tx, row.id, wordings)
        values = {"go_at": row.go_at and now + grace}
        if row.go_at and now + grace > row.created_at + max(SETTLES_WITHIN, grace * 2):
            values = {"go_at": None, "waits_for": "it kept changing for 5 minutes"}
    values |= {"revision": row.revision + 1, "changed_at": now}
    tx.execute(update(post).where(post.c.id == row.id, post.c.state == "draft").values(values))
    changes.record(tx, now, "", "draft follows the blog", event_id=row.event_id, kind="post", ref=row.id)


def edit(
    tx: Connection, now: datetime, who: str, row: Row[Any], revision: int, parts: Mapping[str, Sequence[str]]
) -> bool:
    """A person's own words, if the draft is still as they saw it. It no longer follows the blog."""
    values = {"revision": revision + 1, "edited_by": who, "changed_at": now, "go_at": None, "blog_changed": False}
    values |= {"waits_for": "your approval: it was edited"}
    if not _as_seen(tx, row.id, revision, values):
        return False
    for network, said in parts.items():
        mine = update(version).where(version.c.post_id == row.id, version.c.network == network)
        tx.execute(mine.values(parts=list(said), problem=""))
    changes.record(tx, now, who, "draft edited", event_id=row.event_id, kind="post", ref=row.id)
    return True


def _as_seen(tx: Connection, post_id: int, revision: int, values: Mapping[str, Any]) -> bool:
    same = update(post).where(post.c.id == post_id, post.c.state == "draft", post.c.revision == revision)
    return tx.execute(same.values(dict(values))).rowcount == 1


def hold(tx: Connection, now: datetime, who: str, row: Row[Any]) -> bool:
    """Stop the countdown. False if it is no draft any more or held already."""
    free = update(post).where(post.c.id == row.id, post.c.state == "draft", post.c.held_by == "")
    if tx.execute(free.values(held_by=who, held_at=now, go_at=None, waits_for="held")).rowcount != 1:
        return False
    changes.record(tx, now, who, "held", event_id=row.event_id, kind="post", ref=row.id)
    return True


def unhold(tx: Connection, now: datetime, who: str, row: Row[Any], grace: timedelta | None) -> bool:
    """Let it go its way again: a fresh countdown, or (None) waiting for approval."""
    held = update(post).where(post.c.id == row.id, post.c.state == "draft", post.c.held_by != "")
    values: dict[str, Any] = {"waits_for": "your approval"}
    if grace is not None and not row.edited_by and row.kind == "update":
        values = {"go_at": now + grace, "waits_for": ""}
    if tx.execute(held.values(held_by="", held_at=None, **values)).rowcount != 1:
        return False
    changes.record(tx, now, who, "no longer held", event_id=row.event_id, kind="post", ref=row.id)
    return True


def approve(
    tx: Connection, now: datetime, who: str, row: Row[Any], revision: int, networks: Collection[str] | None
) -> bool:
    """It goes out as it stands, to the letter, if it still stands as the person saw it."""
    values = {
        "state": "approved",
        "approved_at": now,
        "approved_by": who,
        "go_at": None,
        "waits_for": "",
        "held_by": "",
    }
    if not _as_seen(tx, row.id, revision, values):
        return False
    if networks is not None:
        here = version.c.network.in_(list(networks))
        tx.execute(update(version).where(version.c.post_id == row.id).values(chosen=here))
    outbox.queue(tx, now, row, versions(tx, row.id))
    changes.record(tx, now, who, "approved", event_id=row.event_id, kind="post", ref=row.id)
    return True


def withdraw(tx: Connection, now: datetime, who: str, row: Row[Any], revision: int | None = None) -> bool:
    """It will not go out."""
    values = {"state": "withdrawn", "withdrawn_at": now, "withdrawn_by": who, "go_at": None, "held_by": ""}
    if not _as_seen(tx, row.id, row.revision if revision is None else revision, values):
        return False
    changes.record(tx, now, who, "withdrawn", event_id=row.event_id, kind="post", ref=row.id)
    return True


def back_to_draft(tx: Connection, now: datetime, who: str, row: Row[Any]) -> bool:
    """A withdrawn post becomes a draft again, and waits for approval."""
    if not states.may(states.POST, row.state, "draft"):
        return False
    again = update(post).where(post.c.id == row.id, post.c.state == "withdrawn")
    values = {"state": "draft", "waits_for": "your approval", "revision": row.revision + 1, "withdrawn_at": None}
    if tx.execute(again.values(values | {"withdrawn_by": "", "changed_at": now})).rowcount != 1:
        return False
    changes.record(tx, now, who, "a draft again", event_id=row.event_id, kind="post", ref=row.id)
    return True


def end_grace(tx: Connection, now: datetime) -> list[int]:
    """Approve every draft whose grace is over; the ids. Nothing while posting is paused or after an event."""
    if paused(tx):
        return []
    running = select(event.c.id).where(event.c.active, event.c.ends.is_(None) | (event.c.ends > now))
    over = update(post).where(post.c.state == "draft", post.c.go_at <= now, post.c.event_id.not_in(running))
    tx.execute(over.values(go_at=None, waits_for="your approval: the event is not running"))
    ready = select(post.c.event_id).where(post.c.state == "draft", post.c.go_at <= now, post.c.held_by == "")
    waiting = set(tx.execute(ready.where(post.c.event_id.in_(running))).scalars())
    gone = []
    for ev in tx.execute(select(event).where(event.c.id.in_(waiting)).order_by(event.c.id)).all():
        due = [post_id for post_id, at in turns(tx, ev).items() if at <= now]
        rows = (row for row in (get(tx, post_id) for post_id in due) if row is not None)
        gone += [row.id for row in rows if approve(tx, now, "", row, row.revision, None)]
    return gone


def turns(tx: Connection, ev: Row[Any]) -> dict[int, datetime]:
    """When each draft of an event that counts down goes out: in their order, and `spacing_seconds` apart."""
    gap = timedelta(seconds=ev.options.get("announce", {}).get("spacing_seconds", 0))
    mine = post.c.event_id == ev.id
    last = tx.execute(select(func.max(post.c.approved_at)).where(mine, post.c.kind.in_(("update", "notice")))).scalar()
    counting = select(post.c.id, post.c.go_at).where(
        mine, post.c.state == "draft", post.c.go_at.is_not(None), post.c.held_by == "", ~pictures.unready()
    )
    found: dict[int, datetime] = {}
    for row in tx.execute(counting.order_by(post.c.go_at, post.c.id)).all():
        last = max(row.go_at, last + gap) if last is not None else row.go_at
        found[row.id] = last
    return found


def schedule(
    tx: Connection, now: datetime, who: str, row: Row[Any], revision: int, at: datetime, networks: Collection[str]
) -> bool:
    """It goes out by itself at that time to these networks, if it still stands as the person saw it."""
    values = {"go_at": at, "waits_for": "", "held_by": "", "held_at": None, "revision": revision + 1, "changed_at": now}
    if not _as_seen(tx, row.id, revision, values):
        return False
    here = version.c.network.in_(list(networks))
    tx.execute(update(version).where(version.c.post_id == row.id).values(chosen=here))
    changes.record(tx, now, who, "time set", event_id=row.event_id, kind="post", ref=row.id)
    return True


def count_down(tx: Connection, now: datetime, row: Row[Any], go_at: datetime | None, waits_for: str) -> None:
    """What it waited for is there: it goes out at that time, or (None) waits for what is said."""
    values = {"go_at": go_at, "waits_for": waits_for, "revision": row.revision + 1, "changed_at": now}
    tx.execute(update(post).where(post.c.id == row.id, post.c.state == "draft").values(values))


def pictures_edited(tx: Connection, now: datetime, who: str, row: Row[Any], revision: int) -> bool:
    """A person chose or described its pictures, if the draft is still as they saw it: it waits for approval."""
    values: dict[str, Any] = {"revision": revision + 1, "changed_at": now}
    if row.kind in ("update", "notice") and not row.held_by:
        values |= {"go_at": None, "waits_for": "your approval: its photos were edited"}
    if not _as_seen(tx, row.id, revision, values):
        return False
    changes.record(tx, now, who, "photos edited", event_id=row.event_id, kind="post", ref=row.id)
    return True


def stop_for_pictures(tx: Connection, post_id: int) -> None:
    """A draft whose pictures need a person waits for one; what is still being fetched only delays it."""
    why = pictures.hinder(tx, post_id)
    if why in (pictures.NO_WORDS, pictures.NOT_HAD):
        counting = update(post).where(post.c.id == post_id, post.c.state == "draft", post.c.go_at.is_not(None))
        tx.execute(counting.values(go_at=None, waits_for=f"your approval: {why}"))


def paused(tx: Connection) -> bool:
    """Whether the one switch that stops everything is on."""
    return bool(tx.execute(select(switch.c.paused)).scalar())


def set_paused(tx: Connection, now: datetime, who: str, on: bool) -> bool:
    """Turn the switch. On unpausing every draft that counts down gets a fresh grace of its event."""
    turn = update(switch).where(switch.c.paused.is_(not on))
    values = {"paused": on, "paused_by": who if on else "", "paused_at": now if on else None}
    if tx.execute(turn.values(values)).rowcount != 1:
        return False
    if not on:
        for row in tx.execute(select(event)).all():
            fresh = now + timedelta(seconds=row.options.get("announce", {}).get("seconds", 60))
            counting = update(post).where(post.c.event_id == row.id, post.c.state == "draft", post.c.go_at < fresh)
            tx.execute(counting.values(go_at=fresh))  # what has a later time of its own keeps it
    changes.record(tx, now, who, "paused" if on else "unpaused", kind="switch")
    return True


def of_entry(tx: Connection, entry_id: int) -> list[Row[Any]]:
    """All posts about an entry, oldest first; nobody else changes them until this transaction ends."""
    about = select(post).where(post.c.entry_id == entry_id).order_by(post.c.id)
    return list(tx.execute(about.with_for_update()).all())


def said(tx: Connection, network: str, parts: Sequence[str], but: int = 0) -> bool:
    """Whether a post that begins so is out on a network, about to be, or in another draft than `but`."""
    drafted = select(version.c.parts).join(post, post.c.id == version.c.post_id)
    others = drafted.where(post.c.state == "draft", post.c.id != but, version.c.network == network)
    before = outbox.said_before(tx, network, parts[0])
    return before or any(one[:1] == [parts[0]] for one in tx.execute(others).scalars())


def sent_as(tx: Connection, post_id: int) -> list[Row[Any]]:
    """The deliveries of a post in the order of their parts."""
    rows = select(delivery).where(delivery.c.post_id == post_id)
    return list(tx.execute(rows.order_by(delivery.c.network, delivery.c.part)).all())
