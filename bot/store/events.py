"""Events and their sources as rows: written from the settings at each start, read by every tick."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, insert, literal, or_, select, update

from bot.core import states
from bot.core.items import Source
from bot.store import engine
from bot.store.columns import Utc
from bot.store.tables import EPOCH, event, network, source, switch

SKEW = timedelta(minutes=1)  # clocks of several workers may be apart by less


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source that the settings ask for."""

    network: str
    kind: str
    address: str
    every_seconds: float = 30.0
    since: datetime | None = None  # what is older was there before us; None: everything counts


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event that the settings ask for; `options` is kept as it is for console and flows."""

    slug: str
    name: str
    timezone: str
    starts: datetime | None
    ends: datetime | None
    retention_days: int
    options: dict[str, Any] = field(default_factory=dict)
    sources: tuple[SourcePlan, ...] = ()


def prepare(tx: Connection) -> None:
    """The one row that everything needs: the switch, with the secret of this database."""
    if tx.execute(select(switch.c.id)).first() is None:
        tx.execute(insert(switch).values(id=1, secret=secrets.token_hex(32)))


def take_turn(tx: Connection) -> None:
    """Let one program at a time lay its settings out: the others wait until this transaction ends."""
    tx.execute(select(switch.c.id).with_for_update())


def sync(tx: Connection, now: datetime, plans: Sequence[EventPlan], shared: Sequence[SourcePlan] = ()) -> None:
    """Make rows say what the settings say. What the settings no longer name rests; nothing is deleted."""
    tx.execute(update(event).values(active=False))
    tx.execute(update(source).values(active=False))
    for plan in plans:
        event_id = _sync_event(tx, plan)
        for one in plan.sources:
            _sync_source(tx, now, event_id, one)
    for one in shared:
        _sync_source(tx, now, None, one)


def _sync_event(tx: Connection, plan: EventPlan) -> int:
    values = {
        "name": plan.name, "timezone": plan.timezone, "starts": plan.starts, "ends": plan.ends,
        "retention_days": plan.retention_days, "options": plan.options, "active": True,
    }  # fmt: skip
    known = update(event).where(event.c.slug == plan.slug).values(values).returning(event.c.id)
    event_id = tx.execute(known).scalar_one_or_none()
    if event_id is None:
        event_id = tx.execute(insert(event).values(values | {"slug": plan.slug}).returning(event.c.id)).scalar_one()
    return int(event_id)


def _sync_source(tx: Connection, now: datetime, event_id: int | None, plan: SourcePlan) -> None:
    same = and_(
        source.c.event_id.is_(None) if event_id is None else source.c.event_id == event_id,
        source.c.network == plan.network,
        source.c.kind == plan.kind,
        source.c.address == plan.address,
    )
    values = {"active": True, "every_seconds": plan.every_seconds}
    if tx.execute(update(source).where(same).values(values)).rowcount == 0:
        new = {"event_id": event_id, "network": plan.network, "kind": plan.kind, "address": plan.address}
        tx.execute(insert(source).values(new | values | {"since": plan.since, "due": now}))


def all_events(tx: Connection) -> list[Row[Any]]:
    """The events that the settings name."""
    return list(tx.execute(select(event).where(event.c.active).order_by(event.c.id)).all())


def announced_on(tx: Connection, event_id: int) -> list[str]:
    """The networks that an event's updates go out on, in its order."""
    options = tx.execute(select(event.c.options).where(event.c.id == event_id)).scalar_one_or_none() or {}
    return list(options.get("announce", {}).get("networks", []))


def links_of(tx: Connection, event_id: int) -> Mapping[str, str]:
    """How links are used in an event's posts, by network: ``never`` or ``always``."""
    found: Mapping[str, str] = one_event(tx, event_id).options.get("links", {})
    return found


def one_event(tx: Connection, event_id: int) -> Row[Any]:
    """One event."""
    return tx.execute(select(event).where(event.c.id == event_id)).one()


def readable(now: datetime) -> ColumnElement[bool]:
    """Sources that may be read now: see `core.states.reading` for what before and after mean."""
    runs = and_(or_(event.c.starts.is_(None), event.c.starts <= now), or_(event.c.ends.is_(None), event.c.ends > now))
    paid = select(network.c.paid).where(network.c.name == source.c.network).correlate(source).scalar_subquery()
    of_event = select(event.c.id).where(
        event.c.active,
        or_(event.c.id == source.c.event_id, source.c.event_id.is_(None)),
        or_(runs, and_(near(now), ~paid)),
    )
    works = select(network.c.name).where(
        network.c.name == source.c.network, network.c.stopped == "", network.c.blocked_until <= now
    )
    # Only the source is the caller's: a caller may itself select from events or networks.
    return and_(source.c.active, of_event.correlate(source).exists(), works.correlate(source).exists())


