"""Which id a post has on which server, and which posts are ours; kept so that a restart need not ask again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from bot.networks.base import Memory
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.server import Missing, Server

MOST_KEPT = 2000
MOST_OURS = 300


class Places:
    """A post has one address and, on each server, an id of its own."""

    def __init__(self, home: Server, memory: Memory) -> None:
        self._home, self._memory = home, memory

    def note(self, found: Iterable[tuple[str, str, str]]) -> None:
        """Remember (address, host, id); the oldest are forgotten, they can be searched for."""
        before: dict[str, dict[str, str]] = self._memory.get("places") or {}
        kept = dict(before)
        for uri, host, native in found:
            mark = _mark(uri)
            if kept.get(mark, {}).get(host) != native:
                kept[mark] = {**kept.get(mark, {}), host: native}
        if kept != before:
            self._memory.put("places", dict(list(kept.items())[-MOST_KEPT:]))

    def of(self, uri: str) -> dict[str, str]:
        """Host to id, as far as it is remembered."""
        return dict((self._memory.get("places") or {}).get(_mark(uri), {}))

    def at_home(self, uri: str) -> dict[str, Any] | None:
        """The post as our server has it, fetched there if it has to be; None if it cannot be had."""
        for native in self._ids(uri):
            try:
                status: dict[str, Any] = self._home.get(f"/api/v1/statuses/{native}", {}, dict)
            except Missing:
                continue
            if status.get("uri") == uri and forms.id_of(status):
                return status
        return self._searched(uri)

    def _ids(self, uri: str) -> list[str]:
        known = [native for one, native, _ in self.ours() if one == uri]
        guesses = [*known, self.of(uri).get(self._home.host, ""), forms.tail(uri, self._home.address)]
        return list(dict.fromkeys(native for native in guesses if native))

    def _searched(self, uri: str) -> dict[str, Any] | None:
        if not uri.startswith(("http://", "https://")):
            return None
        query = {"q": uri, "resolve": "true", "type": "statuses", "limit": 1}
        found = self._home.get("/api/v2/search", query, dict).get("statuses")
        for status in found if isinstance(found, list) else []:
            if isinstance(status, dict) and status.get("uri") == uri and forms.id_of(status):
                self.note([(uri, self._home.host, forms.id_of(status))])
                return status
        return None

    def own_id(self, uri: str) -> str:
        """The id of a post of ours, "" if it cannot be told."""
        known = next((native for one, native, _ in self.ours() if one == uri), "")
        return known or forms.tail(uri, self._home.address) or forms.id_of(self._searched(uri))

    def ours(self) -> list[tuple[str, str, str]]:
        """Our posts as (address, id, key of the delivery), oldest first."""
        return [(uri, native, key) for uri, native, key in self._memory.get("ours") or []]

    def remember(self, uri: str, native: str, key: str) -> None:
        """That post is that delivery's: it is no other's, however alike their words are."""
        kept = [one for one in self.ours() if one[0] != uri]
        self._memory.put("ours", [*kept, (uri, native, key)][-MOST_OURS:])


def _mark(uri: str) -> str:
    return hashlib.blake2b(uri.encode("utf-8", "replace"), digest_size=8).hexdigest()
