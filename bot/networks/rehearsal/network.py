"""The stand-in for X, Mastodon, Bluesky and the blog, each under its own name, limits and manners."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from unicodedata import normalize
from zoneinfo import ZoneInfo

from bot.core.items import (
    Action,
    Checked,
    Covers,
    Delivery,
    EntryPage,
    HealthLine,
    Item,
    Limits,
    Page,
    Poison,
    Receipt,
    Source,
    Standing,
)
from bot.core.liveblog import read_entries
from bot.core.text import cost_usd, default_limits, problem
from bot.networks.base import Memory, Misconfigured, Now, Options, OutOfMoney, Refused, Unavailable
from bot.networks.rehearsal.address import ACCOUNTS, BLOG, address
from bot.networks.rehearsal.faults import AFTER_EFFECT, Fault, plan, strike
from bot.networks.rehearsal.reading import Place, Window, read_on
from bot.networks.rehearsal.remote import Attempt, Post, Remote

_STANDING = {
    "public": Standing.PUBLIC,
    "held": Standing.HELD,
    "spam": Standing.HIDDEN,
    "trash": Standing.HIDDEN,
    "gone": Standing.GONE,
}
_SKEW = timedelta(seconds=2)


class Rehearsal:
    """Opened with ``extra["name"]`` it becomes that network; `api_url` is ``rehearsal:`` and the remote side's file.

    ``extra`` may hold `faults` (see `faults.plan`), `slow` (seconds of a slow answer), `lag` (seconds until a look
    at our own posts shows a new one), `overlap`, `sweep` (seconds) and `page` (posts).
    """

    name: ClassVar[str] = "rehearsal"
    label: ClassVar[str] = "The rehearsal"
    reads: ClassVar[frozenset[str]] = frozenset({"hashtag", "mentions"})
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "delete"})
    safe_repeat: timedelta = timedelta(0)

    def __new__(cls, options: Options, *_args: object, **_named: object) -> Self:
        """The class that plays the network asked for. Raises Misconfigured for a name that nobody plays."""
        played: type[Self] | None = PLAYED.get(str(options.extra.get("name", "")))
        if cls is not Rehearsal:
            return super().__new__(cls)
        if played is None:
            raise Misconfigured(f'The rehearsal plays {", ".join(PLAYED)}: say which as extra["name"].')
        return super().__new__(played)

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        file = options.api_url.removeprefix("rehearsal:")
        if not file or file == options.api_url:
            raise Misconfigured('The rehearsal keeps its remote side in a file: set api_url = "rehearsal:FILE".')
        extra = options.extra
        self._memory, self._now, self._deadline = memory, now, options.deadline
        self.account = options.account or ACCOUNTS[self.name]
        self.remote = Remote(file, now)
        self._plan = plan(extra.get("faults", {}))
        self._slow, self._lag = float(extra.get("slow", 0.5)), timedelta(seconds=float(extra.get("lag", 0)))
        seconds = {"overlap": float(extra.get("overlap", 600)), "sweep_every": float(extra.get("sweep", 30))}
        spans = {key: timedelta(seconds=value) for key, value in seconds.items()}
        self._window = Window(**spans, page=int(extra.get("page", 40)))

    # -- reading -------------------------------------------------------------------------------

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

    # -- writing -------------------------------------------------------------------------------

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once, as this network would; what it did is on disk before it answers."""
        what = f"send {delivery.action}"
        fault = self._fault(what)
        now = self._now()
        with self.remote.call(self.name, what, delivery.key, now) as attempt:
            if fault not in AFTER_EFFECT:
                strike(fault, self.label, now, sending=True)
            receipt = self._act(delivery, now, attempt)
            attempt.outcome = receipt.evidence or "done"
            strike(fault if fault in AFTER_EFFECT else None, self.label, now, sending=True)
            return receipt

    def find(self, delivery: Delivery) -> Receipt | None:
        """Did it go out after all? Looks at our own posts, which may show a new one late."""
        fault = self._fault("find")
        now = self._now()
        with self.remote.call(self.name, "find", delivery.key, now) as attempt:
            strike(fault, self.label, now, sending=False)
            post = self._sought(delivery, now)
            attempt.outcome = f"found {post.native_id}" if post else "not found"
            return self._receipt(post, "found among our own posts") if post else None

    def _act(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if delivery.action is Action.DELETE:
            return self._delete(delivery, now, attempt)
        self._must_fit(delivery)
        if delivery.action is Action.EDIT:
            return self._edit(delivery, now, attempt)
        return self._create(delivery, now, attempt)

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        self._must_exist(delivery.reply_to or delivery.previous)
        return self._write(delivery, now, attempt)

    def _edit(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if "edit" not in self.acts:
            raise Refused(f"{self.label} cannot change a post.")
        post = self._own(delivery.target)
        if post is None:
            raise Refused(f"{self.label} has no such post of ours to change.")
        if post.text != delivery.text:
            self.remote.edit(self.name, delivery.target, delivery.text)
            attempt.effect = True
        return self._receipt(post, "" if attempt.effect else "already so", at=now)

    def _delete(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        post = self.remote.one(self.name, delivery.target)
        if post is None or not post.own:
            raise Refused(f"{self.label} has no such post of ours to delete.")
        if post.standing != "gone":
            self.remote.delete(self.name, delivery.target)
            attempt.effect = True
        return self._receipt(post, "" if attempt.effect else "already gone", at=now)

    def _write(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        native = self.remote.say(
            self.name,
            self.account,
            delivery.text,
            own=True,
            key=delivery.key,
            link=delivery.link,
            lang=delivery.lang,
            reply_to=delivery.reply_to or delivery.previous,
            root=delivery.reply_root or delivery.first,
            written_at=now,
        )
        attempt.effect = True
        return Receipt(native, address(self.name, self.account, native), now)

    def _must_fit(self, delivery: Delivery) -> None:
        if wrong := problem(delivery.text, self.limits()):
            raise Refused(wrong)

    def _must_exist(self, native: str) -> Post | None:
        post = self.remote.one(self.name, native) if native else None
        if native and (post is None or post.standing == "gone"):
            raise Refused(f"The post to answer is no longer on {self.label}.")
        return post

    def _own(self, native: str) -> Post | None:
        post = self.remote.one(self.name, native)
        return post if post is not None and post.own and post.standing != "gone" else None

    def _same(self, delivery: Delivery, posts: Sequence[Post]) -> list[Post]:
        parent = delivery.reply_to or delivery.previous
        return [post for post in posts if post.text == delivery.text and post.parent_id == parent]

    def _sought(self, delivery: Delivery, now: datetime) -> Post | None:
        if delivery.action is Action.DELETE:
            post = self.remote.one(self.name, delivery.target)
            return post if post is not None and post.own and post.standing == "gone" else None
        if delivery.action is Action.EDIT:
            post = self._own(delivery.target)
            return post if post is not None and post.text == delivery.text else None
        if delivery.started_at is None:
            return None  # no call was begun, so nothing of it can be there
        begun, shown = delivery.started_at - _SKEW, now - self._lag
        recent = [post for post in self.remote.ours(self.name) if begun <= post.written_at <= shown]
        same = self._same(delivery, recent)
        return same[0] if len(same) == 1 else None

    def _receipt(self, post: Post, evidence: str = "", at: datetime | None = None) -> Receipt:
        return Receipt(post.native_id, address(self.name, post.author, post.native_id), at or post.written_at, evidence)

    # -- the rest of the contract --------------------------------------------------------------

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
        if fault is None:
            fault = self._plan.draw(self.name, what, self.remote.counted(self.name, what))
        if fault is Fault.SLOW:
            time.sleep(min(self._slow, self._deadline * 0.9))
        return fault


class PlayedX(Rehearsal):
    """X: no key, no edits, no identical text twice, no answer to people who did not name us; each post costs."""

    name: ClassVar[str] = "x"
    label: ClassVar[str] = "X"

    def send(self, delivery: Delivery) -> Receipt:
        """As every network, with the price set aside first and booked after."""
        price = cost_usd(delivery.text, self.limits()) if delivery.action is Action.CREATE else 0.0
        if not self._memory.reserve(price):
            raise OutOfMoney("The budget for X is used up: raise monthly_budget_usd or wait for the next month.")
        spent = price  # an answer that was lost may have cost its price
        try:
            return super().send(delivery)
        except (Refused, Unavailable):
            spent = 0.0
            raise
        finally:
            self._memory.settle(price, spent)

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        parent = self._must_exist(delivery.reply_to or delivery.previous)
        if parent is not None and not parent.own and not self._named_by(parent):
            raise Refused(
                "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged."
            )
        if any(post.text == delivery.text for post in self.remote.ours(self.name)):
            raise Refused("You are not allowed to create a post with duplicate content.")
        return self._write(delivery, now, attempt)

    def _named_by(self, post: Post) -> bool:
        answered = self.remote.one(self.name, post.parent_id) if post.parent_id else None
        return f"@{self.account.lstrip('@')}".lower() in post.text.lower() or (answered is not None and answered.own)


class PlayedMastodon(Rehearsal):
    """Mastodon: the same idempotency key within the hour answers with the same post; edits in place."""

    name: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "edit", "delete"})
    safe_repeat: timedelta = timedelta(minutes=50)

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        for post in self.remote.ours(self.name):
            if post.key == delivery.key and now - post.written_at <= timedelta(hours=1):
                return self._receipt(post, "the same idempotency key was there")
        return super()._create(delivery, now, attempt)


class PlayedBluesky(Rehearsal):
    """Bluesky: our key is the record key, so the same key again is "already there", for ever; edits do not show."""

    name: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    safe_repeat: timedelta = timedelta.max

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        post = self._record(delivery.key)
        if post is None:
            return super()._create(delivery, now, attempt)
        if post.standing == "gone":
            raise Refused("This record was written once and deleted since; Bluesky would bring it back.")
        return self._receipt(post, "already there")

    def _sought(self, delivery: Delivery, now: datetime) -> Post | None:
        if delivery.action is Action.CREATE:
            return self._record(delivery.key)
        return super()._sought(delivery, now)

    def _record(self, key: str) -> Post | None:
        return next((post for post in self.remote.ours(self.name, gone=True) if post.key == key), None)


class PlayedWordPress(Rehearsal):
    """The blog: its comments, held ones too, answers to them, and the live blog itself."""

    name: ClassVar[str] = "wordpress"
    label: ClassVar[str] = "The blog"
    reads: ClassVar[frozenset[str]] = frozenset({"comments", "liveblog"})
    acts: ClassVar[frozenset[str]] = frozenset({"reply", "delete"})
    safe_repeat: timedelta = timedelta.max

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if not delivery.reply_to:
            raise Refused("The blog takes answers to comments, no posts of their own.")
        self._must_exist(delivery.reply_to)
        if same := self._same(delivery, self.remote.ours(self.name)):
            return self._receipt(same[0], "already there")
        return self._write(delivery, now, attempt)


PLAYED: dict[str, Any] = {played.name: played for played in (PlayedX, PlayedMastodon, PlayedBluesky, PlayedWordPress)}
