"""Outbox -> network -> receipt, later, refused, unsure, asking."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from bot.core import states
from bot.core.items import Action, Delivery, Receipt
from bot.core.states import Timing
from bot.failures import network_failed, said, spread, unexpected
from bot.networks.base import Misconfigured, Network, NetworkFailure, NoAnswer, RateLimited, Refused
from bot.store import drafts, outbox
from bot.store.engine import Store

log = structlog.get_logger()
NOT_FOUND = "It may or may not be out: no answer came, and looking for it did not find it."
REPEATED = "Not found; a repeat cannot make a second copy."


def end_grace(store: Store) -> int:
    """Approve the drafts whose grace is over; how many."""
    with store.write() as tx:
        return len(drafts.end_grace(tx, store.now(tx)))


def send_one(store: Store, network: Network, name: str, timing: Timing) -> bool:
    """Send the next delivery of a network; False if there is none. "Sending" is committed before any byte leaves."""
    with store.write() as tx:
        row = outbox.take(tx, store.now(tx), timing.lease, name)
        delivery = outbox.as_delivery(tx, row) if row is not None else None
    if row is None or delivery is None:
        return False
    if row.evidence == REPEATED and not _harmless(row.called_at, delivery, network.safe_repeat):
        _waited_too_long(store, row)
        return True
    try:
        receipt = network.send(delivery)
    except NetworkFailure as failure:
        _not_sent(store, row, name, failure)
    else:
        _sent(store, row, receipt)
    return True


def _waited_too_long(store: Store, row: Row[Any]) -> None:
    """A pause or a stop held a repeat back until it could make a second copy: look for it once more instead."""
    with store.write() as tx:
        now = store.now(tx)
        outbox.record(tx, now, row, "unsure", due=now, looks=0, evidence="")


def _sent(store: Store, row: Row[Any], receipt: Receipt) -> None:
    with store.write() as tx:
        now = store.now(tx)
        values = {"remote_id": receipt.remote_id, "url": receipt.url, "evidence": receipt.evidence, "error": ""}
        held = outbox.record(tx, now, row, "sent", sent_at=receipt.at, **values)
        late = not held and outbox.came_late(tx, now, row, sent_at=receipt.at, **values)
    how = "sent" if held else "sent, and written down late" if late else "sent, but settled by another worker"
    log.info(how, delivery=row.id, network=row.network)


def _not_sent(store: Store, row: Row[Any], name: str, failure: NetworkFailure) -> None:
    log.warning("not sent", delivery=row.id, network=name, why=str(failure))
    with store.write() as tx:
        now = store.now(tx)
        why = said(failure)
        if isinstance(failure, NoAnswer):
            outbox.record(tx, now, row, "unsure", error=why, due=now, looks=0)
        elif isinstance(failure, Refused):
            outbox.record(tx, now, row, "refused", error=why)
        else:
            outbox.record(tx, now, row, "queued", error=why, due=_later(now, row, failure))
        network_failed(tx, now, name, failure)


def _later(now: datetime, row: Row[Any], failure: NetworkFailure) -> datetime:
    if isinstance(failure, Misconfigured):
        return now  # the network is stopped; it goes on when a person starts it again
    until = failure.until if isinstance(failure, RateLimited) else None
    return states.next_attempt(now, row.attempts, spread(), until)


def look_one(store: Store, network: Network, name: str, timing: Timing) -> bool:
    """Settle the next delivery that may or may not be out; False if there is none."""
    with store.write() as tx:
        row = outbox.take_unsure(tx, store.now(tx), timing.lease, name)
        delivery = outbox.as_delivery(tx, row) if row is not None else None
    if row is None or delivery is None:
        return False
    try:
        receipt = network.find(delivery)
    except NetworkFailure as failure:
        _not_looked(store, row, name, failure, timing)
        return True
    except Exception as bug:
        _not_looked(store, row, name, unexpected(name, bug), timing)
        raise
    if receipt is not None:
        _sent(store, row, receipt)
    else:
        _not_found(store, row, delivery, network, timing)
    return True


def _not_looked(store: Store, row: Row[Any], name: str, failure: NetworkFailure, timing: Timing) -> None:
    """Could not even look: look again later, and at last ask a person."""
    with store.write() as tx:
        now = store.now(tx)
        if isinstance(failure, Refused) or row.looks > 4 * len(timing.look_again):
            outbox.record(tx, now, row, "asking", evidence=f"Looking for it failed: {said(failure)}")
        else:
            due = states.next_attempt(now, row.looks + 1, spread())
            outbox.record(tx, now, row, "unsure", due=due, evidence=f"Looking for it failed: {said(failure)}")
        network_failed(tx, now, name, failure)


def _not_found(store: Store, row: Row[Any], delivery: Delivery, network: Network, timing: Timing) -> None:
    """Repeat it where a repeat is harmless; else look a few times more, then ask a person."""
    with store.write() as tx:
        now = store.now(tx)
        if _harmless(now, delivery, network.safe_repeat):
            due = states.next_attempt(now, row.attempts, spread())
            outbox.record(tx, now, row, "queued", due=due, evidence=REPEATED)
        elif row.looks <= len(timing.look_again):
            due = now + timedelta(seconds=timing.look_again[row.looks - 1])
            outbox.record(tx, now, row, "unsure", due=due)
        else:
            outbox.record(tx, now, row, "asking", error=row.error, evidence=f"{NOT_FOUND} Looked {row.looks} times.")


def _harmless(now: datetime, delivery: Delivery, safe: timedelta) -> bool:
    if delivery.action is not Action.CREATE:
        return True
    began = delivery.started_at or now
    return safe == timedelta.max or now - began < safe
