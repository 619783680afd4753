"""Money set aside for paid calls: a ticket for each, so that a call that never came back is counted and seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, case, delete, func, insert, select, update

from bot.store.tables import network, reservation, spend

LONGEST = timedelta(minutes=5)  # a call that has not been settled by then died with its process
ROUNDING = 1e-6  # USD; sums of binary fractions are off by less


@dataclass(frozen=True, slots=True)
class Lost:
    """Calls of this month whose answer never came, and what was counted for them: the most that X may bill."""

    calls: int
    usd: float


def reserve(tx: Connection, now: datetime, name: str, cost_usd: float, keep_usd: float) -> int:
    """Set a worst case aside; its ticket, 0 if less than `keep_usd` of the month's budget would be left."""
    month = _opened(tx, now, name)
    lapse(tx, now, name, month)
    total = network.c.spent_usd + network.c.reserved_usd + cost_usd
    within = network.c.budget_usd.is_(None) | (total <= network.c.budget_usd - keep_usd + ROUNDING)
    booked = update(network).where(network.c.name == name, within)
    if tx.execute(booked.values(reserved_usd=network.c.reserved_usd + cost_usd)).rowcount != 1:
        return 0
    values = {"network": name, "month": month, "usd": cost_usd, "until": now + LONGEST}
    return int(tx.execute(insert(reservation).values(values).returning(reservation.c.id)).scalar_one())


def settle(tx: Connection, now: datetime, name: str, ticket: int, spent_usd: float | None) -> None:
    """Give a reservation back and book what was spent; None: the answer was lost, its worst case counts as spent."""
    month = _opened(tx, now, name)
    row = tx.execute(select(reservation).where(reservation.c.id == ticket)).one_or_none()
    if row is None:  # nothing was set aside; or it was counted as lost in a month that is over
        _book(tx, now, name, 0.0 if ticket else spent_usd or 0.0)
        return
    aside = row.usd if row.month == month and not row.lost else 0.0
    if spent_usd is None:
        _count_as_lost(tx, month, ticket)
        _book(tx, now, name, 0.0 if row.lost else row.usd, aside)
        return
    tx.execute(delete(reservation).where(reservation.c.id == ticket))
    _book(tx, now, name, spent_usd - (row.usd if row.lost else 0.0), aside)


def lapse(tx: Connection, now: datetime, name: str, month: str) -> None:
    """Count what was set aside for calls whose process died as spent: it may have been."""
    dead = (reservation.c.network == name, ~reservation.c.lost, reservation.c.until <= now)
    for row in tx.execute(select(reservation).where(*dead)).all():
        _count_as_lost(tx, month, row.id)
        _book(tx, now, name, row.usd, row.usd if row.month == month else 0.0)


def lost(tx: Connection, now: datetime, name: str) -> Lost:
    """What this month's lost calls were counted for."""
    mine = (reservation.c.network == name, reservation.c.month == month_of(now), reservation.c.lost)
    row = tx.execute(select(func.count(), func.coalesce(func.sum(reservation.c.usd), 0.0)).where(*mine)).one()
    return Lost(int(row[0]), float(row[1]))


def hour_of(at: datetime) -> datetime:
    """The hour (UTC) in which that moment lies."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def month_of(now: datetime) -> str:
    """The UTC month of that moment, as in "2026-05"."""
    return now.astimezone(UTC).strftime("%Y-%m")


def _opened(tx: Connection, now: datetime, name: str) -> str:
    """Take the network's row, and begin its month anew if it is over; the month, as in "2026-05"."""
    month = month_of(now)
    row = tx.execute(select(network.c.month).where(network.c.name == name).with_for_update()).one_or_none()
    if row is not None and row.month != month:
        fresh = update(network).where(network.c.name == name)
        tx.execute(fresh.values(month=month, spent_usd=0.0, reserved_usd=0.0))
        over = delete(reservation).where(reservation.c.network == name, reservation.c.lost)
        tx.execute(over)
    return month


def _count_as_lost(tx: Connection, month: str, ticket: int) -> None:
    tx.execute(update(reservation).where(reservation.c.id == ticket).values(lost=True, month=month))


def _book(tx: Connection, now: datetime, name: str, spent_usd: float, aside_usd: float = 0.0) -> None:
    left, spent = network.c.reserved_usd - aside_usd, network.c.spent_usd + spent_usd
    values = {
        "reserved_usd": case((left > ROUNDING, left), else_=0.0),
        "spent_usd": case((spent > 0, spent), else_=0.0),
    }
    tx.execute(update(network).where(network.c.name == name).values(values))
    if not spent_usd:
        return
    mine = update(spend).where(spend.c.network == name, spend.c.hour == hour_of(now))
    if tx.execute(mine.values(usd=spend.c.usd + spent_usd)).rowcount == 0:
        tx.execute(insert(spend).values(network=name, hour=hour_of(now), usd=spent_usd))
