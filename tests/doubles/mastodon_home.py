"""What one server of the double of Mastodon has: its people, its posts under ids of its own, and how it shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.doubles.mastodon_world import Ids, Now, Person, Post, iso


class Home:
    """One server. `kind` is mastodon or gotosocial; `now` its clock."""

    def __init__(self, domain: str, now: Now, kind: str = "mastodon") -> None:
        self.domain, self.now, self.kind = domain, now, kind
        self.me = Person("qcommunity", domain, "Q Community", bot=True)
        self.ids = Ids("ulid" if kind == "gotosocial" else "snowflake")
        self.posts: dict[str, Post] = {}  # by id of this server
        self.version = "4.4.1" if kind == "mastodon" else "0.20.0+git-1234567"
        self.notes: list[tuple[str, str, str]] = []  # notifications: id, type, id of the post
        self.elsewhere: dict[str, Post] = {}  # what can be fetched from other servers, by address

    def say(self, text: str, by: str = "asha", at: datetime | None = None, **more: Any) -> Post:
        """Somebody of this server writes; the post."""
        person = more.pop("person", None) or Person(by, self.domain, by.title())
        when = at or self.now()
        native = self.ids.at(when)
        post = Post(f"https://{self.domain}/users/{person.acct}/statuses/{native}", person, text, when, **more)
        self._put(native, post)
        return post

    def receive(self, post: Post, at: datetime | None = None, *, fetched: bool = False) -> str:
        """A post of another server comes in: delivered now, or fetched, with an id of when it was written."""
        native = self.ids.at(post.created if fetched else at or self.now())
        self._put(native, post)
        return native

    def _put(self, native: str, post: Post) -> None:
        self.posts[native] = post
        ours = bool(post.quotes and post.quotes.by.acct == self.me.acct)
        for kind, so in (("mention", f"@{self.me.acct}" in post.text), ("quote", ours and self.version >= "4.5")):
            if so and post.by.acct != self.me.acct:
                self.notes.append((str(1000 + len(self.notes)), kind, native))

    def edit(self, post: Post, text: str) -> None:
        """Its author changes it."""
        post.text, post.content, post.edited = text, "", self.now()

    def delete(self, post: Post) -> None:
        """It goes from this server."""
        self.posts = {native: one for native, one in self.posts.items() if one.uri != post.uri}

    def ours(self) -> list[Post]:
        """The posts of our account, oldest first."""
        return [self.posts[native] for native in sorted(self.posts) if self.posts[native].by.acct == self.me.acct]

    def _status(self, native: str) -> dict[str, Any]:
        post = self.posts[native]
        parent = next((one for one, other in self.posts.items() if post.parent and other.uri == post.parent), None)
        return {
            "id": native, "uri": post.uri, "url": f"{post.by.url}/{post.uri.rsplit('/', 1)[-1]}",
            "created_at": iso(post.created), "edited_at": iso(post.edited), "content": post.shown(),
            "spoiler_text": post.spoiler, "sensitive": bool(post.spoiler), "visibility": post.visibility,
            "language": post.lang, "in_reply_to_id": parent, "in_reply_to_account_id": None,
            "media_attachments": post.media, "account": self._account(post.by), "mentions": [], "emojis": [],
            "tags": [{"name": tag} for tag in sorted(post.tags)],
            "reblog": {"uri": post.boost_of} if post.boost_of else None,
            "quote": {"state": "accepted", "quoted_status": {"uri": post.quotes.uri}} if post.quotes else None,
            **dict.fromkeys(("replies_count", "reblogs_count", "favourites_count"), 0), **post.counts,
        }  # fmt: skip

    def _account(self, person: Person) -> dict[str, Any]:
        local = person.home == self.domain
        marks = {name: getattr(person, name) for name in ("noindex", "discoverable", "indexable")}
        return {
            "id": "1" if person.acct == self.me.acct and local else str(100 + sum(map(ord, person.url))),
            "username": person.acct, "acct": person.acct if local else f"{person.acct}@{person.home}",
            "url": person.url, "uri": f"https://{person.home}/users/{person.acct}", "display_name": person.name,
            "note": f"<p>{person.note}</p>", "bot": person.bot, "locked": False,
            "fields": [{"name": person.table[0], "value": f"<p>{person.table[1]}</p>"}] if person.table else [],
            **(marks if self.kind == "mastodon" else {}),
        }  # fmt: skip
