"""Did it go out after all? Our own timeline is read and compared; a wrong match is worse than none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.core.items import Action, Delivery, Receipt
from bot.core.length import clean
from bot.core.links import url_spans
from bot.core.unlinking import BREAK
from bot.networks.base import Memory, Now, OutOfMoney
from bot.networks.x import forms
from bot.networks.x.account import TOO_DEAR, Account
from bot.networks.x.answers import Answer
from bot.networks.x.client import LOOKUP, TIMELINE, Client
from bot.networks.x.money import Purse, TooDear

SKEW = timedelta(seconds=60)  # between our clock and theirs
SIZES = (100, 10, 5)
MOST_PAGES = 8  # the 800 posts that a timeline goes back
KEY = "ours"
MOST_KEPT = 300
PICTURE_BEHIND = re.compile(r"\s+https?://(?:x|twitter)\.com/\w{1,20}/status/\d+/photo/\d+/?$", re.ASCII)
NAME_IN_FRONT = re.compile(r"@\w{1,20}\s+", re.ASCII)
EVIDENCE = "Found among our own posts on X."


class Finder:
    """Looks for deliveries on our own timeline, and remembers which post is whose."""

    def __init__(self, client: Client, purse: Purse, account: Account, memory: Memory, now: Now) -> None:
        self._client, self._purse, self._account = client, purse, account
        self._memory, self._now = memory, now

    def remember(self, native: str, key: str) -> None:
        """That post is that delivery's: it is no other's, however alike their words are."""
        kept = [pair for pair in self._memory.get(KEY) or [] if pair[0] != native]
        self._memory.put(KEY, [*kept, [native, key]][-MOST_KEPT:])

    def find(self, delivery: Delivery) -> Receipt | None:
        """The post of that delivery, or the proof that a removal has happened."""
        if delivery.action is Action.DELETE:
            return self._removed(delivery)
        if delivery.action is not Action.CREATE or delivery.started_at is None:
            return None
        return self.since(delivery, delivery.started_at - SKEW, EVIDENCE)

    def since(self, delivery: Delivery, begun: datetime, evidence: str) -> Receipt | None:
        """The one post of ours since `begun` with these words and under that post; None if there is none, or two."""
        taken = {native for native, key in self._memory.get(KEY) or [] if key != delivery.key}
        parent = parent_of(delivery)
        near = [
            post
            for post in self._timeline(begun)
            if post.item.native_id not in taken and not post.item.repost and post.replied_to == parent
        ]
        words = folded(delivery.text)
        same = [post for post in near if words in _readings(post)]
        same = same or [post for post in self._first_versions(near) if words in _readings(post)]
        if len(same) != 1:
            return None
        found = same[0].item
        self.remember(found.native_id, delivery.key)
        return Receipt(found.native_id, self.url(found.native_id), found.written_at or self._now(), evidence)

    def _first_versions(self, posts: list[forms.Post]) -> list[forms.Post]:
        """As they were before somebody edited them by hand; each costs a read."""
        ids = [post.item.native_id for post in posts if post.edited][: SIZES[-1]]
        return forms.read_all(self._look_up(ids).data)[0] if ids else []

    def url(self, native: str) -> str:
        """Where a post of ours is seen."""
        return forms.address(native, self._account.me().handle)

    def _timeline(self, begun: datetime) -> Iterator[forms.Post]:
        me = self._account.me()
        params = {"since_id": str(forms.snowflake(begun)), "exclude": "retweets", "tweet.fields": forms.FIELDS}
        token = ""
        for _ in range(MOST_PAGES):
            answer = self._page(f"/2/users/{me.id}/tweets", {**params, "pagination_token": token})
            yield from forms.read_all(answer.data, me)[0]
            token = str(answer.meta.get("next_token") or "")
            if not token:
                return

    def _page(self, route: str, params: dict[str, str]) -> Answer:
        price = self._purse.mention  # what our own timeline costs goes by the same rule
        for size in SIZES:
            try:
                with self._purse.paying(size * self._purse.prices[price]) as bill:
                    answer = self._client.get(TIMELINE, route, {**params, "max_results": size})
                    rows = answer.data if isinstance(answer.data, list) else []
                    bill.usd = self._purse.charge([str(row["id"]) for row in rows if forms.is_post(row)], price)
                    return answer
            except TooDear:
                continue
        raise OutOfMoney(TOO_DEAR)

    def _removed(self, delivery: Delivery) -> Receipt | None:
        answer = self._look_up([delivery.target])
        gone = not answer.data and any(forms.speaks_of(one) == delivery.target for one in answer.errors)
        return Receipt(delivery.target, "", self._now(), "It is gone from X.") if gone else None

    def _look_up(self, ids: list[str]) -> Answer:
        try:
            with self._purse.paying(len(ids) * self._purse.prices["post"]) as bill:
                answer = self._client.get(LOOKUP, "/2/tweets", {"ids": ",".join(ids), "tweet.fields": forms.FIELDS})
                rows = answer.data if isinstance(answer.data, list) else []
                bill.usd = self._purse.charge([str(row["id"]) for row in rows if forms.is_post(row)], "post")
                return answer
        except TooDear:
            raise OutOfMoney(TOO_DEAR) from None


def parent_of(delivery: Delivery) -> str:
    """What a post hangs under: the part before it, else what it answers; "" if it stands by itself."""
    return delivery.previous or delivery.reply_to


def _readings(post: forms.Post) -> Iterator[str]:
    """Its words, without the link to its picture; in a reply also without the names that X puts in front."""
    text = PICTURE_BEHIND.sub("", post.item.text)
    yield folded(text)
    while post.replied_to and (name := NAME_IN_FRONT.match(text)):
        text = text[name.end() :]
        yield folded(text)


def folded(text: str) -> str:
    """The text in NFC, white space folded, links without what X adds or takes away at their ends."""
    text = clean(text).replace(BREAK, "")
    pieces, at = [], 0
    for span in url_spans(text):
        link = re.sub(r"^https?://", "", span.text, flags=re.IGNORECASE).rstrip("/")
        host, slash, rest = link.partition("/")
        pieces += [text[at : span.start], host.lower(), slash, rest]
        at = span.end
    return " ".join("".join([*pieces, text[at:]]).split())
