"""Deliveries: queued, claimed, recorded, looked for again, settled by a person."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from bot.core import states
from bot.core.items import AS_DRAFT, Action, Delivery
from bot.store import changes, engine, networks, pictures, published
from bot.store.tables import EPOCH, delivery, item, network, post, question, switch, version

DELETED = "The one who asked deleted the post."
MAKE_ANEW = "Somebody deleted a post or was erased meanwhile: make the draft again, without their words."
STOPPED = "They asked us to stop answering."
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"  # sorts as it counts
_CLOCK_ID = secrets.randbelow(1024)
_last = 0


def new_key() -> str:
    """A key that no other delivery has, in the form that Bluesky wants of a record (a TID)."""
    global _last
    _last = max(_last + 1, time.time_ns() // 1000)
    number = (_last << 10) | _CLOCK_ID
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def queue(tx: Connection, now: datetime, row: Row[Any], versions: Sequence[Row[Any]]) -> int:
    """Write the deliveries of an approved post; how many. Their words are frozen from here on."""
    rows = [one for said in versions if said.chosen and not said.problem for one in _parts(tx, now, row, said)]
    if rows:
        tx.execute(insert(delivery), rows)
    return len(rows)


def _parts(tx: Connection, now: datetime, row: Row[Any], said: Row[Any]) -> list[dict[str, Any]]:
    asked = tx.execute(select(item).where(item.c.id == said.item_id)).one_or_none() if said.item_id else None
    steps = _steps(tx, row, said)
    answers = said.target if said.action == "create" else ""  # a correction below the first post
    enclosed = _pictures(tx, row, said)
    return [
        {
            "event_id": row.event_id, "post_id": row.id, "network": said.network, "item_id": said.item_id,
            "action": said.action, "part": number, "parts": len(steps), "key": new_key(), "text": words,
            "link": said.link, "due": now, "created_at": now, "pictures": enclosed if number == 1 else [],
            "target": target,
            "reply_to": asked.native_id if asked else answers if number == 1 else "",
            "reply_root": asked.root_id if asked else "",
            "lang": asked.lang if asked else "",
        }
        for number, (words, target) in enumerate(steps, 1)
    ]  # fmt: skip


def _pictures(tx: Connection, row: Row[Any], said: Row[Any]) -> list[dict[str, str]]:
    """The pictures of the first part. What stays in place, or answers what stays, has those that it has."""
    rules = networks.limits(tx).get(said.network)
    if rules is None or said.action == "delete":
        return []
    mine = pictures.chosen(tx, row.id)[: rules.pictures]
    stays = row.corrects is not None and (said.action == "edit" or said.target)
    return [] if stays and mine == pictures.chosen(tx, row.corrects)[: rules.pictures] else mine


def _steps(tx: Connection, row: Row[Any], said: Row[Any]) -> list[tuple[str, str]]:
    """The words and the target of each call. An edit or a removal is about every post of ours there, not the first."""
    parts = said.parts or [""]
    if said.action == "create":
        return [(words, "") for words in parts]
    there = published.about(tx, row).get(said.network)
    if there is None or not there.known:
        return [(words, said.target) for words in parts]
    if said.action == "delete":
        return [("", native) for native in there.ids]
    return [pair for one in there.posts for pair in zip(parts, one.ids, strict=False)]


def take(tx: Connection, now: datetime, lease: timedelta, name: str) -> Row[Any] | None:
    """The next delivery that one network may send now, marked as being sent; None if there is none.

    Re-reads the switch and the network's own state, so a pause holds from the next call on.
    """
    open_to_all = select(switch.c.id).where(switch.c.paused.is_(False)).exists()
    works = (
        select(network.c.name)
        .where(network.c.name == name, network.c.stopped == "", network.c.blocked_until <= now)
        .exists()
    )
    rows = engine.claim(
        tx, delivery, now, lease, delivery.c.network == name, delivery.c.state == "queued", open_to_all, works,
        ~_held_back(), state="sending", called_at=now, attempts=delivery.c.attempts + 1,
        started_at=func.coalesce(delivery.c.started_at, now),
    )  # fmt: skip
    return rows[0] if rows else None


def _held_back() -> ColumnElement[bool]:
    """Waits for an earlier part of its post, for what it replaces to be gone, or for an earlier change of the same."""
    before = delivery.alias("before")
    earlier_part = and_(
        before.c.post_id == delivery.c.post_id,
        before.c.item_id == delivery.c.item_id,
        before.c.action == delivery.c.action,
        before.c.part < delivery.c.part,
        before.c.state != "sent",
    )
    earlier_change = and_(
        before.c.target == delivery.c.target,
        before.c.target != "",
        before.c.id < delivery.c.id,
        before.c.state.in_(states.OPEN_DELIVERY),
    )
    removal = and_(
        before.c.post_id == delivery.c.post_id,
        before.c.item_id == delivery.c.item_id,
        before.c.action == Action.DELETE.value,
        delivery.c.action == Action.CREATE.value,
        before.c.state.not_in(("sent", "cancelled")),
    )
    first = or_(earlier_part, earlier_change, removal)
    return select(before.c.id).where(before.c.network == delivery.c.network, first).exists()


def take_unsure(tx: Connection, now: datetime, lease: timedelta, name: str) -> Row[Any] | None:
    """The next delivery that has to be looked for, held by the caller."""
    works = select(network.c.name).where(network.c.name == name, network.c.blocked_until <= now).exists()
    unsure = (delivery.c.network == name, delivery.c.state == "unsure", works)
    rows = engine.claim(tx, delivery, now, lease, *unsure, looks=delivery.c.looks + 1)
    return rows[0] if rows else None


def as_delivery(tx: Connection, row: Row[Any]) -> Delivery:
    """A row as the value that a network is handed, with the parts before it."""
    earlier = (
        select(delivery.c.part, delivery.c.remote_id)
        .where(
            delivery.c.post_id == row.post_id,
            delivery.c.network == row.network,
            delivery.c.item_id == row.item_id,
            delivery.c.action == row.action,
            delivery.c.part < row.part,
        )
        .order_by(delivery.c.part)
    )
    ids = [one.remote_id for one in tx.execute(earlier)]
    return Delivery(
        id=row.id, network=row.network, action=Action(row.action), key=row.key, text=row.text, link=row.link,
        lang=row.lang, reply_to=row.reply_to, reply_root=row.reply_root, previous=ids[-1] if ids else "",
        first=ids[0] if ids else "", target=row.target, started_at=row.started_at, attempts=row.attempts,
        pictures=pictures.media(tx, row.pictures),
    )  # fmt: skip


def said_before(tx: Connection, name: str, text: str) -> bool:
    """Whether a post with these very words is out on a network, or about to be."""
    made = delivery.c.action == "create", delivery.c.state.not_in(("refused", "cancelled"))
    same = select(delivery.c.id).where(delivery.c.network == name, delivery.c.text == text, *made)
    return tx.execute(same.limit(1)).first() is not None


def record(tx: Connection, now: datetime, row: Row[Any], state: str, **values: Any) -> bool:
    """Let go of a held delivery in its next state; False if somebody else holds it by now."""
    if not states.may(states.DELIVERY, row.state, state) and state != row.state:
        raise ValueError(f"a delivery does not go from {row.state} to {state}")
    if not engine.finish(tx, delivery, row, state=state, called_at=None, **values):
        return False
    _tell(tx, now, row, state)
    return True


def came_late(tx: Connection, now: datetime, row: Row[Any], **values: Any) -> bool:
    """The receipt of a call whose holder had lost its hold: a proof settles a doubt, and nothing else."""
    doubted = update(delivery).where(delivery.c.id == row.id, delivery.c.state.in_(("unsure", "asking")))
    proved = doubted.values(state="sent", called_at=None, lease_until=EPOCH, token=delivery.c.token + 1, **values)
    if tx.execute(proved).rowcount != 1:
        return False
    _tell(tx, now, row, "sent")
    return True


def _tell(tx: Connection, now: datetime, row: Row[Any], state: str) -> None:
    changes.record(
        tx, now, "", f"delivery {state}", event_id=row.event_id, kind="delivery", ref=row.id, network=row.network
    )
    if state == "sent" and row.item_id:
        _told(tx, now, row)
    if state == "sent" and row.reply_to == AS_DRAFT:
        _emptied(tx, delivery.c.id == row.id)
    if row.item_id and tx.execute(select(item.c.standing).where(item.c.id == row.item_id)).scalar() == "gone":
        leave(tx, row.item_id)


def leave(tx: Connection, item_id: int) -> None:
    """Who asked deleted the post: what is not on its way is not sent; our words to them go once they are settled."""
    mine = delivery.c.item_id == item_id
    stopped = update(delivery).where(mine, delivery.c.state.in_(("queued", "asking", "refused")))
    tx.execute(stopped.values(state="cancelled", error=DELETED))
    settled = update(delivery).where(mine, delivery.c.state.in_(("sent", "cancelled")))
    tx.execute(settled.values(text="", reply_to="", reply_root=""))


def leave_post(tx: Connection, post_id: int) -> None:
    """What a post tells of is gone: no part of it goes that is not on its way, and its words go once it is settled."""
    mine = delivery.c.post_id == post_id
    waiting = mine, delivery.c.state.in_(("queued", "asking", "refused"))
    tx.execute(update(delivery).where(*waiting).values(state="cancelled", error=DELETED))
    tx.execute(update(delivery).where(mine, delivery.c.state.in_(("sent", "cancelled"))).values(text=""))


def leave_drafts(tx: Connection) -> None:
    """Somebody's words went: a draft for the blog that may hold them and is not there yet does not go."""
    waiting = delivery.c.reply_to == AS_DRAFT, delivery.c.state.in_(("queued", "asking", "refused"))
    tx.execute(update(delivery).where(*waiting).values(state="cancelled", error=MAKE_ANEW))
    _emptied(tx, and_(delivery.c.reply_to == AS_DRAFT, delivery.c.state == "cancelled"))


