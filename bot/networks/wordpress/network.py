"""The WordPress network: comments as sets, replies that are safe to repeat, the live blog."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from bot.core import bridges
from bot.core.items import (
    AS_DRAFT,
    Action,
    Checked,
    Covers,
    Delivery,
    EntryPage,
    HealthLine,
    Limits,
    Page,
    Receipt,
    Source,
    Standing,
)
from bot.core.limits import default_limits
from bot.networks.base import Memory, Misconfigured, NetworkFailure, NoAnswer, Now, Options, Refused, Unavailable
from bot.networks.documents import Documents
from bot.networks.guard import within
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress import drafts
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.blogs import read_live_blog
from bot.networks.wordpress.checks import health
from bot.networks.wordpress.posts import public_posts
from bot.networks.wordpress.site import Me, NoPost, Place, Site

ROUTE = "wp/v2/comments"
MOST_PAGES = 200
WALKS = 3
HIDDEN_CODES = frozenset(
    {"rest_cannot_read", "rest_forbidden", "rest_cannot_read_post", "rest_comment_invalid_post_id"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """The cursor of a comment thread: ids as of the last read, the last whole walk, rows that the site only counts."""

    ids: tuple[int, ...] = ()
    walked: str = ""
    uncounted: int = 0

    @classmethod
    def read(cls, cursor: str) -> Known:
        """From its stored form; anything else is a first contact."""
        try:
            said = json.loads(cursor or "{}")
            return cls(tuple(said["ids"]), said["walked"], said["uncounted"])
        except (ValueError, KeyError, TypeError):
            return cls()

    def write(self) -> str:
        """Its stored form."""
        return json.dumps({"ids": self.ids, "walked": self.walked, "uncounted": self.uncounted}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Walk:
    """A thread read from end to end. `steady`: nothing moved meanwhile."""

    rows: list[Any]
    uncounted: int
    steady: bool


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
        self.per_page = int(options.extra.get("per_page", 100))
        self.walk_every = timedelta(seconds=float(options.extra.get("walk_seconds", 600)))
        self.reread = timedelta(seconds=float(options.extra.get("reread_seconds", 180)))
        self._now = now

    def fetch(self, source: Source, cursor: str) -> Page:
        """The comments as a set: one request up to a hundred, a whole walk when the counts do not add up."""
        with self._reading("comments"):
            try:
                place = self.site.place(source.address)
            except NoPost as no:
                return Page((), cursor, note=f"{no} So it has no comments that could be read.")
            me = self.site.me()
            query = self._query(place, me)
            if query is None:
                return Page((), Known(walked=self._now().isoformat()).write(), Covers(whole=True))
            known = Known.read(cursor)
            rows, headers = self.site.read(ROUTE, {**query, "page": 1}, list)
            numbers = _numbers(rows)
            lowest = min(numbers, default=0)
            below = tuple(number for number in known.ids if number < lowest)
            adds_up = headers.get("x-wp-total") == str(len(rows) + len(below) + known.uncounted)
            if known.walked and not below and adds_up:
                return self._page(rows, me, Known(numbers, known.walked, known.uncounted), Covers(whole=True))
            if known.walked and adds_up and self._now() - datetime.fromisoformat(known.walked) < self.walk_every:
                spoken_of = {forms.native_id(self.key, number) for number in known.ids if number >= lowest}
                seen = Known(numbers + below, known.walked, known.uncounted)
                return self._page(rows, me, seen, Covers(ids=frozenset(spoken_of)))
            return self._whole(query, me, known)

    def _whole(self, query: dict[str, Any], me: Me, known: Known) -> Page:
        walk = self._walk(query)
        numbers = _numbers(walk.rows)
        if walk.steady:
            seen = Known(numbers, self._now().isoformat(), walk.uncounted)
            return self._page(walk.rows, me, seen, Covers(whole=True))
        seen = Known(tuple(sorted({*numbers, *known.ids}, reverse=True)), known.walked, known.uncounted)
        page = self._page(walk.rows, me, seen, Covers())
        return replace(page, more=True, note="The comments kept changing while they were read.")

    def _page(self, rows: list[Any], me: Me, seen: Known, covers: Covers) -> Page:
        items, poison = forms.read_all(rows, self.key, me.number)
        return Page(items, seen.write(), covers, poison)

    def _query(self, place: Place, me: Me) -> dict[str, Any] | None:
        """What lists a place's comments; None if there is no post that could have any."""
        posts = [place.number] if place.number else public_posts(self.site, place)
        if not posts:
            return None
        query = {"post": ",".join(map(str, posts)), "orderby": "id", "order": "desc", "per_page": self.per_page}
        return {**query, "_fields": forms.FIELDS, **({"status": "all"} if me.moderates else {})}

    def _walk(self, query: dict[str, Any]) -> Walk:
        """All pages. They shift under the reader, so counts must agree, or two walks see the very same."""
        before: tuple[Any, ...] = ()
        for _ in range(WALKS):
            rows, totals = self._pages(query)
            numbers = _numbers(rows)
            uncounted = (int(totals[-1]) if totals[-1].isdecimal() else len(rows)) - len(rows)
            alike = len(set(totals)) == 1 and len(set(numbers)) == len(numbers)
            if alike and (uncounted == 0 or before == (numbers, totals)):
                return Walk(rows, uncounted, steady=True)
            before = (numbers, totals)
        return Walk(_distinct(rows), 0, steady=False)

    def _pages(self, query: dict[str, Any]) -> tuple[list[Any], list[str]]:
        rows: list[Any] = []
        totals: list[str] = []
        for number in range(1, MOST_PAGES + 1):
            page, headers = self.site.read(ROUTE, {**query, "page": number}, list)
            rows += page
            totals.append(headers.get("x-wp-total", ""))
            pages = headers.get("x-wp-totalpages", "")
            if (pages.isdecimal() and number >= int(pages)) or not page:
                break
        return rows, totals

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """How these comments stand: public, held, hidden (spam, trash, taken back) or gone for good."""
        numbers = {number: native for native in native_ids if (number := forms.number_in(self.key, native))}
        with self._reading("comments"):
            me = self.site.me()
            found: dict[int, Any] = {}
            asked = sorted(numbers)
            for start in range(0, len(asked), 100):
                found |= self._listed(asked[start : start + 100], me)
            return [self._checked(native, found.get(number), number, me) for number, native in numbers.items()]

    def _listed(self, numbers: list[int], me: Me) -> dict[int, Any]:
        query: dict[str, Any] = {"include": ",".join(map(str, numbers)), "per_page": 100, "_fields": forms.FIELDS}
        rows, _ = self.site.read(ROUTE, {**query, **({"status": "all"} if me.moderates else {})}, list)
        return {number: row for row in rows if (number := forms.number_of(row))}

    def _checked(self, native: str, row: Any, number: int, me: Me) -> Checked:
        if row is None:
            try:
                row = self._one(number, me)
            except Answered as no:
                gone = no.code == "rest_comment_invalid_id" or no.status == 410
                if not gone and no.code not in HIDDEN_CODES:
                    raise
                return Checked(native, Standing.GONE if gone else Standing.HIDDEN)
        try:
            item = forms.to_item(row, self.key, me.number)
        except forms.Unreadable:
            return Checked(native, forms.standing_of(row))
        return Checked(native, item.standing, item if item.standing is not Standing.HIDDEN else None)

    def _one(self, number: int, me: Me) -> dict[str, Any]:
        context = {"context": "edit"} if me.moderates else {}
        row: dict[str, Any] = self.site.read(f"{ROUTE}/{number}", {"_fields": forms.FIELDS, **context}, dict)[0]
        return row

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
                return self._delete(delivery)
            if delivery.action is Action.EDIT:
                raise Refused("A comment on the blog is not edited from here: edit it on the blog.")
            if delivery.reply_to == AS_DRAFT:
                return drafts.write(self.site, me, delivery, self._now)
            return self._reply(delivery, me)

    def _reply(self, delivery: Delivery, me: Me) -> Receipt:
        parent = self._parent(delivery, me)
        content = forms.to_content(delivery.text, delivery.link)
        body = {"post": parent["post"], "parent": forms.number_in(self.key, delivery.reply_to), "content": content}
        try:
            made = self.site.write("POST", ROUTE, {"_fields": forms.FIELDS}, body)
        except Answered as no:
            if no.code == "comment_duplicate":
                return self._there_already(delivery, me, parent)
            if no.code == "rest_comment_closed":
                raise Refused("Comments are closed under that post: open them on the blog, then send again.") from None
            raise
        return self._receipt(made, "")

    def _there_already(self, delivery: Delivery, me: Me, parent: dict[str, Any]) -> Receipt:
        evidence = "The blog says that this very reply is there already."
        try:
            there = self._find_reply(delivery, me)
        except NetworkFailure as failure:
            raise NoAnswer(f"{evidence} It could not be looked up: {failure}") from None
        if there:
            return replace(there, evidence=evidence)
        return Receipt("", str(parent.get("link") or ""), self._now(), evidence)

    def _parent(self, delivery: Delivery, me: Me) -> dict[str, Any]:
        """The comment that is answered. WordPress would hang a reply from one that does not exist."""
        number = forms.number_in(self.key, delivery.reply_to)
        if number is None:
            raise Refused("On the blog only a comment can be answered; this is not one of its comments.")
        try:
            parent = self._one(number, me)
        except Answered as no:
            if no.code == "rest_comment_invalid_id":
                raise Refused("The comment has been deleted on the blog, so it cannot be answered there.") from None
            raise Refused("The comment is not public on the blog: approve it there, then send again.") from None
        if not isinstance(parent.get("post"), int):
            raise Unavailable(f"{self.site.host} did not say which post the comment is under.")
        if forms.standing_of(parent) is not Standing.PUBLIC:
            raise Refused("The comment is not public on the blog: approve it there, then send again.")
        return parent

    def _delete(self, delivery: Delivery) -> Receipt:
        number = forms.number_in(self.key, delivery.target)
        if number is None:
            raise Refused("That is not a comment on this blog.")
        try:
            self._trash(number)
        except Answered as no:
            if no.code not in ("rest_comment_invalid_id", "rest_already_trashed") and no.status != 410:
                raise
            return Receipt(delivery.target, "", self._now(), "It was gone from the blog already.")
        return Receipt(delivery.target, "", self._now())

    def _trash(self, number: int) -> None:
        try:
            self.site.write("DELETE", f"{ROUTE}/{number}", {"_fields": forms.FIELDS})
        except Answered as no:
            if no.code != "rest_trash_not_supported":
                raise
            self.site.write("DELETE", f"{ROUTE}/{number}", {"force": "true"})

    def find(self, delivery: Delivery) -> Receipt | None:
        """Our reply under that comment with these very words, or the proof that a removal has happened."""
        with self._reading("comments"):
            me = self.site.me()
            if delivery.action is Action.DELETE:
                checks = self.recheck(Source(0, self.name, "comments", ""), [delivery.target])
                gone = any(check.standing in (Standing.HIDDEN, Standing.GONE) for check in checks)
                return Receipt(delivery.target, "", self._now(), "It is gone from the blog.") if gone else None
            if delivery.reply_to == AS_DRAFT:
                return drafts.find(self.site, me, delivery, self._now)
            return self._find_reply(delivery, me) if me.number else None

    def _find_reply(self, delivery: Delivery, me: Me) -> Receipt | None:
        parent = forms.number_in(self.key, delivery.reply_to)
        if parent is None or delivery.action is not Action.CREATE:
            return None
        content = forms.to_content(delivery.text, delivery.link)
        query: dict[str, Any] = {"parent": parent, "per_page": 100, "orderby": "id", "order": "desc"}
        query |= {"_fields": forms.FIELDS, **({"context": "edit"} if me.moderates else {})}
        query |= {"author": me.number} if me.edits else {}
        for status in ("all", "spam") if me.moderates else ("all",) if me.edits else ("",):
            rows, _ = self.site.read(ROUTE, {**query, **({"status": status} if status else {})}, list)
            for row in rows:
                if forms.number_of(row) and row.get("author") == me.number and forms.same_words(row, content):
                    return self._receipt(row, "Found under the comment on the blog.")
        return None

    def _receipt(self, comment: dict[str, Any], evidence: str) -> Receipt:
        number = forms.number_of(comment)
        if number is None:
            raise NoAnswer(f"{self.site.host} accepted the reply and did not say its number.")
        if forms.standing_of(comment) is not Standing.PUBLIC:
            evidence = f"{evidence} It waits for approval on the blog.".strip()
        at = forms.instant(comment.get("date_gmt")) or self._now()
        return Receipt(forms.native_id(self.key, number), str(comment.get("link") or ""), at.astimezone(UTC), evidence)

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


def _numbers(rows: list[Any]) -> tuple[int, ...]:
    return tuple(number for row in rows if (number := forms.number_of(row)))


def _distinct(rows: list[Any]) -> list[Any]:
    return list({forms.number_of(row) or id(row): row for row in rows}.values())
