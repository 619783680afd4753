"""The hashtag on our server and on others, merged by the address of each post, and the mentions of our account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.core.items import Covers, Item, Page, Poison, Source, Standing
from bot.networks.base import Misconfigured, NetworkFailure, Now, RateLimited, Refused, Unavailable
from bot.networks.guard import within
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.account import Account
from bot.networks.mastodon.cursors import Cursor, Place
from bot.networks.mastodon.places import Places
from bot.networks.mastodon.server import Server
from bot.networks.mastodon.walking import PAGE, Feed, Row, Walk, walk


@dataclass(frozen=True, slots=True)
class Gathered:
    """What several servers showed, each post once."""

    items: tuple[Item, ...]
    poison: tuple[Poison, ...]


class Reader:
    """Reads a source on each server that has it; all that it must remember is in the cursor."""

    def __init__(self, servers: Sequence[Server], account: Account, places: Places, deadline: float, now: Now) -> None:
        self._servers, self._home = servers, servers[0]
        self._account, self._places = account, places
        self._deadline, self._now = deadline, now

    def fetch(self, source: Source, stored: str) -> Page:
        """What is new everywhere, and at times a look back over two hours or a day."""
        cursor, now = Cursor.read(stored), self._now()
        own = self._account.me().addresses if self._home.signed or source.kind == "mentions" else frozenset()
        servers = self._servers if source.kind == "hashtag" else self._servers[:1]
        walks, notes = self._walk_all(servers, source, cursor, now)
        gathered = self._gather(walks, own)
        places = {
            server.host: walks[server].place if server in walks else cursor.places.get(server.host, Place())
            for server in servers
        }
        private = [one.native_id for one in gathered.items if one.standing is Standing.HIDDEN]
        after = Cursor(places, tuple(dict.fromkeys([*cursor.private, *private])))
        covers, after = _covers(list(walks.values()), len(servers), cursor, after)
        note = " ".join([*notes, *_notes(after)])
        return Page(
            gathered.items, after.write(), covers, gathered.poison, any(one.more for one in walks.values()), note
        )

    def _walk_all(
        self, servers: Sequence[Server], source: Source, cursor: Cursor, now: datetime
    ) -> tuple[dict[Server, Walk], list[str]]:
        """Each server in its share of the time. One that fails is left out and named, unless it is alone or ours."""
        walks: dict[Server, Walk] = {}
        failures: dict[Server, NetworkFailure] = {}
        for server in servers:
            seconds = self._deadline / len(servers)
            place = cursor.places.get(server.host, Place()).due(now, source.since)
            try:
                with within(seconds) as call:
                    walks[server] = walk(self._feed(server, source), place, call, seconds)
            except (Misconfigured, RateLimited) as failure:
                if server is self._home:
                    raise
                failures[server] = failure
            except (Unavailable, Refused) as failure:
                failures[server] = failure
            except TimeoutError:
                failures[server] = Unavailable(f"{server.host} did not answer in time.")
        if not walks:
            raise _reading(next(iter(failures.values())))
        notes = [one.note for one in walks.values() if one.note]
        return walks, [*notes, *(f"Not read: {failure}" for failure in failures.values())]

    def _feed(self, server: Server, source: Source) -> Feed:
        if source.kind == "mentions":
            return lambda query: self._mentions(query)
        path = f"/api/v1/timelines/tag/{quote(source.address.lstrip('#'), safe='')}"

        def tagged(query: dict[str, str]) -> list[Row]:
            said = server.get(path, {"limit": PAGE, **query}, list)
            return [_row(one) for one in said if forms.id_of(one)]

        return tagged

    def _mentions(self, query: dict[str, str]) -> list[Row]:
        types = ["mention", *(["quote"] if self._home.instance().quotes else [])]
        said = self._home.get("/api/v1/notifications", {"types[]": types, "limit": PAGE, **query}, list)
        return [
            Row(forms.id_of(one), forms.instant(one.get("created_at")), one.get("status") if _is_mention(one) else None)
            for one in said
            if forms.id_of(one)
        ]

    def _gather(self, walks: dict[Server, Walk], own: frozenset[str]) -> Gathered:
        """Each post once, as the first server shows it; what any of them knows of its author's wishes holds."""
        items: dict[str, Item] = {}
        poison: dict[str, Poison] = {}
        found: list[tuple[str, str, str]] = []
        ours = {native: uri for uri, native, _ in self._places.ours()}
        for server, walked in walks.items():
            domain = server.domain()
            statuses = [row.status for row in walked.rows if row.status is not None]
            parents = _parents(statuses) | (ours if server is self._home else {})
            for status in statuses:
                try:
                    item = forms.to_item(status, domain, parents, own)
                except forms.Unreadable as error:
                    bad = forms.to_poison(status, server.host, error)
                    poison.setdefault(bad.native_id, bad)
                    continue
                before = items.get(item.native_id, item)
                marks = tuple(sorted({*before.marks, *item.marks}))
                items[item.native_id] = replace(before, parent_id=before.parent_id or item.parent_id, marks=marks)
                found.append((item.native_id, server.host, forms.id_of(status)))
        self._places.note(found)
        return Gathered(tuple(items.values()), tuple(poison.values()))


def _row(status: Any) -> Row:
    native = forms.id_of(status)
    return Row(native, forms.time_of(native, forms.instant(status.get("created_at"))), status)


def _is_mention(notification: dict[str, Any]) -> bool:
    """Whether it says that somebody named us or quoted us; a server may take no notice of what was asked for."""
    return str(notification.get("type", "mention")) in ("mention", "quote")


def _parents(statuses: Iterable[Any]) -> dict[str, str]:
    return {forms.id_of(one): str(one.get("uri") or "") for one in statuses if forms.id_of(one)}


def _reading(failure: NetworkFailure) -> NetworkFailure:
    """Nothing that fails while reading is final: a page may be there again soon."""
    return Unavailable(str(failure)) if isinstance(failure, Refused) else failure


def _covers(walks: list[Walk], servers: int, before: Cursor, after: Cursor) -> tuple[Covers, Cursor]:
    """A look back that is complete everywhere speaks of all since then; else just what left the top is suspected."""
    suspects = frozenset[str]().union(*(one.suspects for one in walks))
    ends = [one.looked_back for one in walks if one.looked_back]
    if len(ends) < servers:
        return Covers(ids=suspects), after
    kept = {
        host: replace(place, recent=(*place.recent, *_left(before.places.get(host), suspects)))
        for host, place in after.places.items()
    }
    return Covers(since=max(map(datetime.fromisoformat, ends))), replace(after, places=kept)


def _left(place: Place | None, suspects: frozenset[str]) -> list[tuple[str, str]]:
    """Older suspects are named next time."""
    return [pair for pair in place.recent if pair[1] in suspects] if place else []


def _notes(cursor: Cursor) -> list[str]:
    if not cursor.private:
        return []
    many = len(cursor.private)
    came = "A private message" if many == 1 else f"{many} private messages"
    return [f"{came} came to this account: not kept here, to be answered in its own inbox."]
