"""Helper codes: who has one joins on the day, sees the questions of one event and sorts them, until it ends.

The letters are not kept: they are drawn from the secret of the database and the number of the code, so that it can be
shown again while it works. Whoever tries letters is slowed down (see `attempts`); there are 30 ** 8 of them.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from bot.core.rights import HELPER
from bot.store import memberships, people
from bot.store.sessions import digest
from bot.store.tables import code, membership, session, switch

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another
LENGTH = 8
MOST_SEATS = 50


def make(tx: Connection, now: datetime, event_id: int, until: datetime, seats: int, made_by: str) -> int:
    """Store a new code for so many people and give its number."""
    values = {"event_id": event_id, "hash": secrets.token_hex(32), "made_by": made_by, "created_at": now}
    code_id = int(
        tx.execute(insert(code).values(values | {"until": until, "seats": seats}).returning(code.c.id)).scalar_one()
    )
    tx.execute(update(code).where(code.c.id == code_id).values(hash=digest(letters(tx, code_id))))
    return code_id


def letters(tx: Connection, code_id: int) -> str:
    """The letters of a code, without the dash between them."""
    secret = tx.execute(select(switch.c.secret)).scalar_one()
    drawn = hmac.digest(secret.encode(), f"helper code {code_id}".encode(), "sha256")
    number = int.from_bytes(drawn)
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH))


def tidy(typed: str) -> str:
    """The letters that somebody typed, as we write them."""
    return "".join(char for char in typed.upper() if char.isalnum())[:40]


def of_event(tx: Connection, now: datetime, event_id: int) -> Sequence[Row[Any]]:
    """The codes of an event that work, the newest first."""
    rows = select(code).where(code.c.event_id == event_id, code.c.revoked_at.is_(None), code.c.until > now)
    return tx.execute(rows.order_by(code.c.id.desc())).all()


def one(tx: Connection, now: datetime, event_id: int, code_id: int) -> Row[Any] | None:
    """One code of an event while it works."""
    return next((row for row in of_event(tx, now, event_id) if row.id == code_id), None)


def find(tx: Connection, now: datetime, typed: str) -> Row[Any] | None:
    """The code with these letters, if it works and somebody may still join; nobody else takes a seat meanwhile."""
    works = (code.c.revoked_at.is_(None), code.c.until > now, code.c.taken < code.c.seats)
    return tx.execute(select(code).where(code.c.hash == digest(tidy(typed)), *works).with_for_update()).one_or_none()


def join(tx: Connection, now: datetime, there: Row[Any], name: str) -> int:
    """Take a seat under that name, until the code ends; the id of the person.

    Raises ValueError if the name is no name, or somebody else's. A helper of another day may come back under theirs.
    """
    name = people.tidy_name(name)
    known = people.by_name(tx, name)
    if known is not None and not _lapsed(tx, now, known):
        raise ValueError(f"Somebody here is called “{name}” already. Add a letter of your surname.")
    person_id = known.id if known else people.add(tx, now, name, HELPER, event_ids=())
    memberships.join(tx, person_id, there.event_id, HELPER, there.until, there.id)
    tx.execute(update(code).where(code.c.id == there.id).values(taken=code.c.taken + 1))
    return person_id


def _lapsed(tx: Connection, now: datetime, known: people.Person) -> bool:
    """Whether a person was never more than a helper, and is none now."""
    more = select(membership.c.id).where(membership.c.person_id == known.id)
    more = more.where(or_(membership.c.code_id.is_(None), memberships.valid(now)))
    return not known.owner and not known.password_hash and tx.execute(more).first() is None


def revoke(tx: Connection, now: datetime, code_id: int) -> int | None:
    """The code works no more, and everybody who joined by it is out: how many. None if it was revoked before."""
    open_ = update(code).where(code.c.id == code_id, code.c.revoked_at.is_(None))
    if tx.execute(open_.values(revoked_at=now)).rowcount != 1:
        return None
    theirs = (membership.c.code_id == code_id, memberships.valid(now))
    ids = tx.execute(select(membership.c.person_id).where(*theirs)).scalars().all()
    tx.execute(update(membership).where(*theirs).values(until=now))
    tx.execute(delete(session).where(session.c.person_id.in_(ids)))
    return len(ids)
