"""The stand-in for X, Mastodon, Bluesky and the blog, each under its own name, limits and manners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from bot.core.items import AS_DRAFT, Action, Delivery, Media, Receipt
from bot.core.text import cost_usd, problem
from bot.networks.base import Misconfigured, Options, OutOfMoney, Refused, Unavailable
from bot.networks.rehearsal.address import address
from bot.networks.rehearsal.door import Door
from bot.networks.rehearsal.drawing import draw
from bot.networks.rehearsal.faults import AFTER_EFFECT, strike
from bot.networks.rehearsal.rows import Attempt, Post
from bot.networks.uploads import Uploads

_SKEW = timedelta(seconds=2)


class Rehearsal(Door):
    """Opened with ``extra["name"]`` it becomes that network; `api_url` is ``rehearsal:`` and the remote side's file."""

    def __new__(cls, options: Options, *_args: object, **_named: object) -> Self:
        """The class that plays the network asked for. Raises Misconfigured for a name that nobody plays."""
        played: type[Self] | None = PLAYED.get(str(options.extra.get("name", "")))
        if cls is not Rehearsal:
            return super().__new__(cls)
        if played is None:
            raise Misconfigured(f'The rehearsal plays {", ".join(PLAYED)}: say which as extra["name"].')
        return super().__new__(played)

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once, as this network would; what it did is on disk before it answers."""
        what = f"send {delivery.action}"
        uploads = Uploads(self._memory, self._now)
        self._must_take(delivery)
        self._media = uploads.of(delivery, self._upload)
        fault = self._fault(what)
        now = self._now()
        with self.remote.call(self.name, what, delivery.key, now) as attempt:
            if fault not in AFTER_EFFECT:
                strike(fault, self.label, now, sending=True)
            receipt = self._act(delivery, now, attempt)
            attempt.outcome = receipt.evidence or "done"
            strike(fault if fault in AFTER_EFFECT else None, self.label, now, sending=True)
        uploads.forget(delivery)
        return receipt

    def _upload(self, one: Media) -> int:
        """A picture comes before the post that shows it; what was uploaded in vain is never seen."""
        fault = self._fault("upload")
        now = self._now()
        with self.remote.call(self.name, "upload", one.hash, now) as attempt:
            if fault not in AFTER_EFFECT:
                strike(fault, self.label, now, sending=True)
            number = self.remote.upload(self.name, one.hash, one.alt)
            attempt.effect = True
            strike(fault if fault in AFTER_EFFECT else None, self.label, now, sending=True)
            return number

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
        if delivery.reply_to == AS_DRAFT:
            return self._draft(delivery, now, attempt)
        self._must_fit(delivery)
        if delivery.action is Action.EDIT:
            return self._edit(delivery, now, attempt)
        return self._create(delivery, now, attempt)

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        self._must_exist(delivery.reply_to or delivery.previous)
        return self._write(delivery, now, attempt)

    def _draft(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if self.name != "wordpress":
            raise Refused(f"{self.label} keeps no drafts for a person.")
        there = self._drafted(delivery)
        if there is not None:
            return self._receipt(there, "It is on the blog already.")
        native = self.remote.say(
            self.name, self.account, delivery.text, own=True, key=delivery.key, standing="held", written_at=now
        )
        attempt.effect = True
        return Receipt(native, address(self.name, self.account, native), now)

    def _drafted(self, delivery: Delivery) -> Post | None:
        return next((one for one in self.remote.posts(self.name, gone=True) if one.key == delivery.key), None)

    def _edit(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if "edit" not in self.acts:
            raise Refused(f"{self.label} cannot change a post.")
        post = self._own(delivery.target)
        if post is None:
            raise Refused(f"{self.label} has no such post of ours to change.")
        if post.text != delivery.text:
            self.remote.edit(self.name, delivery.target, delivery.text)
            attempt.effect = True
        if self._media and not self._shows(delivery):
            self.remote.attach(self.name, delivery.target, self._media)
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
        self.remote.attach(self.name, native, self._media)
        attempt.effect = True
        return Receipt(native, address(self.name, self.account, native), now)

    def _shows(self, delivery: Delivery) -> bool:
        there = [(one.hash, one.alt) for one in self.remote.shown(self.name, delivery.target)]
        return not delivery.pictures or there == [(one.hash, one.alt) for one in delivery.pictures]

    def _must_take(self, delivery: Delivery) -> None:
        limits = self.limits()
        if len(delivery.pictures) > limits.pictures:
            raise Refused(f"{self.label} takes {limits.pictures} pictures with one post.")
        if any(len(one.alt) > limits.alt_length for one in delivery.pictures):
            raise Refused(f"A description is too long for {self.label}.")

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
            done = post is not None and post.text == delivery.text and self._shows(delivery)
            return post if done else None
        if delivery.started_at is None:
            return None  # no call was begun, so nothing of it can be there
        if delivery.reply_to == AS_DRAFT:
            return self._drafted(delivery)
        begun, shown = delivery.started_at - _SKEW, now - self._lag
        recent = [post for post in self.remote.ours(self.name) if begun <= post.written_at <= shown]
        same = self._same(delivery, recent)
        return same[0] if len(same) == 1 else None

    def _receipt(self, post: Post, evidence: str = "", at: datetime | None = None) -> Receipt:
        return Receipt(post.native_id, address(self.name, post.author, post.native_id), at or post.written_at, evidence)


class PlayedX(Rehearsal):
    """X: no key, no edits, no identical text twice, no answer to people who did not name us; each post costs."""

    name: ClassVar[str] = "x"
    label: ClassVar[str] = "X"

    def send(self, delivery: Delivery) -> Receipt:
        """As every network, with the price set aside first and booked after."""
        limits = self.limits()
        price = cost_usd(delivery.text, limits) if delivery.action is Action.CREATE else 0.0
        price += limits.alt_cost_usd * len(delivery.pictures)
        ticket = self._memory.reserve(price) if price else 0
        if price and not ticket:
            raise OutOfMoney("The budget for X is used up: raise monthly_budget_usd or wait for the next month.")
        spent: float | None = None  # an answer that was lost may have cost its price
        try:
            receipt = super().send(delivery)
            spent = price
        except (Refused, Unavailable):
            spent = 0.0
            raise
        finally:
            if ticket:
                self._memory.settle(ticket, spent)
        return receipt

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

    def picture(self, url: str) -> bytes:
        """A drawing that stands for the photo of that address: nothing is fetched from anywhere."""
        fault = self._fault("picture")
        with self.remote.call(self.name, "picture", url, self._now()):
            strike(fault, self.label, self._now(), sending=False)
        return draw(url)

    def _create(self, delivery: Delivery, now: datetime, attempt: Attempt) -> Receipt:
        if not delivery.reply_to:
            raise Refused("The blog takes answers to comments, no posts of their own.")
        self._must_exist(delivery.reply_to)
        if same := self._same(delivery, self.remote.ours(self.name)):
            return self._receipt(same[0], "already there")
        return self._write(delivery, now, attempt)


PLAYED: dict[str, Any] = {played.name: played for played in (PlayedX, PlayedMastodon, PlayedBluesky, PlayedWordPress)}
