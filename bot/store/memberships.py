"""What people may do in which event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from bot.core.rights import OWNER
from bot.store.tables import event, membership, person


def valid(now: datetime) -> ColumnElement[bool]:
    """Whether a membership holds now."""
    return or_(membership.c.until.is_(None), membership.c.until > now)


def join(
    tx: Connection, person_id: int, event_id: int, role: str, until: datetime | None = None, code_id: int | None = None
) -> None:
    """Give somebody a role in one event, instead of the one they had there; until then, if a time is given."""
    values = {"role": role, "until": until, "code_id": code_id}
    theirs = (membership.c.person_id == person_id, membership.c.event_id == event_id)
    if tx.execute(update(membership).where(*theirs).values(values)).rowcount == 0:
        tx.execute(insert(membership).values(person_id=person_id, event_id=event_id, **values))


def events(tx: Connection, now: datetime, person_id: int, owner: bool) -> Sequence[Row[Any]]:
    """The events that somebody may see, each with their `role` there; the one that starts last comes first."""
    mine = and_(membership.c.event_id == event.c.id, membership.c.person_id == person_id, valid(now))
    columns: list[Any] = [*event.c, membership.c.role]
    rows = select(*columns).join(membership, mine, isouter=owner).where(event.c.active)
    return tx.execute(rows.order_by(event.c.starts.desc(), event.c.id)).all()


def role_in(tx: Connection, now: datetime, person_id: int, owner: bool, slug: str) -> tuple[int, str] | None:
    """The event of that address and the role that somebody has there; None without either."""
    mine = and_(membership.c.event_id == event.c.id, membership.c.person_id == person_id, valid(now))
    rows = select(event.c.id, membership.c.role).join(membership, mine, isouter=owner)
    row = tx.execute(rows.where(event.c.active, event.c.slug == slug)).one_or_none()
    return (row.id, OWNER if owner else row.role) if row else None


def of_event(tx: Connection, now: datetime, event_id: int) -> Sequence[Row[Any]]:
    """Everybody who may do something in an event: id, name, role, until, elsewhere, password; owners first.

    `elsewhere` counts their roles in other events: only an owner lets such a person in or out of the whole console.
    """
    mine = and_(membership.c.person_id == person.c.id, membership.c.event_id == event_id, valid(now))
    other = membership.alias()
    elsewhere = (
        select(func.count())
        .where(other.c.person_id == person.c.id, other.c.event_id != event_id)
        .where(or_(other.c.until.is_(None), other.c.until > now))
        .scalar_subquery()
    )
    columns: list[Any] = [person.c.id, person.c.name, person.c.owner, membership.c.role, membership.c.until]
    more: list[Any] = [
        membership.c.code_id,
        elsewhere.label("elsewhere"),
        (person.c.password_hash != "").label("password"),
    ]
    rows = select(*columns, *more).join(membership, mine, isouter=True)
    here = or_(person.c.owner, membership.c.id.is_not(None))
    return tx.execute(
        rows.where(here, person.c.disabled.is_(False)).order_by(person.c.owner.desc(), person.c.name)
    ).all()


def joined_by(tx: Connection, code_id: int) -> Sequence[str]:
    """The names of those who joined by a helper code, in the order in which they came."""
    names = select(person.c.name).join(membership, membership.c.person_id == person.c.id)
    return tx.execute(names.where(membership.c.code_id == code_id).order_by(membership.c.id)).scalars().all()
