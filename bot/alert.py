"""What a person must hear of now -> apprise, grouped; and a sign of life to whoever watches from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from bot.channels import Channels, NotTold
from bot.core import states
from bot.failures import said, spread
from bot.networks.base import NetworkFailure
from bot.networks.http import Http
from bot.store import alerts, status
from bot.store.engine import Store

log = structlog.get_logger()
LEASE = timedelta(seconds=90)
PATIENCE = 10.0  # seconds for the sign of life


def look(store: Store, settle: timedelta) -> None:
    """Note what needs a person now."""
    with store.write() as tx:
        now = store.now(tx)
        alerts.notice(tx, now, status.needs(tx, now) | status.notices(tx, now), settle, status.URGENT)


def tell(store: Store, channels: Channels, again: timedelta, public_url: str) -> bool:
    """Tell all that is due in one message; False if nothing is. No transaction is held meanwhile."""
    with store.write() as tx:
        rows = alerts.take(tx, store.now(tx), LEASE)
    if not rows:
        return False
    try:
        channels.say(*message(rows, public_url))
    except NotTold as failure:
        log.warning("nobody was alerted", why=str(failure))
        with store.write() as tx:
            due = states.next_attempt(store.now(tx), max(row.tries for row in rows) + 1, spread())
            alerts.not_told(tx, rows, str(failure), due)
        return True
    with store.write() as tx:
        alerts.told(tx, store.now(tx), rows, again)
    log.info("alerted", needs=len(rows))
    return True


def message(rows: Sequence[Row[Any]], public_url: str) -> tuple[str, str]:
    """Title and body of one message: what needs a person, then what is over."""
    needed = [row for row in rows if not row.over]
    count = "1 thing needs" if len(needed) == 1 else f"{len(needed)} things need"
    title = f"Backchannel: {count} a person" if needed else "Backchannel: all is well again"
    lines = [f"- {row.sentence}{' (still so)' if row.told_at else ''}" for row in needed]
    lines += [f"- Over: {row.sentence}" for row in rows if row.over]
    return title, "\n".join([*lines, "", public_url])


def beat(http: Http, address: str) -> bool:
    """Ask for the address of a dead man's switch, which alerts people when nobody asks any more; False if it failed."""
    try:
        answer = http.request("GET", address, deadline=PATIENCE)
    except NetworkFailure as failure:
        log.warning("no sign of life given", why=said(failure))
        return False
    if answer.status >= 400:
        log.warning("no sign of life given", why=f"it answered {answer.status}")
    return answer.status < 400
