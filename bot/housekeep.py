"""Re-check of stored items, lapsed holds, retention, wishes, each network's health onto its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.core.items import HealthLine, Page, Reactions
from bot.failures import network_failed, said
from bot.networks.base import Audience, Network, NetworkFailure
from bot.store import (
    acts,
    changes,
    erasure,
    events,
    inbox,
    keeping,
    lookup,
    networks,
    outbox,
    passages,
    pictures,
    published,
    rechecks,
    search,
    wishes,
)
from bot.store.engine import Store

log = structlog.get_logger()
CHECK_EVERY = timedelta(minutes=10)
BATCH = 50


def lapse(store: Store) -> int:
    """Deliveries whose holder died become free, or unsure if the call had begun."""
    with store.write() as tx:
        count = outbox.lapse(tx, store.now(tx))
    if count:
        log.info("holds lapsed", deliveries=count)
    return count


def index(store: Store) -> int:
    """Make findable what was written since, or stored by an older version of the program; how many things."""
    with store.read() as tx:
        if not search.behind(tx) and not passages.behind(tx):
            return 0
    with store.write() as tx:
        return search.catch_up(tx) + passages.catch_up(tx)


def forget(store: Store) -> int:
    """Let go of what is older than its event keeps things; the number of items."""
    with store.write() as tx:
        now = store.now(tx)
        gone = keeping.let_go(tx, now)
        acts.let_go(tx, now)
    with store.write() as tx:
        pictures.sweep(tx, store.now(tx))
    if gone:
        log.info("kept no longer", items=gone)
    return gone


def scrub(store: Store, done_to: int) -> int:
    """Let go of old pages if words left after the change `done_to`; the change up to which that is done."""
    with store.read() as tx:
        newest, needed = changes.newest(tx), erasure.since(tx, done_to)
    if not needed:
        return newest
    with store.write() as tx:
        lookup.scrub(tx)  # an edit leaves the words of before in the index
    return newest if store.empty_log() else done_to  # somebody reads: again at the next tick


def grant(store: Store, opened: dict[str, Network]) -> int:
    """Do what the console wished for; how many wishes."""
    with store.write() as tx:
        now = store.now(tx)
        rows = wishes.take(tx, now)
        if any(row.kind == "read" for row in rows):
            events.wake(tx, now)
    for row in rows:
        if row.kind == "check" and row.ref in opened:
            examine(store, row.ref, opened[row.ref])
        if row.kind == "recheck":
            for name, network in opened.items():
                recheck(store, name, network, item_ids=[int(row.ref)])
        if row.kind == "reactions":
            post_id, _, name = row.ref.partition(":")
            if name in opened:
                count(store, name, opened[name], int(post_id))
    return len(rows)


def examine(store: Store, name: str, network: Network) -> None:
    """Put what a network says of itself, and its limits, onto its row."""
    try:
        lines, limits = network.check(), network.limits()
    except NetworkFailure as failure:
        log.warning("check failed", network=name, why=str(failure))
        lines, limits = [HealthLine("fail", said(failure), "It is checked again in ten minutes.")], None
    with store.write() as tx:
        networks.set_health(tx, store.now(tx), name, lines)
        if limits is not None:
            networks.set_limits(tx, name, limits)
            networks.set_names(tx, name, network.names())


def count(store: Store, name: str, network: Network, post_id: int) -> None:
    """Ask what people did with the posts that a correction is about, and keep it beside the correction."""
    with store.read() as tx:
        ids = published.ids_about(tx, post_id, name)
    found, problem = _counted(network, name, ids) if ids else (None, "No address of a post of ours is known.")
    with store.write() as tx:
        published.keep_reactions(tx, store.now(tx), post_id, name, found, problem)


def _counted(network: Network, name: str, ids: Sequence[str]) -> tuple[Reactions | None, str]:
    """What people did with all of these posts together; or None and why nobody knows. It never stops the network."""
    if not isinstance(network, Audience):
        return None, "This network does not tell."
    try:
        there = network.reactions(ids)
    except NetworkFailure as failure:
        log.warning("reactions not counted", network=name, why=str(failure))
        return None, said(failure)
    if len(there) < len(set(ids)):
        return None, "Not all of our posts are shown there now."
    return sum(there.values(), Reactions()), ""


def examine_due(store: Store, name: str, network: Network) -> bool:
    """Examine a network that nobody has examined for a while."""
    with store.read() as tx:
        now = store.now(tx)
        row = next((one for one in networks.rows(tx) if one.name == name), None)
    if row is None or row.stopped or (row.checked_at is not None and row.checked_at + CHECK_EVERY > now):
        return False
    examine(store, name, network)
    return True


def recheck(
    store: Store, name: str, network: Network, every: timedelta = CHECK_EVERY, item_ids: list[int] | None = None
) -> int:
    """Ask a network how the items of open questions stand now; how many were asked for."""
    with store.read() as tx:
        now = store.now(tx)
        batch = _batch(tx, now, name, every, item_ids) if networks.works(tx, now, name) else {}
    asked = 0
    for source_id, native_ids in batch.items():
        asked += len(native_ids)
        with store.read() as tx:
            row = rechecks.source_row(tx, source_id)
            zone = events.one_event(tx, row.event_id).timezone if row.event_id is not None else "UTC"
        try:
            checks = network.recheck(events.as_source(row, zone), native_ids)
        except NetworkFailure as failure:
            log.info("re-check put off", network=name, why=str(failure))
            with store.write() as tx:
                network_failed(tx, store.now(tx), name, failure)
                rechecks.done(tx, store.now(tx), name, native_ids)  # in its turn again, not at once
            continue
        with store.write() as tx:
            then = store.now(tx)
            present = erasure.settle_checks(tx, then, name, checks)
            if present:
                inbox.keep(tx, then, row, Page(tuple(present), ""))
            rechecks.done(tx, then, name, native_ids)
    return asked


def _batch(
    tx: Connection, now: datetime, name: str, every: timedelta, item_ids: list[int] | None
) -> dict[int, list[str]]:
    if item_ids is not None:
        return rechecks.due(tx, now, name, item_ids=item_ids)
    return rechecks.due(tx, now, name, before=now - every, most=BATCH)
