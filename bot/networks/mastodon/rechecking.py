"""How stored posts stand now, asked of the servers that have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.core.items import Checked, Standing
from bot.networks.base import Memory, NetworkFailure, Unavailable
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.account import Account
from bot.networks.mastodon.places import Places
from bot.networks.mastodon.server import Missing, Odd, Server

AT_ONCE = 20  # what Mastodon allows in one request


class Checker:
    """Asks where a post was seen. Its own server's word counts for more than that of any other."""

    def __init__(self, servers: Sequence[Server], account: Account, places: Places, memory: Memory) -> None:
        self._servers = {server.host: server for server in servers}
        self._home = servers[0]
        self._account, self._places, self._memory = account, places, memory

    def recheck(self, native_ids: Sequence[str]) -> list[Checked]:
        """One answer for each that a server could be asked for; the others are left out."""
        own = self._account.me().addresses if self._home.signed else frozenset[str]()
        waiting = {uri: self._where(uri) for uri in native_ids}
        answers: dict[str, Checked] = {}
        absent: set[str] = set()
        silent: set[str] = set()
        for server in self._by_turn(waiting.values()):
            asked = {uri: spots[server.host] for uri, spots in waiting.items() if server.host in spots}
            asked = {uri: native for uri, native in asked.items() if uri not in answers}
            found = self._ask(server, asked)
            silent |= asked.keys() - found.keys()
            for uri, status in found.items():
                if status is not None:
                    answers[uri] = self._checked(uri, status, server, own)
                else:
                    absent.add(uri)
                    if urlsplit(uri).netloc.lower() == server.host:
                        answers[uri] = Checked(uri, Standing.GONE)
        for uri in sorted(absent - silent - answers.keys()):
            answers[uri] = Checked(uri, Standing.GONE)
        for uri in [uri for uri, spots in waiting.items() if not spots]:
            if status := self._places.at_home(uri):
                answers[uri] = self._checked(uri, status, self._home, own)
        return [answers[uri] for uri in native_ids if uri in answers]

    def _where(self, uri: str) -> dict[str, str]:
        """The servers that can be asked, by host, with the id that the post has there."""
        known = {host: native for host, native in self._places.of(uri).items() if host in self._servers}
        for server in self._servers.values():
            if native := forms.tail(uri, server.address):
                known.setdefault(server.host, native)
        return known

    def _by_turn(self, places: Iterable[dict[str, str]]) -> list[Server]:
        wanted = {host for spots in places for host in spots}
        return [server for host, server in self._servers.items() if host in wanted]

    def _ask(self, server: Server, asked: dict[str, str]) -> dict[str, dict[str, Any] | None]:
        """The posts as that server has them, None for those that are gone from there. Ours must answer."""
        try:
            return self._asked(server, asked)
        except NetworkFailure:
            if server is self._home:
                raise
            return {}

    def _asked(self, server: Server, asked: dict[str, str]) -> dict[str, dict[str, Any] | None]:
        found = self._in_bulk(server, list(asked.values()))
        answers: dict[str, dict[str, Any] | None] = {}
        for uri, native in asked.items():
            status = found.get(native) or self._one(server, native)
            if status is None or status.get("uri") == uri:
                answers[uri] = status
        return answers

    def _in_bulk(self, server: Server, natives: list[str]) -> dict[str, dict[str, Any]]:
        """By id; nothing from a server that knows only the slow way, which older ones and other software do."""
        slow: list[str] = self._memory.get("one by one") or []
        found: dict[str, dict[str, Any]] = {}
        if server.host in slow or len(natives) < 2:
            return found
        for start in range(0, len(natives), AT_ONCE):
            try:
                rows = server.get("/api/v1/statuses", {"id[]": natives[start : start + AT_ONCE]}, list)
            except (Missing, Odd):
                self._memory.put("one by one", [*slow, server.host])
                return found
            found |= {forms.id_of(row): row for row in rows if forms.id_of(row)}
        return found

    def _one(self, server: Server, native: str) -> dict[str, Any] | None:
        try:
            status: dict[str, Any] = server.get(f"/api/v1/statuses/{native}", {}, dict)
        except Missing:
            return None
        if not forms.id_of(status):
            raise Unavailable(f"{server.host} did not show the post that was asked for.")
        return status

    def _checked(self, uri: str, status: dict[str, Any], server: Server, own: frozenset[str]) -> Checked:
        ours = {native: address for address, native, _ in self._places.ours()} if server is self._home else {}
        try:
            item = forms.to_item(status, server.domain(), ours, own)
        except forms.Unreadable:
            public = status.get("visibility", "public") in forms.SEEN_BY_ALL
            return Checked(uri, Standing.PUBLIC if public else Standing.HIDDEN)
        return Checked(uri, item.standing, item if item.standing is Standing.PUBLIC else None)
