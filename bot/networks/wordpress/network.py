"""The WordPress network: comments as sets, replies that are safe to repeat, the live blog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from bot.core import bridges
from bot.core.items import (
    AS_DRAFT,
    Action,
    Checked,
    Delivery,
    EntryPage,
    HealthLine,
    Limits,
    Page,
    Receipt,
    Source,
)
from bot.core.limits import default_limits
from bot.networks.base import Memory, Misconfigured, Now, Options, Refused, Unavailable
from bot.networks.documents import Documents
from bot.networks.guard import within
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress import drafts
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.blogs import read_live_blog
from bot.networks.wordpress.checks import health
from bot.networks.wordpress.replies import Replies
from bot.networks.wordpress.site import NoPost, Site
from bot.networks.wordpress.threads import Threads


class WordPress:
    """Comments of a post or blog, threaded replies to them, and the live blog as entries."""

    name: ClassVar[str] = "wordpress"
    reads: ClassVar[frozenset[str]] = frozenset({"comments", "liveblog"})
    acts: ClassVar[frozenset[str]] = frozenset({"reply", "delete"})
    # The site's duplicate check has no end, but it forgets a reply that a moderator has trashed meanwhile.
    safe_repeat = timedelta(days=1)

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self.site = Site(options, memory, now)
        self._documents = Documents(options.deadline, now)
        self.key = forms.site_key(options.api_url)
        self.deadline = options.deadline
        self.threads = Threads(self.site, self.key, options, now)
        self.replies = Replies(self.site, self.threads, self.key, now)
        self.reread = timedelta(seconds=float(options.extra.get("reread_seconds", 180)))
        self._now = now

    def fetch(self, source: Source, cursor: str) -> Page:
        """The comments as a set; none where there is no post of WordPress."""
        with self._reading("comments"):
            try:
                place = self.site.place(source.address)
            except NoPost as no:
                return Page((), cursor, note=f"{no} So it has no comments that could be read.")
            return self.threads.fetch(place, cursor)

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """How these comments stand: public, held, hidden (spam, trash, taken back) or gone for good."""
        with self._reading("comments"):
            return self.threads.recheck(native_ids)

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """The live blog as it stands: the entries of one post, each new post of a blog or category, a feed, a page."""
        with self._reading("live blog"):
            return read_live_blog(self.site, self._documents, source, cursor, self._now, self.reread)

    def send(self, delivery: Delivery) -> Receipt:
        """A threaded reply, the removal of one of ours, or a draft. Safe to repeat: a duplicate is known."""
        with within(self.deadline):
            me = self.site.me()
            if not me.number:
                raise Misconfigured(
                    "A reply needs an account on the blog: set WORDPRESS_USER and WORDPRESS_APP_PASSWORD."
                )
            if delivery.action is Action.DELETE:
                return self.replies.delete(delivery)
            if delivery.action is Action.EDIT:
                raise Refused("A comment on the blog is not edited from here: edit it on the blog.")
            if delivery.reply_to == AS_DRAFT:
                return drafts.write(self.site, me, delivery, self._now)
            return self.replies.send(delivery, me)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Our reply under that comment with these very words, or the proof that a removal has happened."""
        with self._reading("comments"):
            me = self.site.me()
            if delivery.action is Action.DELETE:
                return self.replies.find_removal(delivery)
            if delivery.reply_to == AS_DRAFT:
                return drafts.find(self.site, me, delivery, self._now)
            return self.replies.find(delivery, me) if me.number else None

    def limits(self) -> Limits:
        """A comment holds 65,525 bytes whatever the site; nothing costs money."""
        return replace(default_limits(self.name), assumed=False)

    def names(self) -> frozenset[str]:
        """The names under which bridges show the blog itself on other networks."""
        return bridges.names(self.name, self.site.host)

    def check(self) -> list[HealthLine]:
        """What is connected, missing or wrong, without posting."""
        with within(self.deadline):
            return health(self.site)

    def close(self) -> None:
        """Let go of connections."""
        self.site.http.close()
        self._documents.close()

    @contextmanager
    def _reading(self, what: str) -> Iterator[None]:
        """One deadline over all calls of a read, and no refusal that is not one: it may be public again soon."""
        with within(self.deadline):
            try:
                yield
            except Answered as no:
                raise Unavailable(f"The {what} cannot be read on {self.site.host} ({no.code or no.status}).") from None
