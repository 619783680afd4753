"""Odd answers in the place of a site that has worked: an outage for some minutes, and only then a person's matter."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.networks.base import Memory, Misconfigured, NetworkFailure, Now, Unavailable

KEY = "odd"
LASTS = timedelta(minutes=5)  # so long an odd answer may be a proxy's, or a page that says "back soon"
OVER = timedelta(minutes=15)  # without an odd answer; what comes later is another trouble
Series = list[str]  # when it began, and when it was last seen; empty: it works


class Patience:
    """What is known of each call, by its name: whether it has ever worked, and since when it goes oddly."""

    def __init__(self, memory: Memory, now: Now) -> None:
        self._memory, self._now = memory, now

    def good(self, call: str) -> None:
        """WordPress itself has answered."""
        known = self._known()
        if known.get(call) != []:
            self._memory.put(KEY, {**known, call: []})

    def odd(
        self, call: str, sentence: str, *, of_site: bool = True, mistake: type[Misconfigured] = Misconfigured
    ) -> NetworkFailure:
        """What an answer means that is not WordPress's own. `of_site`: that anything worked is enough.

        What has never worked is that `mistake` at once; what has worked is misconfigured once this has lasted.
        """
        known, now = self._known(), self._now()
        if call not in known and not (of_site and known):
            return mistake(sentence)
        began = self._began(known.get(call, []), now)
        self._memory.put(KEY, {**known, call: [began.isoformat(), now.isoformat()]})
        until = began + LASTS
        if now >= until:
            return Misconfigured(sentence)
        return Unavailable(f"{sentence} It has worked before, so it is tried again until {until:%H:%M} UTC.")

    def _began(self, series: Series, now: datetime) -> datetime:
        if not series:
            return now
        began, last = map(datetime.fromisoformat, series)
        return began if began <= now and now - last < OVER else now

    def _known(self) -> dict[str, Series]:
        known: dict[str, Series] = self._memory.get(KEY) or {}
        return known


def named(method: str, route: str) -> str:
    """The name of a call: the same for all posts and comments."""
    return f"{method} {re.sub(r'[0-9]+', 'N', route)}"
