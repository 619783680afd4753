"""For monitors and proxies, without signing in: whether pages can be shown, and whether a person is needed.

Neither answer names or counts anything of an event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.store import schema, status
from bot.store.engine import Store

KEPT = 5.0  # seconds for which a finding holds: who asks more often costs no more
WELL, NEEDED = "ok", "A person is needed: see the overview, or `backchannel status`."
READY, NO_DATABASE = "ready", "The database does not answer."
OTHER_VERSION = "The database is at another version than this program: run `backchannel migrate`."
log = structlog.get_logger()
Finding = tuple[int, str]  # the status code of HTTP, and a sentence


class Health:
    """`/readyz` and `/healthz` over one store. `clock` counts seconds."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._ready = _Kept(lambda: _looked(store, _ready), clock)
        self._whole = _Kept(lambda: _looked(store, _whole), clock)

    def ready(self, _request: Request) -> Response:
        """200 if this process can show pages, else 503: a proxy may ask another one."""
        return _answer(self._ready())

    def whole(self, _request: Request) -> Response:
        """200 while everything works by itself, 503 as soon as a person is needed."""
        return _answer(self._whole())


class _Kept:
    def __init__(self, look: Callable[[], Finding], clock: Callable[[], float]) -> None:
        self._look, self._clock, self._lock = look, clock, threading.Lock()
        self._until, self._found = float("-inf"), (503, NO_DATABASE)

    def __call__(self) -> Finding:
        with self._lock:
            if self._clock() >= self._until:
                self._found = self._look()
                self._until = self._clock() + KEPT
            return self._found


def _looked(store: Store, look: Callable[[Store], Finding]) -> Finding:
    try:
        return look(store)
    except SQLAlchemyError as failure:
        log.warning("health cannot be told", why=str(getattr(failure, "orig", None) or failure).splitlines()[0])
        return 503, NO_DATABASE


def _ready(store: Store) -> Finding:
    with store.read() as tx:
        there = schema.current(tx)
    return (200, READY) if there == _wanted() else (503, OTHER_VERSION)


def _whole(store: Store) -> Finding:
    with store.read() as tx:
        needed = status.everything(tx, store.now(tx))["needs"]
    return (503, NEEDED) if needed else (200, WELL)


@cache
def _wanted() -> str:
    return schema.newest()


def _answer(found: Finding) -> Response:
    code, words = found
    return PlainTextResponse(f"{words}\n", code)
