"""What works and what needs a person, as the overview page, `status` and its exit code say it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select, true, update

from bot.core.lanes import PRIVATE
from bot.store import alerts, reservations
from bot.store.events import readable
from bot.store.outbox import unsettled
from bot.store.tables import delivery, doubt, event, network, post, quarantine, question, source, switch

NEARLY = 0.8  # of the month's money
CARE = "private"
URGENT = frozenset({CARE})  # what is told at once
SILENT = timedelta(minutes=1)
OVERDUE = timedelta(minutes=2)
STALE = timedelta(minutes=5)  # a source without a good read for longer is not current


def sign_of_life(tx: Connection, now: datetime) -> None:
    """A worker is alive."""
    tx.execute(update(switch).values(worker_at=now))


def unread(tx: Connection, now: datetime, name: str, begun: Any) -> bool:
    """Whether a source of a network that may be read now was not tried since `begun`, or wants to go on."""
    tried = (source.c.last_tried < begun) | source.c.last_tried.is_(None) | (source.c.due <= source.c.last_good)
    rows = select(source.c.id).where(source.c.network == name, source.c.due <= now, readable(now), tried)
    return tx.execute(rows).first() is not None


def everything(tx: Connection, now: datetime) -> dict[str, Any]:
    """Sources, outbox, spend, health, and sentences about what needs a person."""
    found = {
        "sources": _sources(tx, now),
        "outbox": unsettled(tx),
        "networks": _networks(tx, now),
        "paused": _paused(tx),
    }
    silent = alerts.failing(tx)
    unheard = [f"Alerts do not get through: {silent} See `backchannel check`."] if silent else []
    return found | {"needs": [*_needs(tx, now, found).values(), *unheard]}


def needs(tx: Connection, now: datetime) -> dict[str, str]:
    """What needs a person, in sentences; each by a key that stays while its count or its reason changes."""
    found = {"sources": _sources(tx, now), "networks": _networks(tx, now), "paused": _paused(tx)}
    return _needs(tx, now, found)


def notices(tx: Connection, now: datetime) -> dict[str, str]:
    """What is no fault and yet to be known by who is not at the console, by the like keys."""
    found = {}
    if _paused(tx):
        found["paused"] = "All posting is paused: nothing goes out until somebody turns it on again."
    if care := tx.execute(_care()).scalar_one():
        who = "Somebody who wrote" if care == 1 else f"{care} people who wrote"
        found[CARE] = f"{who} to the event may need help now: look under Private."
    for one in _networks(tx, now):
        budget = one["budget_usd"]
        if budget and one["spent_usd"] >= NEARLY * budget:
            found[f"money {one['network']}"] = (
                f"{one['network']} has cost ${one['spent_usd']:.2f} of ${budget:.2f} this month: see the overview."
            )
    return found


def _care() -> Any:
    waits = question.c.lane == PRIVATE, question.c.state == "waiting"
    return select(func.count()).select_from(question).where(*waits)


def _paused(tx: Connection) -> bool:
    return bool(tx.execute(select(switch.c.paused)).scalar())


def _sources(tx: Connection, now: datetime) -> list[dict[str, Any]]:
    rows = (
        select(source, event.c.slug, readable(now).label("readable"))
        .outerjoin(event, event.c.id == source.c.event_id)
        .where(source.c.active)
        .order_by(source.c.id)
    )
    return [
        {
            "event": row.slug or "", "network": row.network, "kind": row.kind, "address": row.address,
            "last_good": row.last_good.isoformat() if row.last_good else None, "error": row.last_error,
            "current_to_seconds": round((now - row.last_good).total_seconds(), 1) if row.last_good else None,
            "note": row.note, "read_now": bool(row.readable), "every_seconds": row.every_seconds,
        }
        for row in tx.execute(rows)
    ]  # fmt: skip


def _networks(tx: Connection, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "network": row.name, "stopped": row.stopped, "budget_usd": row.budget_usd, "health": row.health,
            "spent_usd": round(row.spent_usd, 4) if row.month == reservations.month_of(now) else 0.0,
            "lost_usd": round(reservations.lost(tx, now, row.name).usd, 4),
        }
        for row in tx.execute(select(network).order_by(network.c.name))
    ]  # fmt: skip


def _needs(tx: Connection, now: datetime, found: dict[str, Any]) -> dict[str, str]:
    stopped = [one for one in found["networks"] if one["stopped"]]
    needs = {f"stopped {one['network']}": f"{one['network']} is stopped: {one['stopped']}" for one in stopped}
    behind = [(one, _behind(one)) for one in found["sources"] if one["read_now"]]
    needs |= {f"behind {one['network']} {one['kind']} {one['address']}"[:200]: words for one, words in behind if words}
    for table, where, one, many in WAITING:
        count = tx.execute(select(func.count()).select_from(table).where(where)).scalar_one()
        if count:
            needs[many] = one if count == 1 else f"{count} {many}"
    alive = tx.execute(select(switch.c.worker_at)).scalar()
    if alive is None or now - alive > SILENT:
        needs["worker"] = "No worker has shown a sign of life for a minute: start `backchannel run` or `worker`."
    overdue = select(func.count()).where(post.c.state == "draft", post.c.go_at < now - OVERDUE)
    if not found["paused"] and tx.execute(overdue).scalar_one():
        needs["overdue"] = "Updates whose time has come do not go out: look under Updates, and whether a worker runs."
    return needs


def _behind(one: dict[str, Any]) -> str:
    what = f"{one['network']} {one['kind']} {one['address']}"
    if one["current_to_seconds"] is None:
        return f"{what} was never read: {one['error']}" if one["error"] else ""
    late = one["current_to_seconds"] > max(STALE.total_seconds(), 40 * one["every_seconds"])
    return f"{what} was last read well at {one['last_good']}." if late else ""


WAITING: tuple[tuple[Table, ColumnElement[bool], str, str], ...] = (
    (
        delivery,
        delivery.c.state == "asking",
        "1 post may or may not have gone out: check it under Updates.",
        "posts may or may not have gone out: check them under Updates.",
    ),
    (
        delivery,
        delivery.c.state == "refused",
        "1 post was refused: see why under Updates.",
        "posts were refused: see why under Updates.",
    ),
    (
        doubt,
        doubt.c.state == "open",
        "1 thing on the live blog is unclear: decide under Updates.",
        "things on the live blog are unclear: decide under Updates.",
    ),
    (
        quarantine,
        true(),
        "1 thing could not be read and is kept as it came.",
        "things could not be read and are kept as they came.",
    ),
)
