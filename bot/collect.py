"""Source due -> fetch from cursor -> items and questions, in one transaction with the cursor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from bot.core.items import Page
from bot.core.states import Timing
from bot.failures import read_failed, unexpected
from bot.networks.base import Network, NetworkFailure
from bot.store import erasure, events, inbox, placements, rechecks
from bot.store.engine import Fenced, Store

log = structlog.get_logger()


def read_one(store: Store, network: Network, name: str, timing: Timing) -> bool:
    """Read the next source of a network that is due; False if none is."""
    with store.write() as tx:
        now = store.now(tx)
        row = events.take_to_read(tx, now, timing.lease, name)
        ev = events.one_event(tx, row.event_id) if row is not None and row.event_id is not None else None
    if row is None:
        return False
    source = events.as_source(row, ev.timezone if ev is not None else "UTC")
    try:
        page = network.fetch(source, row.cursor)
    except NetworkFailure as failure:
        read_failed(store, row, name, failure)
        return True
    except Exception as bug:
        read_failed(store, row, name, unexpected(name, bug))
        raise
    try:
        suspects = _keep(store, row, ev, page)
    except Fenced:
        log.info("read thrown away", source=row.id, why="another worker holds this source by now")
        return True
    if suspects:
        _check(store, network, row, ev, suspects)
    return True


def _keep(store: Store, row: Row[Any], ev: Row[Any] | None, page: Page) -> list[str]:
    if ev is not None:
        placements.foresee(ev, page.items)
    with store.write() as tx:
        now = store.now(tx)
        kept = inbox.keep(tx, now, row, page)
        wait = 0.0 if page.more else events.every(now, row, ev)
        due = now + timedelta(seconds=wait)
        if not events.read_well(tx, now, row, due=due, cursor=page.cursor, note=page.note, more=page.more):
            raise Fenced
        suspects = rechecks.stored_within(tx, row, page)
    if kept.new or kept.edited or kept.poison:
        log.info("read", source=row.id, network=row.network, new=kept.new, edited=kept.edited, poison=kept.poison)
    return suspects


def _check(store: Store, network: Network, row: Row[Any], ev: Row[Any] | None, suspects: list[str]) -> None:
    """Stored, but not on the page any more: ask for each before anybody is told that it is gone."""
    source = events.as_source(row, ev.timezone if ev is not None else "UTC")
    try:
        checks = network.recheck(source, suspects)
    except NetworkFailure as failure:
        log.info("re-check put off", source=row.id, why=str(failure))
        return
    with store.write() as tx:
        now = store.now(tx)
        present = erasure.settle_checks(tx, now, row.network, checks)
        if present:
            inbox.keep(tx, now, row, Page(tuple(present), ""))
