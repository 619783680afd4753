"""The reading half of a stand-in: what it shows of the remote side, and the faults it meets."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar
from unicodedata import normalize
from zoneinfo import ZoneInfo

from bot.core import bridges
from bot.core.items import (
    Checked,
    Covers,
    EntryPage,
    HealthLine,
    Item,
    Limits,
    Page,
    Poison,
    Reactions,
    Source,
    Standing,
)
from bot.core.liveblog import read_entries
from bot.core.text import default_limits
from bot.networks.base import Memory, Misconfigured, Now, Options, Unavailable
from bot.networks.rehearsal.address import ACCOUNTS, BLOG, address
from bot.networks.rehearsal.faults import Fault, plan, strike
from bot.networks.rehearsal.reading import Place, Window, read_on
from bot.networks.rehearsal.remote import Remote
from bot.networks.rehearsal.rows import Post

_STANDING = {
    "public": Standing.PUBLIC,
    "held": Standing.HELD,
    "spam": Standing.HIDDEN,
    "trash": Standing.HIDDEN,
    "gone": Standing.GONE,
}


class Door:
    """One network as it can be read; `network.Rehearsal` adds the writing.

    ``options.extra`` may hold `faults` (see `faults.plan`), `slow` (seconds of a slow answer), `lag` (seconds until a
    look at our own posts shows a new one), `overlap`, `sweep` (seconds) and `page` (posts).
    """

    name: ClassVar[str] = "rehearsal"
    label: ClassVar[str] = "The rehearsal"
    reads: ClassVar[frozenset[str]] = frozenset({"hashtag", "mentions"})
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "delete"})
    safe_repeat: timedelta = timedelta(0)

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        file = options.api_url.removeprefix("rehearsal:")
        if not file or file == options.api_url:
            raise Misconfigured('The rehearsal keeps its remote side in a file: set api_url = "rehearsal:FILE".')
        extra = options.extra
        self._memory, self._now, self._deadline = memory, now, options.deadline
        self.account = options.account or ACCOUNTS[self.name]
        try:
            self.remote = Remote(file, now)
        except (OSError, sqlite3.Error, Unavailable) as error:
            raise Misconfigured(f"The rehearsal cannot keep its remote side in {file}: {error}") from error
        self._plan = plan(extra.get("faults", {}))
        self._slow, self._lag = float(extra.get("slow", 0.5)), timedelta(seconds=float(extra.get("lag", 0)))
        seconds = {"overlap": float(extra.get("overlap", 600)), "sweep_every": float(extra.get("sweep", 30))}
        spans = {key: timedelta(seconds=value) for key, value in seconds.items()}
        self._window = Window(**spans, page=int(extra.get("page", 40)))

    def fetch(self, source: Source, cursor: str) -> Page:
        """What is new since `cursor` ("" at first contact)."""
        self._must_read(source.kind)
        fault = self._fault(f"read {source.kind}")
        now = self._now()
        with self.remote.call(self.name, f"read {source.kind}", source.address, now) as attempt:
            strike(fault, self.label, now, sending=False)
            page = self._comments(now) if source.kind == "comments" else self._timeline(source, cursor, now)
            attempt.outcome = f"{len(page.items)} items"
            return page

    def names(self) -> frozenset[str]:
        """Our account, and what bridges would make of it."""
        home = {"mastodon": f"{self.account.partition('@')[0]}@mastodon.example", "wordpress": "q.example"}
        return bridges.names(self.name, home.get(self.name, self.account))

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """How stored items stand now; an id that was never there is gone."""
        fault = self._fault("recheck")
        now = self._now()
        with self.remote.call(self.name, f"recheck {source.kind}", source.address, now) as attempt:
            strike(fault, self.label, now, sending=False)
            attempt.outcome = f"{len(native_ids)} items"
            return [self._checked(native) for native in native_ids]

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """The live blog as it stands; `cursor` is the revision that was read last."""
        self._must_read("liveblog")
        fault = self._fault("read liveblog")
        now = self._now()
        save = self.remote.blog()
        revision = str(save.revision) if save else ""
        with self.remote.call(self.name, "read liveblog", revision, now):
            strike(fault, self.label, now, sending=False)
            if save is None:
                raise Unavailable("The blog post of the rehearsal is not published yet.")
        try:
            posted = self.remote.published().astimezone(ZoneInfo(source.timezone)).date()
            page = read_entries(save.html, timezone=source.timezone, posted=posted, link=BLOG, title=save.title)
        except (ValueError, KeyError) as error:
            raise Misconfigured(f"The time zone {source.timezone!r} of the event is unknown.") from error
        return replace(page, cursor=revision, changed=revision != cursor)

    def _must_read(self, kind: str) -> None:
        if kind not in self.reads:
            raise Misconfigured(f"{self.label} has no {kind} to read: it has {', '.join(sorted(self.reads))}.")

    def _timeline(self, source: Source, cursor: str, now: datetime) -> Page:
        account = self.account if source.address == "me" else source.address

        def read(after: Place, limit: int) -> list[Post]:
            if source.kind == "hashtag":
                return self.remote.tagged(self.name, source.address, after, now, limit)
            return self.remote.mentioning(self.name, account, after, now, limit)

        reading = read_on(cursor, now, self._window, read)
        covers = Covers(since=reading.since) if reading.since else Covers()
        return self._page(reading.posts, reading.cursor, covers, more=reading.more)

    def _comments(self, now: datetime) -> Page:
        found = self.remote.comments(now)
        return self._page(found, str(max((post.n for post in found), default=0)), Covers(whole=True))

    def _page(self, posts: Sequence[Post], cursor: str, covers: Covers, *, more: bool = False) -> Page:
        items = tuple(self._item(post) for post in posts if not post.broken)
        poison = tuple(
            Poison(post.native_id, post.broken[:65536], "the answer holds no text") for post in posts if post.broken
        )
        return Page(items, cursor, covers, poison, more)

    def _item(self, post: Post) -> Item:
        handle = "" if self.name == "wordpress" else f"@{post.author.lstrip('@')}"
        return Item(
            network=self.name,
            native_id=post.native_id,
            text=normalize("NFC", post.text),
            author_id="" if self.name == "wordpress" and not post.own else f"{self.name}:{post.author}",
            author_name=normalize("NFC", post.name),
            author_handle=handle,
            written_at=post.written_at,
            url=address(self.name, post.author, post.native_id),
            lang=post.lang,
            parent_id=post.parent_id,
            root_id=post.root_id,
            standing=_STANDING[post.standing],
            own=post.own,
            repost=post.repost,
        )

    def _checked(self, native: str) -> Checked:
        post = self.remote.one(self.name, native)
        if post is None or post.standing == "gone":
            return Checked(native, Standing.GONE)
        readable = post.standing in ("public", "held")
        return Checked(native, _STANDING[post.standing], self._item(post) if readable else None)

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """What the cast of the rehearsal did with posts of ours: it answers, and never likes or passes on."""
        fault = self._fault("reactions")
        with self.remote.call(self.name, "reactions", " ".join(remote_ids), self._now()):
            strike(fault, self.label, self._now(), sending=False)
            there = (native for native in remote_ids if (post := self.remote.one(self.name, native)) and post.own)
            return {native: Reactions(replies=len(self.remote.answers(self.name, native))) for native in there}

    def limits(self) -> Limits:
        """What the network allows, as published; the stand-in has been asked, so nothing is assumed."""
        return replace(default_limits(self.name), assumed=False)

    def check(self) -> list[HealthLine]:
        """That this is only played, so nothing leaves the machine."""
        return [HealthLine("ok", f"{self.label} is played by the rehearsal: nothing leaves this machine.")]

    def close(self) -> None:
        """Let go of the file."""
        self.remote.close()

    def _fault(self, what: str) -> Fault | None:
        planned = self.remote.take_fault(self.name, what)
        fault = Fault(planned) if planned else None
        if fault is None and self._plan.strikes:
            fault = self._plan.draw(self.name, what, self.remote.counted(self.name, what))
        if fault is Fault.SLOW:
            time.sleep(min(self._slow, self._deadline * 0.9))
        return fault