def _emptied(tx: Connection, which: ColumnElement[bool]) -> None:
    """A draft stands on the blog, where a person works on it: no copy of what people said stays here."""
    posts = select(delivery.c.post_id).where(which)
    tx.execute(update(version).where(version.c.post_id.in_(posts), version.c.target == AS_DRAFT).values(parts=[]))
    tx.execute(update(delivery).where(which).values(text=""))


def hush(tx: Connection, network: str, author_id: str) -> None:
    """Who asked us to stop is sent nothing more: no answer that waits, and none that a person might send again."""
    theirs = select(item.c.id).where(item.c.network == network, item.c.author_id == author_id)
    waiting = delivery.c.item_id.in_(theirs), delivery.c.state.in_(("queued", "asking", "refused"))
    tx.execute(update(delivery).where(*waiting).values(state="cancelled", error=STOPPED))


def _told(tx: Connection, now: datetime, row: Row[Any]) -> None:
    """Its askers know what became of it; "it is with the room" and "we come back to you" do not say that yet."""
    answer = tx.execute(select(post.c.question_id, post.c.detail).where(post.c.id == row.post_id)).one()
    if answer.detail.get("as") not in ("accepted", "followup"):
        untold = update(question).where(question.c.id == answer.question_id, question.c.told_at.is_(None))
        tx.execute(untold.values(told_at=now))


