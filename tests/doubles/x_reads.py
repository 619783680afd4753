"""Everything that reads from X: search, timelines, lookups, accounts, usage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from tests.doubles.x_billing import Kind, Meter
from tests.doubles.x_pages import FAR, Tokens, Window, search_window, timeline_window
from tests.doubles.x_params import HANDLE, NUMBER, WHOLE, Asked
from tests.doubles.x_posts import Account, Post, World
from tests.doubles.x_problems import Answer, hidden, invalid, missing, suspended_user
from tests.doubles.x_query import QueryError, parse
from tests.doubles.x_render import post_json, user_json

MOST_OF_TIMELINE = 3200
MOST_OF_MENTIONS = 800


class Reads:
    """The reading half of X. Each public function takes a call and gives its answer; refusals are Problems."""

    def __init__(self, world: World, meter: Meter, tokens: Tokens, owner: str) -> None:
        self.world, self.meter, self.tokens, self.owner = world, meter, tokens, owner.lower()

    def search_recent(self, asked: Asked) -> Answer:
        """Posts of the last seven days."""
        return self._search(asked, search_window(asked, recent=True), 512)

    def search_all(self, asked: Asked) -> Answer:
        """Posts of all time."""
        return self._search(asked, search_window(asked, recent=False), 1024)

    def _search(self, asked: Asked, window: Window, most: int) -> Answer:
        query = asked.params.plain["query"]
        try:
            match = parse(query, most)
        except QueryError as error:
            raise invalid(f"There were errors processing your request: {error}", query=query) from None
        self.meter.ask(asked.now, Kind.POST_READ)
        order = asked.params.plain.get("sort_order", "recency")
        if order not in ("recency", "relevancy"):
            raise invalid(f"The `sort_order` query parameter value [{order}] is not valid", sort_order=order)
        found = (
            post
            for post in self._below(asked, window)
            if post.repost_of is None and not post.author.protected and match(post)
        )
        return self._page(asked, window, found, Kind.POST_READ, goes_on=order == "recency")

    def timeline(self, asked: Asked) -> Answer:
        """What an account wrote, newest first."""
        window = timeline_window(asked)
        left_out = set(asked.params.plain.get("exclude", "").split(",")) - {""}
        if left_out - {"retweets", "replies"}:
            value = asked.params.plain["exclude"]
            raise invalid(f"The `exclude` query parameter value [{value}] is not one of [retweets,replies]")

        def wanted(post: Post, account: Account) -> bool:
            return (
                post.author is account
                and not ("retweets" in left_out and post.repost_of)
                and not ("replies" in left_out and post.reply_to)
            )

        return self._of_account(asked, window, wanted, MOST_OF_TIMELINE)

    def mentions(self, asked: Asked) -> Answer:
        """What names an account, newest first."""

        def wanted(post: Post, account: Account) -> bool:
            return account.handle.lower() in post.names and (not post.author.protected or post.author is asked.caller)

        return self._of_account(asked, timeline_window(asked), wanted, MOST_OF_MENTIONS)

    def _of_account(self, asked: Asked, window: Window, wanted: Any, most: int) -> Answer:
        if not NUMBER.fullmatch(asked.native_id):
            raise invalid(f"The `id` query parameter value [{asked.native_id}] is not valid", id=asked.native_id)
        account = self.world.account_of(asked.native_id)
        own = account is not None and account is asked.caller
        kind = Kind.OWNED_READ if own and asked.who.lower() == self.owner else Kind.POST_READ
        self.meter.ask(asked.now, kind)
        if account is None or account.suspended:
            return Answer(200, {"errors": [missing("user", "id", asked.native_id)]})
        if account.protected and not own:
            return Answer(200, {"errors": [hidden("user", "id", asked.native_id)]})
        oldest = 0 if len(self.world.posts) > most else window.after
        everything = (post for post in self.world.newest_first(oldest, FAR, asked.now) if wanted(post, account))
        resumed = self.tokens.resume(asked)
        below = window.before if resumed is None else min(resumed, window.before)
        newest = islice(everything, most)
        found = (post for post in newest if window.after < post.id < below)
        return self._page(asked, window, found, kind)

    def _below(self, asked: Asked, window: Window) -> Iterator[Post]:
        resumed = self.tokens.resume(asked)
        before = window.before if resumed is None else min(resumed, window.before)
        return self.world.newest_first(window.after, before, asked.now)

    def _page(self, asked: Asked, window: Window, found: Iterator[Post], kind: Kind, goes_on: bool = True) -> Answer:
        most = asked.params.max_results
        posts = [] if asked.empty_page else list(islice(found, most + 1))
        page = posts[:most]
        meta: dict[str, Any] = {"result_count": len(page)}
        if asked.empty_page:
            again = self.tokens.resume(asked)
            return Answer(200, {"meta": {**meta, "next_token": self.tokens.issue(asked, again or window.before)}})
        if page:
            meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        if len(posts) > most and goes_on:
            meta["next_token"] = self.tokens.issue(asked, page[-1].id)
        body = self._with_posts(asked, page, kind)
        return Answer(200, {**body, "meta": meta})

    def _with_posts(self, asked: Asked, posts: Sequence[Post], kind: Kind) -> dict[str, Any]:
        """`data`, `includes` and `errors` as far as there are any; what is returned is charged."""
        self.meter.read(asked.now, asked.who, kind, [str(post.id) for post in posts])
        body: dict[str, Any] = {}
        if posts:
            body["data"] = [post_json(post, asked.params.post_fields, self.world) for post in posts]
        includes, errors = self._expanded(asked, posts)
        return body | ({"includes": includes} if includes else {}) | ({"errors": errors} if errors else {})

    def _expanded(self, asked: Asked, posts: Sequence[Post]) -> tuple[dict[str, Any], list[dict[str, str]]]:
        expansions, errors = asked.params.expansions, []
        others: dict[int, Post] = {}
        for post in posts if "referenced_tweets.id" in expansions else ():
            for other in filter(None, (post.reply_to, post.quotes, post.repost_of)):
                error = self._why_not(other, asked, "referenced_tweets.id")
                if error:
                    errors.append(error)
                else:
                    others[other.id] = other
        if "edit_history_tweet_ids" in expansions:
            others |= {version.id: version for post in posts for version in post.versions if version is not post}
        people = {person.id: person for post in posts for person in self._people(post, expansions)}
        if self.meter.charges_included_users:
            self.meter.read(asked.now, asked.who, Kind.USER_READ, people)
        self.meter.read(asked.now, asked.who, Kind.POST_READ, map(str, others))
        includes: dict[str, Any] = {}
        if people:
            includes["users"] = [user_json(person, asked.params.user_fields) for person in people.values()]
        if others:
            includes["tweets"] = [post_json(post, asked.params.post_fields, self.world) for post in others.values()]
        return includes, errors

    def _people(self, post: Post, expansions: frozenset[str]) -> Iterator[Account]:
        if "author_id" in expansions:
            yield post.author
        if "in_reply_to_user_id" in expansions and post.reply_to:
            yield post.reply_to.author
        if "entities.mentions.username" in expansions:
            yield from (self.world.accounts[name] for name in sorted(post.names) if name in self.world.accounts)
        if "referenced_tweets.id.author_id" in expansions:
            yield from (other.author for other in (post.reply_to, post.quotes, post.repost_of) if other)

    def _why_not(self, post: Post | None, asked: Asked, parameter: str, native_id: str = "") -> dict[str, str] | None:
        if post is None or post.deleted:
            return missing("tweet", parameter, native_id or str(post.id if post else ""))
        private = post.author.protected and post.author is not asked.caller
        return hidden("tweet", parameter, str(post.id)) if private or post.author.suspended else None

    def lookup(self, asked: Asked) -> Answer:
        """Up to a hundred posts by id; those that cannot be shown are `errors`."""
        body = self._looked_up(asked, asked.params.listed("ids", NUMBER), "ids")
        return Answer(200, body)

    def lookup_one(self, asked: Asked) -> Answer:
        """One post by id: `data` is one object."""
        if not NUMBER.fullmatch(asked.native_id):
            raise invalid(f"The `id` query parameter value [{asked.native_id}] is not valid", id=asked.native_id)
        body = self._looked_up(asked, [asked.native_id], "id")
        if "data" in body:
            body["data"] = body["data"][0]
        return Answer(200, body)

    def _looked_up(self, asked: Asked, ids: Iterable[str], parameter: str) -> dict[str, Any]:
        self.meter.ask(asked.now, Kind.POST_READ)
        shown, errors = [], []
        for native_id in dict.fromkeys(ids):
            post = self.world.posts.get(int(native_id))
            error = self._why_not(post, asked, parameter, native_id)
            if error:
                errors.append(error)
            elif post:
                shown.append(post)
        body = self._with_posts(asked, shown, Kind.POST_READ)
        errors += body.pop("errors", [])
        return {**body, "errors": errors} if errors else body

    def me(self, asked: Asked) -> Answer:
        """The account that calls."""
        self.meter.ask(asked.now, Kind.USER_READ)
        assert asked.caller is not None, "the gate lets no app in here"
        self.meter.read(asked.now, asked.who, Kind.USER_READ, [asked.caller.id])
        return Answer(200, {"data": user_json(asked.caller, asked.params.user_fields)})

    def users(self, asked: Asked) -> Answer:
        """Up to a hundred accounts by id."""
        asked_for = asked.params.listed("ids", NUMBER)
        return self._users(asked, "ids", {number: self.world.account_of(number) for number in asked_for})

    def users_by(self, asked: Asked) -> Answer:
        """Up to a hundred accounts by handle."""
        asked_for = asked.params.listed("usernames", HANDLE)
        return self._users(asked, "usernames", {name: self.world.accounts.get(name.lower()) for name in asked_for})

    def _users(self, asked: Asked, parameter: str, wanted: dict[str, Account | None]) -> Answer:
        self.meter.ask(asked.now, Kind.USER_READ)
        found = [account for account in wanted.values() if account and not account.suspended]
        errors = [
            suspended_user(parameter, value) if account else missing("user", parameter, value)
            for value, account in wanted.items()
            if account is None or account.suspended
        ]
        self.meter.read(asked.now, asked.who, Kind.USER_READ, [account.id for account in found])
        body: dict[str, Any] = {"errors": errors} if errors else {}
        if found:
            body["data"] = [user_json(account, asked.params.user_fields) for account in found]
        return Answer(200, body)

    def credits(self, asked: Asked) -> Answer:
        """What is left to spend, in USD."""
        left = self.meter.credit(asked.now)
        data = {"total_balance": max(0.0, left), "prepaid_balance": left, "free_balance": 0.0, "free_grants": []}
        return Answer(200, {"data": data})

    def usage(self, asked: Asked) -> Answer:
        """How many posts were read this month, and the cap."""
        days = asked.params.plain.get("days", "7")
        if not (WHOLE.fullmatch(days) and 1 <= int(days) <= 90):
            raise invalid(f"The `days` query parameter value [{days}] is not between 1 and 90", days=days)
        every = {
            "project_id": "10101",
            "project_usage": str(self.meter.posts_read(asked.now)),
            "project_cap": str(self.meter.read_cap),
            "cap_reset_day": 1,
        }
        always = {"project_id", "project_usage", "project_cap"}
        return Answer(200, {"data": {n: v for n, v in every.items() if n in always | asked.params.usage_fields}})
