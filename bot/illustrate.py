"""Pictures that posts wait for -> fetched from the blog, or as a person brought them; shrunk, kept by hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import Row

from bot.core import states
from bot.core.length import clean
from bot.core.states import Timing
from bot.failures import said, spread
from bot.images import Shrunk, Unusable, shrink
from bot.networks.base import Album, Misconfigured, Network, NetworkFailure, Refused
from bot.networks.pictures import fetch
from bot.store import drafts, pictures
from bot.store.engine import Store

log = structlog.get_logger()
MOST_ATTEMPTS = 4  # about a quarter of a minute; then a person decides


def fetch_one(store: Store, networks: Mapping[str, Network], timing: Timing) -> bool:
    """Fetch the next picture that a post wishes for; False if there is none. No transaction is held meanwhile."""
    with store.write() as tx:
        row = pictures.take(tx, store.now(tx), timing.lease)
        raw = pictures.brought(tx, row) if row is not None else None
        blog = pictures.blog_of(tx, row.post_id) if row is not None else None
    if row is None:
        return False
    try:
        made = shrink(raw if raw is not None else _fetched(row, blog, networks, timing))
    except NetworkFailure as failure:
        _not_had(store, row, said(failure), for_good=isinstance(failure, Refused | Misconfigured))
    except Unusable as why:
        _not_had(store, row, clean(str(why)), for_good=True)
    else:
        _had(store, row, made)
    return True


def _fetched(row: Row[Any], blog: Row[Any] | None, networks: Mapping[str, Network], timing: Timing) -> bytes:
    if blog is None:
        raise Refused("No blog shows this picture any more.")
    album = networks.get(blog.network)
    return album.picture(row.url) if isinstance(album, Album) else fetch(row.url, blog.address, _seconds(timing))


def _seconds(timing: Timing) -> float:
    return timing.deadline.total_seconds()


def _had(store: Store, row: Row[Any], made: Shrunk) -> None:
    with store.write() as tx:
        held = pictures.keep(tx, store.now(tx), row, asdict(made))
    log.info("picture", post=row.post_id, bytes=len(made.content), thrown_away=not held)


def _not_had(store: Store, row: Row[Any], why: str, *, for_good: bool) -> None:
    """Try again a few times what may pass; then the post waits for a person."""
    log.warning("no picture", post=row.post_id, why=why)
    with store.write() as tx:
        now = store.now(tx)
        if for_good or row.attempts >= MOST_ATTEMPTS:
            if pictures.fail(tx, now, row, why):
                drafts.stop_for_pictures(tx, row.post_id)
        else:
            pictures.later(tx, row, states.next_attempt(now, row.attempts, spread()), why)
