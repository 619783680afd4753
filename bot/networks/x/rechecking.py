"""How stored posts stand now: public, edited, out of sight or gone; a hundred a request, free when read today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.core.items import Checked, Standing
from bot.networks.x import forms
from bot.networks.x.account import Account
from bot.networks.x.client import LOOKUP, Client
from bot.networks.x.money import Purse, TooDear
from bot.networks.x.names import Names

MOST_AT_ONCE = 100


class Checker:
    """Asks for stored posts by their ids. What the budget does not allow is not answered, and asked for again later."""

    def __init__(self, client: Client, purse: Purse, names: Names, account: Account) -> None:
        self._client, self._purse, self._names, self._account = client, purse, names, account

    def recheck(self, native_ids: Sequence[str]) -> list[Checked]:
        """One answer for each post that X spoke of. An edited one comes in its latest version."""
        wanted = [native for native in dict.fromkeys(native_ids) if forms.number(native)]
        posts, errors = self._look_up(wanted)
        newer = [post.newest for post in posts.values() if post.newest != post.version]
        latest = self._look_up(newer)[0] if newer else {}
        items = {native: latest.get(native, post).item for native, post in posts.items() if native in set(wanted)}
        names = self._names.of(items.values(), asked=True)
        there = [Checked(native, Standing.PUBLIC, forms.named(item, names)) for native, item in items.items()]
        return there + list(_missing(errors, set(wanted) - items.keys()))

    def _look_up(self, ids: Sequence[str]) -> tuple[dict[str, forms.Post], list[Mapping[str, Any]]]:
        posts: dict[str, forms.Post] = {}
        errors: list[Mapping[str, Any]] = []
        me = self._account.us()
        for start in range(0, len(ids), MOST_AT_ONCE):
            try:
                rows, said = self._page(ids[start : start + MOST_AT_ONCE])
            except TooDear:
                break
            errors += said
            posts |= {post.item.native_id: post for post in forms.read_all(rows, me)[0]}
        return posts, errors

    def _page(self, ids: Sequence[str]) -> tuple[list[Any], list[Mapping[str, Any]]]:
        worst = len(self._purse.unpaid(ids)) * self._purse.prices["post"]
        with self._purse.paying(worst, self._purse.for_posts + self._purse.for_mentions) as bill:
            answer = self._client.get(LOOKUP, "/2/tweets", {"ids": ",".join(ids), "tweet.fields": forms.FIELDS})
            rows = [one for one in answer.data if forms.is_post(one)] if isinstance(answer.data, list) else []
            bill.usd = self._purse.charge([str(one["id"]) for one in rows], "post")
        return rows, answer.errors


def _missing(errors: Iterable[Mapping[str, Any]], wanted: set[str]) -> Iterator[Checked]:
    for error in errors:
        native = forms.speaks_of(error)
        if native in wanted:
            said = " ".join(str(error.get(name) or "") for name in ("type", "title")).casefold()
            gone = "not-found" in said or "not found" in said
            wanted.discard(native)
            yield Checked(native, Standing.GONE if gone else Standing.HIDDEN)
