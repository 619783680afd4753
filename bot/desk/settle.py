"""The switch that stops everything, and what asks a person: unclear deliveries, doubts, wishes."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bot.core.rights import SETTLES
from bot.desk.who import Done, Who, button, called
from bot.store import blog, drafts, ledger, networks, outbox, wishes
from bot.store.engine import Store

STATE_OF = {"sent": "sent", "again": "queued", "cancel": "cancelled"}
SETTLED = {
    "sent": "Noted as sent. It will not be sent again.",
    "again": "It will be sent again now.",
    "cancel": "It will not be sent.",
}


@button
def pause(store: Store, who: Who) -> Done:
    """Stop everything that goes out: updates, replies, edits, deletes, later parts."""
    with store.write() as tx:
        if drafts.set_paused(tx, store.now(tx), who.name, True):
            return Done(True, "All posting is paused. Nothing is lost.")
        return Done(False, "Posting is paused already.")


@button
def unpause(store: Store, who: Who) -> Done:
    """Let things go out again; every draft gets a fresh countdown."""
    with store.write() as tx:
        if drafts.set_paused(tx, store.now(tx), who.name, False):
            return Done(True, "Posting is on again. Waiting updates start their countdown anew.")
        return Done(False, "Posting is on already.")


@button
def was_sent(store: Store, who: Who, delivery_id: int, choice: str, url: str = "") -> Done:
    """Settle a delivery that may or may not have gone out: it was sent, send it again, or drop it."""
    address = url.strip()
    with store.write() as tx:
        _may_settle(tx, who, delivery_id)
        if choice not in STATE_OF:
            return Done(False, "Say whether it was sent, is to be sent again, or is to be dropped.")
        if address and urlsplit(address).scheme not in ("http", "https"):
            return Done(False, "That is no web address. Copy the address of the post, or leave the field empty.")
        row = outbox.settle(tx, store.now(tx), who.name, delivery_id, STATE_OF[choice], address)
        return Done(True, SETTLED[choice]) if row is not None else Done(False, "Somebody has settled this already.")


@button
def retry(store: Store, who: Who, delivery_id: int, at: datetime | None = None) -> Done:
    """Try a refused delivery again, or one that waits for its next try: now, or at that time."""
    with store.write() as tx:
        _may_settle(tx, who, delivery_id)
        now = store.now(tx)
        row = outbox.settle(tx, now, who.name, delivery_id, "queued", due=at)
        if row is not None or outbox.hasten(tx, now, who.name, delivery_id, at or now):
            return Done(True, "It will be tried again at that time." if at else "It will be tried again now.")
        return Done(False, "It is not waiting for that.")


def _may_settle(tx: Connection, who: Who, delivery_id: int) -> None:
    kind = ledger.kind_of(tx, delivery_id)
    if kind:
        who.need(SETTLES[kind])


@button
def settle_doubt(store: Store, who: Who, doubt_id: int, choice: str) -> Done:
    """Decide what the live blog left unclear: announce the entries, take them as known, or as removed."""
    with store.write() as tx:
        sentence = blog.settle_doubt(tx, store.now(tx), who.name, doubt_id, choice)
        return Done(bool(sentence), sentence or "Somebody has decided this already.")


@button
def wish(store: Store, who: Who, kind: str, ref: str = "") -> Done:
    """Ask a worker for something: check a network, look at an item again."""
    with store.write() as tx:
        wishes.add(tx, store.now(tx), who.name, kind, ref)
        return Done(True, "Asked for. The result appears here in a moment.")


@button
def start_network(store: Store, who: Who, network: str) -> Done:
    """Ask a network again that was stopped until a person acts."""
    with store.write() as tx:
        started = networks.start(tx, store.now(tx), who.name, network)
        name = called(network)
        return Done(started, f"{name} is asked again." if started else f"{name} is not stopped.")