def near(now: datetime) -> ColumnElement[bool]:
    """Events from a day before they begin until a week after they end."""
    early, late = now + states.READS_BEFORE, _still_kept(now)
    return and_(
        or_(event.c.starts.is_(None), event.c.starts <= early), or_(event.c.ends.is_(None), event.c.ends > late)
    )


def _still_kept(now: datetime) -> ColumnElement[datetime]:
    """An event that ended later is still read: for a week, but not once its data are to be forgotten."""
    shorter = {days: literal(now - timedelta(days=days), Utc) for days in range(1, states.READS_AFTER.days)}
    return case(shorter, value=event.c.retention_days, else_=literal(now - states.READS_AFTER, Utc))


def take_source(
    tx: Connection, now: datetime, lease: timedelta, kinds: Sequence[str], network_name: str
) -> Row[Any] | None:
    """The next source of one network that is due, held by the caller."""
    mine = (source.c.kind.in_(list(kinds)), source.c.network == network_name, readable(now))
    found = engine.claim(tx, source, now, lease, *mine, last_tried=now)
    return found[0] if found else None


def take_to_read(tx: Connection, now: datetime, lease: timedelta, network_name: str) -> Row[Any] | None:
    """The next of one network's sources of items: mentions first, but never twice while another one waits.

    A post that is both costs less where it is read as a mention.
    """
    other = source.alias("other")
    waits = select(other.c.id).where(
        other.c.network == network_name,
        other.c.kind.in_(("hashtag", "comments")),
        other.c.active,
        other.c.due <= now,
        other.c.due <= source.c.last_tried,
    )
    first = (source.c.kind == "mentions", source.c.network == network_name, readable(now), ~waits.exists())
    found = engine.claim(tx, source, now, lease, *first, last_tried=now)
    if found:
        return found[0]
    return take_source(tx, now, lease, ("hashtag", "comments"), network_name) or take_source(
        tx, now, lease, ("mentions",), network_name
    )


def as_source(row: Row[Any], timezone: str) -> Source:
    """A row as the value that a network is handed."""
    return Source(row.id, row.network, row.kind, row.address, timezone, row.since)


def read_well(
    tx: Connection, now: datetime, row: Row[Any], *, due: datetime, cursor: str, note: str = "", more: bool = False
) -> bool:
    """Let go of a source after a good read; False if somebody else holds it by now."""
    once = row.read_once or not more
    return engine.finish(
        tx, source, row, cursor=cursor, due=due, last_good=now, last_error="", failures=0, note=note, read_once=once
    )


def read_badly(tx: Connection, row: Row[Any], *, due: datetime, error: str) -> bool:
    """Let go of a source after a failure; its cursor stays where it was."""
    return engine.finish(tx, source, row, due=due, last_error=error[:500], failures=row.failures + 1)


def wake(tx: Connection, now: datetime) -> None:
    """Make every active source due now (a restart, or a person's wish)."""
    tx.execute(update(source).where(source.c.active, source.c.lease_until <= now).values(due=EPOCH))


def wake_stranded(tx: Connection, now: datetime) -> int:
    """Make due what was tried in the future: the clock has been set back, and it would rest until then; how many."""
    stranded = update(source).where(source.c.last_tried > now + SKEW)
    return tx.execute(stranded.values(due=EPOCH, lease_until=EPOCH, last_tried=now, token=source.c.token + 1)).rowcount


def every(now: datetime, row: Row[Any], ev: Row[Any] | None) -> float:
    """Seconds between two good reads of a source, by the phase of its event, whose beginning is not slept through."""
    usual = float(row.every_seconds)
    if ev is None:
        return usual
    phase = states.phase(now, ev.starts, ev.ends)
    wait = usual * states.reading(phase)
    return min(wait, max(usual, (ev.starts - now).total_seconds())) if phase == "before" else wait


def any_unread(tx: Connection, now: datetime) -> bool:
    """Whether some source that may be read now has never been read, or is due."""
    due = select(source.c.id).where(readable(now), source.c.due <= now)
    return tx.execute(due).first() is not None
