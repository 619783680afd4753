"""What a paid network costs this month, and what it comes to at the rate of the last hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.store import reservations
from bot.store.reservations import Lost, hour_of
from bot.store.tables import network, source, spend

HOURS = 3  # so many hours, the one that runs included, make the rate


@dataclass(frozen=True, slots=True)
class Spending:
    """One paid network this UTC month, in USD.

    `until` ends the forecast: with the event, if `to_event`, or with the month. `forecast` does not know of the cap;
    `short_at` is when reading comes to its end at this rate, None if it does not before `until`. `cap` holds what its
    sources say that are not read because the money is spent. `lost` is the part of `spent` that is only the worst case.
    """

    network: str
    spent: float
    reserved: float
    budget: float | None
    kept: float
    per_hour: float
    until: datetime
    to_event: bool
    forecast: float
    short_at: datetime | None
    cap: tuple[str, ...]
    lost: Lost


def of_event(tx: Connection, now: datetime, ev: Row[Any]) -> list[Spending]:
    """Every network that costs money, and where its spending leads by the end of the event or the month."""
    rows = tx.execute(select(network).where(network.c.paid).order_by(network.c.name)).all()
    return [_spending(tx, now, ev, row) for row in rows]


def _spending(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any]) -> Spending:
    month_ends = (hour_of(now).replace(day=1, hour=0) + timedelta(days=32)).replace(day=1)
    to_event = ev.ends is not None and now < ev.ends <= month_ends
    until = ev.ends if to_event else month_ends
    ours = row.month in ("", f"{now.astimezone(UTC):%Y-%m}")
    spent, reserved = (row.spent_usd, row.reserved_usd) if ours else (0.0, 0.0)
    rate = _per_hour(tx, now, row.name)
    forecast = spent + rate * (until - now) / timedelta(hours=1)
    return Spending(
        row.name, spent, reserved, row.budget_usd, row.kept_usd, rate, until, to_event, forecast,
        _short_at(now, row, spent + reserved, rate, until), _cap(tx, row.name),
        reservations.lost(tx, now, row.name),
    )  # fmt: skip


def _per_hour(tx: Connection, now: datetime, name: str) -> float:
    since = hour_of(now) - timedelta(hours=HOURS - 1)
    lately = select(func.min(spend.c.hour), func.sum(spend.c.usd)).where(spend.c.network == name, spend.c.hour >= since)
    began, usd = tx.execute(lately).one()
    if began is None:
        return 0.0
    before = select(spend.c.hour).where(spend.c.network == name, spend.c.hour < since).limit(1)
    start = since if tx.execute(before).first() else began
    return float(usd / max((now - start) / timedelta(hours=1), 1.0))


def _short_at(now: datetime, row: Row[Any], gone: float, rate: float, until: datetime) -> datetime | None:
    if row.budget_usd is None or rate <= 0:
        return None
    hours = max(0.0, row.budget_usd - row.kept_usd - gone) / rate
    return now + timedelta(hours=hours) if hours < (until - now) / timedelta(hours=1) else None


def _cap(tx: Connection, name: str) -> tuple[str, ...]:
    said = select(source.c.note).where(source.c.active, source.c.network == name, source.c.note.contains("budget"))
    return tuple(dict.fromkeys(tx.execute(said.order_by(source.c.id)).scalars()))
