"""What is known of each network: limits, memory, money, health, and whether it works."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.items import HealthLine, Limits
from bot.store import changes, reservations
from bot.store.engine import Store
from bot.store.tables import EPOCH, network


def ensure(
    tx: Connection, name: str, limits: Limits, *, account: str = "", budget_usd: float | None = None,
    kept_usd: float = 0.0,
) -> None:  # fmt: skip
    """A row for a network that the settings name; limits already learnt from its server stay."""
    row = tx.execute(select(network).where(network.c.name == name)).one_or_none()
    values = {"account": account, "budget_usd": budget_usd, "kept_usd": kept_usd}
    values |= {"paid": limits.cost_usd > 0, "stopped": ""}
    if row is None:
        tx.execute(insert(network).values(values | {"name": name, "limits": asdict(limits)}))
    elif row.limits.get("assumed", True):
        tx.execute(update(network).where(network.c.name == name).values(values | {"limits": asdict(limits)}))
    else:
        tx.execute(update(network).where(network.c.name == name).values(values))


def limits(tx: Connection) -> dict[str, Limits]:
    """The limits of every network, by name."""
    rows = tx.execute(select(network.c.name, network.c.limits)).all()
    return {row.name: as_limits(row.limits) for row in rows}


def as_limits(kept: Mapping[str, Any]) -> Limits:
    """Limits from their stored form; what a newer version has added is left out."""
    known = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in kept.items() if name in known})


def rows(tx: Connection) -> list[Row[Any]]:
    """Every network's row, by name."""
    return list(tx.execute(select(network).order_by(network.c.name)).all())


def set_limits(tx: Connection, name: str, found: Limits) -> None:
    """Keep what the server said of its limits."""
    tx.execute(update(network).where(network.c.name == name).values(limits=asdict(found)))


def set_names(tx: Connection, name: str, found: Collection[str]) -> None:
    """Keep the names under which our account is seen there, and by bridges elsewhere."""
    tx.execute(update(network).where(network.c.name == name).values(names=sorted(found)))


def set_health(tx: Connection, now: datetime, name: str, lines: Sequence[HealthLine]) -> None:
    """Keep what `check` found."""
    tx.execute(
        update(network).where(network.c.name == name).values(health=[asdict(one) for one in lines], checked_at=now)
    )


def stop(tx: Connection, now: datetime, name: str, why: str) -> None:
    """Ask nothing of it until a person acted; its rows stay as they are."""
    working = update(network).where(network.c.name == name, network.c.stopped == "")
    if tx.execute(working.values(stopped=why, stopped_at=now)).rowcount == 1:
        changes.record(tx, now, "", "stopped", kind="network", network=name)


def start(tx: Connection, now: datetime, who: str, name: str) -> bool:
    """Ask it again."""
    stopped = update(network).where(network.c.name == name, network.c.stopped != "")
    if tx.execute(stopped.values(stopped="", stopped_at=None, blocked_until=EPOCH)).rowcount != 1:
        return False
    changes.record(tx, now, who, "started", kind="network", network=name)
    return True


def works(tx: Connection, now: datetime, name: str) -> bool:
    """Whether it may be asked: neither stopped nor told to wait."""
    free = select(network.c.name).where(network.c.name == name, network.c.stopped == "", network.c.blocked_until <= now)
    return tx.execute(free).first() is not None


def block(tx: Connection, name: str, until: datetime) -> None:
    """Its own word: nothing before that time. Every worker obeys."""
    later = update(network).where(network.c.name == name, network.c.blocked_until < until)
    tx.execute(later.values(blocked_until=until))


class RowMemory:
    """The memory of a network, on its row: limiter, sessions, page tokens and spend outlive a restart."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._row = network.c.name == name

    def get(self, key: str, default: Any = None) -> Any:
        """What was put under that key, or `default`."""
        with self._store.read() as tx:
            found: Mapping[str, Any] = tx.execute(select(network.c.memory).where(self._row)).scalar_one_or_none() or {}
        return found.get(key, default)

    def put(self, key: str, value: Any) -> None:
        """Remember a JSON value; None forgets it."""
        with self._store.write() as tx:
            row = tx.execute(select(network.c.memory).where(self._row).with_for_update()).scalar_one_or_none()
            if row is None:
                raise LookupError(f"network {self._name} has no row: it was never set up")
            kept = {k: v for k, v in row.items() if k != key} | ({} if value is None else {key: value})
            if kept != row:
                tx.execute(update(network).where(self._row).values(memory=kept))

    def reserve(self, cost_usd: float, keep_usd: float = 0.0) -> int:
        """Set money aside before a paid call: a ticket, 0 if less than `keep_usd` of the budget would be left."""
        with self._store.write() as tx:
            return reservations.reserve(tx, self._store.now(tx), self._name, cost_usd, keep_usd)

    def settle(self, ticket: int, spent_usd: float | None) -> None:
        """Give back what was set aside and book what was spent; None: all of it, for the answer was lost."""
        with self._store.write() as tx:
            reservations.settle(tx, self._store.now(tx), self._name, ticket, spent_usd)
