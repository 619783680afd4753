"""Authors' names: fetched once, and kept in this process alone, so that erasing a person leaves none behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.items import Item, Kind
from bot.core.length import clean
from bot.core.questions import judge
from bot.networks.base import NetworkFailure
from bot.networks.x.client import USERS, Client
from bot.networks.x.money import Purse, TooDear

MOST_AT_ONCE = 100
MOST_KEPT = 20_000


class Names:
    """Handle and name by author id, as far as `policy` asks for them: ``off``, ``questions`` or ``all``."""

    def __init__(self, client: Client, purse: Purse, policy: str) -> None:
        self._client, self._purse, self._policy = client, purse, policy
        self._known: dict[str, tuple[str, str]] = {}

    def of(self, items: Iterable[Item], asked: bool = False) -> Mapping[str, tuple[str, str]]:
        """What is known of the authors, after asking for those that are wanted; `asked`: all these are questions.

        A name that cannot be had now stays empty: the post comes without it, and a later read asks again.
        """
        wanted = {one.author_id for one in items if one.author_id and self._wants(one, asked)} - self._known.keys()
        ids = sorted(wanted)
        for start in range(0, len(ids), MOST_AT_ONCE):
            try:
                self._fetch(ids[start : start + MOST_AT_ONCE])
            except (NetworkFailure, TooDear):
                break
        return self._known

    def _wants(self, one: Item, asked: bool) -> bool:
        if self._policy == "off" or one.own or one.repost:
            return False
        return self._policy == "all" or asked or judge(one.text, lang=one.lang).kind is Kind.QUESTION

    def _fetch(self, ids: list[str]) -> None:
        new = self._purse.unpaid("u" + one for one in ids)
        worst = len(new) * self._purse.prices["user"]
        with self._purse.paying(worst, self._purse.for_posts + self._purse.for_mentions) as bill:
            answer = self._client.get(USERS, "/2/users", {"ids": ",".join(ids)})
            rows = [one for one in answer.data if isinstance(one, dict)] if isinstance(answer.data, list) else []
            bill.usd = self._purse.charge([f"u{one.get('id')}" for one in rows], "user")
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        self._known |= dict.fromkeys(ids, ("", ""))  # who is not shown now is not asked for at every poll
        for one in rows:
            handle, name = (clean(str(one.get(word) or ""))[:100] for word in ("username", "name"))
            self._known[str(one.get("id"))] = ("@" + handle if handle else "", name)
