"""Who may sign in, and who owns the console."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.core.rights import OWNER, ROLES
from bot.store import memberships
from bot.store.tables import event, membership, person, session, ticket


class LastOwner(ValueError):
    """There is one owner left; without them nobody could let anybody in."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. `password_hash` is empty for those who come by link only."""

    id: int
    name: str
    owner: bool = False
    password_hash: str = ""


PERSON = (person.c.id, person.c.name, person.c.owner, person.c.password_hash)


def add(
    tx: Connection,
    now: datetime,
    name: str,
    role: str,
    password_hash: str = "",
    event_ids: Collection[int] | None = None,
) -> int:
    """Store a new person with that role in these events (None: in all that there are) and give the id.

    Raises ValueError, in words for a person, on a bad or taken name or role.
    """
    name = tidy_name(name)
    _known(role)
    if by_name(tx, name):
        raise ValueError(f"There is already somebody called “{name}”. Choose another name.")
    values = {"name": name, "password_hash": password_hash, "owner": False, "created_at": now}
    back = update(person).where(person.c.name == name).values(values | {"disabled": False}).returning(person.c.id)
    person_id = tx.execute(back).scalar_one_or_none()  # somebody who was shut out is let in again
    if person_id is None:
        person_id = tx.execute(insert(person).values(values).returning(person.c.id)).scalar_one()
    appoint(tx, int(person_id), role, event_ids)
    return int(person_id)


def ensure(tx: Connection, now: datetime, name: str, role: str, event_ids: Collection[int] | None = None) -> int:
    """The id of the person of that name, who is stored first if need be. Existing roles are kept."""
    there = by_name(tx, tidy_name(name))
    return there.id if there else add(tx, now, name, role, event_ids=event_ids)


def first_owner(tx: Connection, now: datetime) -> int:
    """The id of the owner who has been there longest; the first one is called Owner."""
    ids = select(person.c.id).where(person.c.owner, person.c.disabled.is_(False)).order_by(person.c.id)
    found = tx.execute(ids.limit(1)).scalar_one_or_none()
    if found is not None:
        return int(found)
    person_id = ensure(tx, now, "Owner", OWNER)
    appoint(tx, person_id, OWNER)
    return person_id


def _known(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"There is no role “{role}”. Use one of: {', '.join(ROLES)}.")


def appoint(tx: Connection, person_id: int, role: str, event_ids: Collection[int] | None = None) -> None:
    """Give somebody a role in these events (None: in all that there are), for good; an owner has all of them.

    Raises ValueError for a role that there is not, and LastOwner rather than leave no owner.
    """
    _known(role)
    if role == OWNER:
        tx.execute(update(person).where(person.c.id == person_id).values(owner=True))
        return
    if tx.execute(select(person.c.owner).where(person.c.id == person_id)).scalar_one():
        _another_owner(tx, person_id)
        tx.execute(update(person).where(person.c.id == person_id).values(owner=False))
    for event_id in _active(tx) if event_ids is None else event_ids:
        memberships.join(tx, person_id, event_id, role)


def _active(tx: Connection) -> Sequence[int]:
    return tx.execute(select(event.c.id).where(event.c.active)).scalars().all()


def leave(tx: Connection, person_id: int, event_id: int) -> None:
    """Take somebody's role in one event away. Who has none left, and is no owner, can sign in no more."""
    tx.execute(delete(membership).where(membership.c.person_id == person_id, membership.c.event_id == event_id))
    others = select(func.count()).where(membership.c.person_id == person_id)
    owner = select(person.c.owner).where(person.c.id == person_id)
    if not tx.execute(others).scalar_one() and not tx.execute(owner).scalar_one():
        shut_out(tx, person_id)


def shut_out(tx: Connection, person_id: int) -> None:
    """They can sign in no more, and what they have open ends. What they did stays in the history.

    Raises LastOwner rather than leave no owner.
    """
    if tx.execute(select(person.c.owner).where(person.c.id == person_id)).scalar_one():
        _another_owner(tx, person_id)
    for kept in (session, ticket, membership):
        tx.execute(delete(kept).where(kept.c.person_id == person_id))
    tx.execute(update(person).where(person.c.id == person_id).values(disabled=True, owner=False))


def _another_owner(tx: Connection, person_id: int) -> None:
    owners = select(person.c.id).where(person.c.owner, person.c.disabled.is_(False)).order_by(person.c.id)
    locked = tx.execute(owners.with_for_update()).scalars().all()  # two who step down at once wait for each other
    if set(locked) <= {person_id}:
        raise LastOwner("This is the last owner. Make somebody else an owner first; nothing was changed.")


def tidy_name(name: str) -> str:
    """A name on one line. Raises ValueError if nothing is left or if it is too long."""
    tidy = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not tidy or len(tidy) > 80:
        raise ValueError("A name has 1 to 80 characters. Nothing was changed.")
    return tidy


def by_name(tx: Connection, name: str) -> Person | None:
    """The person of that name who may still sign in."""
    row = tx.execute(select(*PERSON).where(person.c.name == name.strip(), person.c.disabled.is_(False))).one_or_none()
    return Person(*row) if row else None


def by_id(tx: Connection, person_id: int) -> Person | None:
    """The person of that number who may still sign in."""
    row = tx.execute(select(*PERSON).where(person.c.id == person_id, person.c.disabled.is_(False))).one_or_none()
    return Person(*row) if row else None


def keep_password(tx: Connection, person_id: int, password_hash: str) -> None:
    """Replace the hash."""
    tx.execute(update(person).where(person.c.id == person_id).values(password_hash=password_hash))
