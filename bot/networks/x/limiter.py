"""The limits of each endpoint, learnt from the headers and kept over a restart."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.networks.base import Memory, Now, RateLimited
from bot.networks.x.answers import Answer, capped

FAMILIES = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
KEY = "closed"
FIRST_PAUSE = timedelta(seconds=60)  # after a 429 that does not say until when; doubles
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_RESET = timedelta(hours=25)
JITTER = 3.0  # seconds; workers must not all knock at the same moment


class Limiter:
    """Says no before X does. Nothing waits here: the caller is told until when."""

    def __init__(self, memory: Memory, now: Now) -> None:
        self._memory, self._now = memory, now

    def obey(self, endpoint: str) -> None:
        """Raises RateLimited while that endpoint is closed."""
        until = self._closed().get(endpoint, {}).get("until", 0)
        now = self._now()
        if until > now.timestamp():
            then = datetime.fromtimestamp(until, UTC)
            raise RateLimited(f"X takes no more of these calls until {then:%H:%M} UTC.", then, whole=False)

    def heed(self, endpoint: str, answer: Answer) -> datetime | None:
        """Take over what the headers say; until when the endpoint is closed, if it is."""
        now = self._now()
        resets = [end for family in FAMILIES if (end := _used_up(answer.headers, family, now))]
        limited = answer.status == 429 and not capped(answer)
        before = int(self._closed().get(endpoint, {}).get("strikes", 0))
        strikes = 0
        if not resets and limited:
            resets = [end for end in (_reset(answer.headers, FAMILIES[0], now),) if end]
        if not resets and limited:
            resets, strikes = [now + min(FIRST_PAUSE * 2 ** min(before, 8), LONGEST_PAUSE)], before + 1
        until = max(resets) + timedelta(seconds=random.uniform(0, JITTER)) if resets else None  # noqa: S311
        if until or before:
            self._write(endpoint, until, strikes, now)
        return until

    def _closed(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self._memory.get(KEY) or {}
        return found

    def _write(self, endpoint: str, until: datetime | None, strikes: int, now: datetime) -> None:
        kept = {name: one for name, one in self._closed().items() if one["until"] > now.timestamp()}
        kept.pop(endpoint, None)
        if until:
            kept[endpoint] = {"until": until.timestamp(), "strikes": strikes}
        self._memory.put(KEY, kept or None)


def _reset(headers: Mapping[str, str], family: str, now: datetime) -> datetime | None:
    """When a family of limits begins anew; None if it does not say, or says what cannot be."""
    said = headers.get(f"{family}-reset", "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 12):
        return None
    try:
        then = datetime.fromtimestamp(int(said), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return min(then, now + LONGEST_RESET) if then > now else None


def _used_up(headers: Mapping[str, str], family: str, now: datetime) -> datetime | None:
    left = headers.get(f"{family}-remaining", "").strip()
    return _reset(headers, family, now) if left == "0" else None
