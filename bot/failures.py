"""What a failed call means for rows: nothing is lost, and somebody is told when a person must act."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from bot.core import states
from bot.core.length import clean
from bot.networks.base import Misconfigured, NetworkFailure, RateLimited, Unavailable
from bot.store import events, networks
from bot.store.engine import Store

log = structlog.get_logger()


def said(failure: NetworkFailure) -> str:
    """Its sentence, as it can be stored: a server's own words in it may hold anything."""
    return clean(str(failure))[:500]


def spread() -> float:
    """A number from 0 to 1, so that workers do not knock in step."""
    return random.random()  # noqa: S311


def read_failed(store: Store, row: Row[Any], name: str, failure: NetworkFailure) -> None:
    """Leave the cursor where it was and say when to read again."""
    log.warning("read failed", source=row.id, network=name, why=str(failure))
    with store.write() as tx:
        now = store.now(tx)
        until = failure.until if isinstance(failure, RateLimited) else None
        due = states.next_poll(now, float(row.every_seconds), row.failures + 1, spread(), until)
        events.read_badly(tx, row, due=due, error=said(failure))
        network_failed(tx, now, name, failure)


def unexpected(name: str, bug: Exception) -> Unavailable:
    """What a source says of a fault of ours, which the log holds whole."""
    return Unavailable(
        f"Reading {name} failed in a way that Backchannel did not foresee ({type(bug).__name__}). It is tried again; "
        "the log of the worker says more."
    )


def network_failed(tx: Connection, now: datetime, name: str, failure: NetworkFailure) -> None:
    """Stop the network if a person must act; keep all workers off it for as long as it said."""
    if isinstance(failure, Misconfigured):
        networks.stop(tx, now, name, said(failure))
    elif isinstance(failure, RateLimited) and failure.whole:
        networks.block(tx, name, failure.until)