def lapse(tx: Connection, now: datetime) -> int:
    """Deliveries whose holder is gone: perhaps sent, if the call had begun; how many."""
    dead = and_(delivery.c.state == "sending", delivery.c.lease_until <= now)
    why = "The program stopped, or lost its hold, before the answer was written down."
    lost = update(delivery).where(dead, delivery.c.called_at.is_not(None)).values(
        state="unsure", due=now, token=delivery.c.token + 1, error=why, looks=0
    )  # fmt: skip
    never = update(delivery).where(dead, delivery.c.called_at.is_(None)).values(
        state="queued", due=now, token=delivery.c.token + 1
    )  # fmt: skip
    count = 0
    for row in tx.execute(lost.returning(delivery.c.id, delivery.c.event_id, delivery.c.network)).all():
        changes.record(
            tx, now, "", "delivery unsure", event_id=row.event_id, kind="delivery", ref=row.id, network=row.network
        )
        count += 1
    return count + tx.execute(never).rowcount


def settle(
    tx: Connection, now: datetime, who: str, delivery_id: int, state: str, url: str = "", due: datetime | None = None
) -> Row[Any] | None:
    """A person's answer to "was this sent?" or "try again", at `due` or now; None if it no longer asks."""
    row = tx.execute(select(delivery).where(delivery.c.id == delivery_id)).one_or_none()
    if (
        row is None
        or row.state not in ("asking", "refused", "queued")
        or not states.may(states.DELIVERY, row.state, state)
    ):
        return None
    values: dict[str, Any] = {"state": state, "settled_by": who, "token": row.token + 1, "lease_until": EPOCH}
    if state == "sent":
        values |= {"sent_at": now, "url": url, "evidence": f"{who} said that it was sent"}
    if state == "queued":
        values |= {"due": due or now, "looks": 0, "error": "", "started_at": None}
    same = update(delivery).where(delivery.c.id == delivery_id, delivery.c.state == row.state)
    if tx.execute(same.values(values)).rowcount != 1:
        return None
    if state == "cancelled":
        _cancel_rest(tx, who, row)
    changes.record(tx, now, who, f"delivery {state}", event_id=row.event_id, kind="delivery", ref=row.id, by_hand=True)
    return row


