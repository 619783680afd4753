"""Who is signed in where, and the links that sign somebody in once. Only hashes of secrets are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from bot.core.rights import LEAD, Right, may
from bot.store import memberships
from bot.store.people import PERSON, Person
from bot.store.tables import membership, person, session, ticket

IDLE = timedelta(hours=1)  # of owners and event leads: what they left open closes sooner than it would by itself
SEEN_EVERY = timedelta(minutes=1)  # how exactly we keep when somebody was last seen


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and whether it is time to note that they are here."""

    person: Person
    stale: bool


def digest(secret: str) -> str:
    """What is kept instead of a secret that we drew ourselves (256 random bits need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def start(tx: Connection, now: datetime, person_id: int, lasts: timedelta, device: str = "") -> str:
    """Begin a session and give its secret, which only the browser keeps. Sessions that ended are cleared away."""
    tx.execute(delete(session).where(session.c.until <= now))
    secret = secrets.token_urlsafe(32)
    values = {"hash": digest(secret), "person_id": person_id, "created_at": now, "seen_at": now, "until": now + lasts}
    tx.execute(insert(session).values(values | {"device": device}))
    return secret


def _awake(now: datetime) -> ColumnElement[bool]:
    led = membership.alias()
    leads = select(led.c.id).where(led.c.person_id == person.c.id, led.c.role == LEAD).exists()
    return and_(session.c.until > now, or_(session.c.seen_at > now - IDLE, and_(person.c.owner.is_(False), ~leads)))


def whose(tx: Connection, now: datetime, secret: str) -> Session | None:
    """Whose session this is, while it lasts."""
    rows = select(*PERSON, session.c.seen_at).join(session, session.c.person_id == person.c.id)
    found = rows.where(session.c.hash == digest(secret), _awake(now), person.c.disabled.is_(False))
    row = tx.execute(found).one_or_none()
    return Session(Person(*row[:4]), row.seen_at <= now - SEEN_EVERY) if row else None


def still(tx: Connection, now: datetime, seats: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which sessions (secret, event) go on and still may see that event, in one reading."""
    by_hash = {digest(secret): secret for secret, _ in seats}
    mine = and_(membership.c.person_id == person.c.id, memberships.valid(now))
    rows = select(session.c.hash, person.c.owner, membership.c.event_id, membership.c.role)
    rows = rows.join(person, person.c.id == session.c.person_id).join(membership, mine, isouter=True)
    alive = tx.execute(rows.where(session.c.hash.in_(by_hash), _awake(now), person.c.disabled.is_(False))).all()
    owners = {by_hash[row.hash] for row in alive if row.owner}
    there = {(by_hash[row.hash], row.event_id) for row in alive if row.role and may(row.role, Right.QUEUE)}
    return {seat for seat in seats if seat[0] in owners or seat in there}


def seen(tx: Connection, now: datetime, secret: str) -> None:
    """Note that somebody is at work there."""
    tx.execute(update(session).where(session.c.hash == digest(secret)).values(seen_at=now))


def end(tx: Connection, secret: str) -> None:
    """Sign out. Ending what has ended changes nothing."""
    tx.execute(delete(session).where(session.c.hash == digest(secret)))


def of_people(tx: Connection, now: datetime, person_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Where people are signed in, by person, the latest seen first: ref, device, created_at, seen_at, until."""
    times = [session.c.created_at, session.c.seen_at, session.c.until]
    columns: list[Any] = [session.c.person_id, session.c.hash.label("ref"), session.c.device, *times]
    rows = select(*columns).join(person, person.c.id == session.c.person_id)
    rows = rows.where(session.c.person_id.in_(person_ids), _awake(now)).order_by(
        session.c.seen_at.desc(), session.c.hash
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in tx.execute(rows):
        found.setdefault(row.person_id, []).append(row)
    return found


def end_one(tx: Connection, person_id: int, ref: str) -> bool:
    """End one session of a person by its `ref`; False if it has ended."""
    theirs = delete(session).where(session.c.person_id == person_id, session.c.hash == ref)
    return tx.execute(theirs).rowcount == 1


def end_others(tx: Connection, person_id: int, ref: str = "") -> int:
    """End every session of a person but the one with that `ref`, and the links that would begin one; how many."""
    tx.execute(delete(ticket).where(ticket.c.person_id == person_id))
    return tx.execute(delete(session).where(session.c.person_id == person_id, session.c.hash != ref)).rowcount


def new_ticket(tx: Connection, now: datetime, person_id: int, lifetime: timedelta) -> str:
    """The secret of a sign-in link that works once, within `lifetime`."""
    tx.execute(delete(ticket).where(ticket.c.until <= now))
    secret = secrets.token_urlsafe(32)
    tx.execute(insert(ticket).values(hash=digest(secret), person_id=person_id, until=now + lifetime))
    return secret


def of_ticket(tx: Connection, now: datetime, secret: str) -> Person | None:
    """Whom the link would sign in, if it still works. Looking does not use it up."""
    works = (ticket.c.hash == digest(secret), ticket.c.used_at.is_(None), ticket.c.until > now)
    rows = select(*PERSON).join(ticket, ticket.c.person_id == person.c.id)
    row = tx.execute(rows.where(*works, person.c.disabled.is_(False))).one_or_none()
    return Person(*row) if row else None


def use_ticket(tx: Connection, now: datetime, secret: str) -> Person | None:
    """Use the link up; None if somebody has, or if it is too late."""
    who = of_ticket(tx, now, secret)
    free = update(ticket).where(ticket.c.hash == digest(secret), ticket.c.used_at.is_(None))
    if who is None or tx.execute(free.values(used_at=now)).rowcount != 1:
        return None
    return who
