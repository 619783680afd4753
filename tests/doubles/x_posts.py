"""What exists on the double of X: accounts, posts with their versions, and who is shown what, when."""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from bot.core.links import cashtags, has_link, hashtags, mentions

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
MOST_EDITS = 5
EDIT_TIME = timedelta(hours=1)
WORD = re.compile(r"\w+")


def snowflake(at: datetime) -> int:
    """The lowest id of a post that was made at `at` (aware)."""
    return max(0, (at - EPOCH) // timedelta(milliseconds=1) << 22)


def folded(text: str) -> str:
    """The text as search compares it: without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


@dataclass
class Account:
    """One account, and the pair of keys that lets the app act for it."""

    id: str
    handle: str
    name: str
    token: str
    secret: str
    protected: bool = False
    suspended: bool = False
    premium: bool = False


@dataclass(eq=False)
class Post:
    """One version of a post. `text` is what was typed, behind the names that X puts before a reply."""

    id: int
    author: Account
    typed: str
    text: str
    at: datetime
    visible_at: datetime
    conversation: int
    lang: str
    reply_to: Post | None = None
    quotes: Post | None = None
    repost_of: Post | None = None
    nullcast: bool = False
    deleted: bool = False
    versions: list[Post] = field(default_factory=list, repr=False)  # oldest first, shared by all of them
    media: tuple[str, ...] = ()
    metrics: dict[str, int] = field(default_factory=dict)  # what people did with it

    @cached_property
    def tags(self) -> frozenset[str]:
        """Its hashtags, folded."""
        return frozenset(map(folded, hashtags(self.text)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The handles it mentions, in lower case."""
        return frozenset(name.lower() for name in mentions(self.text))

    @cached_property
    def symbols(self) -> frozenset[str]:
        """Its stock symbols, in lower case."""
        return frozenset(symbol.lower() for symbol in cashtags(self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in their order, folded."""
        return tuple(WORD.findall(folded(self.text)))

    @cached_property
    def linked(self) -> bool:
        """Whether X makes a part of it into a link."""
        return has_link(self.text)

    def engages(self, account: Account) -> bool:
        """Whether its author called `account`: by name, or by quoting it."""
        return account.handle.lower() in self.names or bool(self.quotes and self.quotes.author is account)


class World:
    """All accounts and posts. Its callers hold the server's lock."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.posts: dict[int, Post] = {}
        self.rendered: dict[tuple[int, int], dict[str, Any]] = {}
        self._order: list[int] = []
        self._numbers = itertools.count(1_500_000_001)

    def account(self, handle: str) -> Account:
        """The account of that handle; made if there is none."""
        key = handle.lstrip("@").lower()
        if key not in self.accounts:
            number = str(next(self._numbers))
            token, secret = f"{number}-token-of-{key}", f"secret-of-{key}"
            self.accounts[key] = Account(number, handle.lstrip("@"), handle.lstrip("@"), token, secret)
        return self.accounts[key]

    def account_of(self, number: str) -> Account | None:
        """The account with that id."""
        return next((account for account in self.accounts.values() if account.id == number), None)

    def add(self, post: Post) -> Post:
        """Keep a new post under an id of its own, as near to its time as is free."""
        post.id = snowflake(post.at)
        while post.id in self.posts:
            post.id += 1
        post.conversation = post.conversation or post.id
        post.versions.append(post)
        self.posts[post.id] = post
        insort(self._order, post.id)
        return post

    def write(
        self,
        author: Account,
        typed: str,
        at: datetime,
        visible_at: datetime,
        *,
        reply_to: Post | None = None,
        quotes: Post | None = None,
        lang: str = "en",
        left_out: frozenset[str] = frozenset(),
    ) -> Post:
        """A new post; a reply begins with the names of those it answers, but for the ids in `left_out`."""
        text = _addressed(author, typed, reply_to, self, left_out) if reply_to else typed
        conversation = reply_to.conversation if reply_to else 0
        return self.add(
            Post(0, author, typed, text, at, visible_at, conversation, lang, reply_to=reply_to, quotes=quotes)
        )

    def cannot_edit(self, post: Post, now: datetime) -> bool:
        """Whether it is too late for a new version, there were too many, or the post is gone."""
        return post.deleted or now - post.versions[0].at > EDIT_TIME or len(post.versions) > MOST_EDITS

    def edit(self, post: Post, typed: str, at: datetime, visible_at: datetime) -> Post:
        """A new version under a new id. Raises ValueError where X allows none."""
        last = post.versions[-1]
        if self.cannot_edit(post, at):
            raise ValueError(f"X does not let {post.id} be edited: too late, too often, or it is deleted.")
        text = last.text.removesuffix(last.typed) + typed
        new = Post(
            0, last.author, typed, text, at, visible_at, last.conversation, last.lang, last.reply_to, last.quotes
        )
        new.versions = post.versions
        return self.add(new)

    def delete(self, post: Post) -> None:
        """Take away all versions of it."""
        for version in post.versions:
            version.deleted = True

    def newest_first(self, after: int, before: int, now: datetime) -> Iterator[Post]:
        """What an index shows at `now` of the ids between the two: of each post its latest version."""
        low, high = bisect_right(self._order, after), bisect_left(self._order, before)
        for place in range(high - 1, low - 1, -1):
            post = self.posts[self._order[place]]
            if not post.deleted and not post.author.suspended and post is self._indexed(post, now):
                yield post

    def _indexed(self, post: Post, now: datetime) -> Post | None:
        return next((version for version in reversed(post.versions) if version.visible_at <= now), None)


def _addressed(author: Account, typed: str, target: Post, world: World, left_out: frozenset[str]) -> str:
    there = {name.lower() for name in mentions(typed)}
    called = [target.author.handle, *mentions(target.text)]
    people = {name.lower(): world.accounts.get(name.lower()) for name in called}
    names = [
        person.handle
        for key, person in people.items()
        if person and person is not author and person.id not in left_out and key not in there
    ]
    return " ".join([*(f"@{name}" for name in names), typed])