def hasten(tx: Connection, now: datetime, who: str, delivery_id: int, due: datetime) -> bool:
    """A person moves the next try of a queued delivery; False if it is not queued any more."""
    waits = update(delivery).where(delivery.c.id == delivery_id, delivery.c.state == "queued")
    row = tx.execute(waits.values(due=due).returning(delivery.c.event_id)).one_or_none()
    if row is not None:
        changes.record(tx, now, who, "delivery put off", event_id=row.event_id, kind="delivery", ref=delivery_id)
    return row is not None


def _cancel_rest(tx: Connection, who: str, row: Row[Any]) -> None:
    """The later parts of a thread make no sense without this one, nor the new post where the old one stays."""
    later = and_(delivery.c.action == row.action, delivery.c.part > row.part)
    rest = (
        delivery.c.post_id == row.post_id, delivery.c.network == row.network, delivery.c.item_id == row.item_id,
        or_(later, delivery.c.action == "create") if row.action == "delete" else later, delivery.c.state == "queued",
    )  # fmt: skip
    tx.execute(update(delivery).where(*rest).values(state="cancelled", settled_by=who))


def unsettled(tx: Connection) -> dict[str, int]:
    """How many deliveries are in each state that is not final."""
    rows = select(delivery.c.state, func.count().label("n")).where(delivery.c.state.in_(states.OPEN_DELIVERY))
    return {row.state: row.n for row in tx.execute(rows.group_by(delivery.c.state))}


def idle(tx: Connection) -> bool:
    """Nothing is due, being sent or being looked for, and no draft is about to go."""
    moving = select(delivery.c.id).where(delivery.c.state.in_(("queued", "sending", "unsure")))
    counting = select(post.c.id).where(post.c.state == "draft", post.c.go_at.is_not(None), post.c.held_by == "")
    return not tx.execute(select(or_(moving.exists(), counting.exists()))).scalar()
