"""Who may sign in: people, their sessions, and sign-in links that work once. Only hashes of secrets are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from bot.store.tables import person, session, ticket

ROLES = ("viewer", "helper", "facilitator", "comms", "lead", "owner")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. `password_hash` is empty for those who come by link only."""

    id: int
    name: str
    role: str
    password_hash: str = ""


def digest(secret: str) -> str:
    """What is kept instead of a secret that we drew ourselves (256 random bits need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(tx: Connection, now: datetime, name: str, role: str, password_hash: str = "") -> int:
    """Store a new person and give the id. Raises ValueError, in words for a person, on a bad or taken name or role."""
    name = tidy_name(name)
    if role not in ROLES:
        raise ValueError(f"There is no role “{role}”. Use one of: {', '.join(ROLES)}.")
    if by_name(tx, name):
        raise ValueError(f"There is already somebody called “{name}”. Choose another name.")
    values = {"name": name, "role": role, "password_hash": password_hash, "created_at": now}
    back = update(person).where(person.c.name == name).values(values | {"disabled": False}).returning(person.c.id)
    returned = tx.execute(back).scalar_one_or_none()  # somebody who was shut out is let in again
    if returned is not None:
        return int(returned)
    return int(tx.execute(insert(person).values(values).returning(person.c.id)).scalar_one())


def ensure(tx: Connection, now: datetime, name: str, role: str) -> int:
    """The id of the person of that name, who is stored first if need be. An existing role is kept."""
    there = by_name(tx, tidy_name(name))
    return there.id if there else add(tx, now, name, role)


def appoint(tx: Connection, person_id: int, role: str) -> None:
    """Give somebody another role. Raises ValueError for one that there is not."""
    if role not in ROLES:
        raise ValueError(f"There is no role “{role}”. Use one of: {', '.join(ROLES)}.")
    tx.execute(update(person).where(person.c.id == person_id).values(role=role))


def shut_out(tx: Connection, person_id: int) -> None:
    """They can sign in no more, and what they have open ends. What they did stays in the history."""
    tx.execute(delete(session).where(session.c.person_id == person_id))
    tx.execute(delete(ticket).where(ticket.c.person_id == person_id))
    tx.execute(update(person).where(person.c.id == person_id).values(disabled=True))


def tidy_name(name: str) -> str:
    """A name on one line. Raises ValueError if nothing is left or if it is too long."""
    tidy = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not tidy or len(tidy) > 80:
        raise ValueError("A name has 1 to 80 characters. Nothing was changed.")
    return tidy


def by_name(tx: Connection, name: str) -> Person | None:
    """The person of that name who may still sign in."""
    who = select(person.c.id, person.c.name, person.c.role, person.c.password_hash)
    row = tx.execute(who.where(person.c.name == name.strip(), person.c.disabled.is_(False))).one_or_none()
    return Person(*row) if row else None


def keep_password(tx: Connection, person_id: int, password_hash: str) -> None:
    """Replace the hash, as when the way of hashing got stronger."""
    tx.execute(update(person).where(person.c.id == person_id).values(password_hash=password_hash))


def start_session(tx: Connection, now: datetime, person_id: int, lasts: timedelta) -> str:
    """Begin a session and give its secret, which only the browser keeps. Sessions that ended are cleared away."""
    tx.execute(delete(session).where(session.c.until <= now))
    secret = secrets.token_urlsafe(32)
    values = {"hash": digest(secret), "person_id": person_id, "created_at": now, "seen_at": now, "until": now + lasts}
    tx.execute(insert(session).values(values))
    return secret


def of_session(tx: Connection, now: datetime, secret: str) -> Person | None:
    """Whose session this is, while it lasts."""
    who = (
        select(person.c.id, person.c.name, person.c.role)
        .join(session, session.c.person_id == person.c.id)
        .where(session.c.hash == digest(secret), session.c.until > now, person.c.disabled.is_(False))
    )
    row = tx.execute(who).one_or_none()
    return Person(*row) if row else None


def still_signed_in(tx: Connection, now: datetime, secrets: Collection[str]) -> set[str]:
    """Which of those sessions go on, in one reading."""
    by_hash = {digest(secret): secret for secret in secrets}
    alive = (
        select(session.c.hash)
        .join(person, person.c.id == session.c.person_id)
        .where(session.c.hash.in_(by_hash), session.c.until > now, person.c.disabled.is_(False))
    )
    return {by_hash[found] for found in tx.execute(alive).scalars()}


def end_session(tx: Connection, secret: str) -> None:
    """Sign out. Ending what has ended changes nothing."""
    tx.execute(delete(session).where(session.c.hash == digest(secret)))


def new_ticket(tx: Connection, now: datetime, person_id: int, lifetime: timedelta) -> str:
    """The secret of a sign-in link that works once, within `lifetime`."""
    tx.execute(delete(ticket).where(ticket.c.until <= now))
    secret = secrets.token_urlsafe(32)
    tx.execute(insert(ticket).values(hash=digest(secret), person_id=person_id, until=now + lifetime))
    return secret


def of_ticket(tx: Connection, now: datetime, secret: str) -> Person | None:
    """Whom the link would sign in, if it still works. Looking does not use it up."""
    who = (
        select(person.c.id, person.c.name, person.c.role)
        .join(ticket, ticket.c.person_id == person.c.id)
        .where(
            ticket.c.hash == digest(secret),
            ticket.c.used_at.is_(None),
            ticket.c.until > now,
            person.c.disabled.is_(False),
        )
    )
    row = tx.execute(who).one_or_none()
    return Person(*row) if row else None


def use_ticket(tx: Connection, now: datetime, secret: str) -> Person | None:
    """Use the link up; None if somebody has, or if it is too late."""
    who = of_ticket(tx, now, secret)
    free = update(ticket).where(ticket.c.hash == digest(secret), ticket.c.used_at.is_(None))
    if who is None or tx.execute(free.values(used_at=now)).rowcount != 1:
        return None
    return who
