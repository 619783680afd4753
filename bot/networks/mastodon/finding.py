"""Did it go out after all? Our own posts are read and compared; a wrong match is worse than none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Action, Delivery, Receipt
from bot.networks.base import NoAnswer, Now
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.account import Account
from bot.networks.mastodon.places import Places
from bot.networks.mastodon.server import Missing, Server

SKEW = timedelta(seconds=60)  # what the two clocks may differ beyond what the server's answers tell
MOST_PAGES = 5
PAGE = 40
EVIDENCE = "Found among our own posts on Mastodon."


class Finder:
    """Looks for deliveries among our own posts at home."""

    def __init__(self, home: Server, account: Account, places: Places, now: Now) -> None:
        self._home, self._account, self._places, self._now = home, account, places, now

    def find(self, delivery: Delivery) -> Receipt | None:
        """The post of that delivery, or the proof that an edit or a removal has happened."""
        if delivery.action is Action.DELETE:
            return self._removed(delivery)
        if delivery.action is Action.EDIT:
            return self._edited(delivery)
        return self._created(delivery) if delivery.started_at is not None else None

    def _created(self, delivery: Delivery) -> Receipt | None:
        """The one post of ours since the first call with these words and under that post; None if there are two."""
        parent = delivery.previous or delivery.reply_to
        above = self._above(parent) if parent else ""
        if parent and not above:
            return None
        taken = {uri for uri, _, key in self._places.ours() if key != delivery.key}
        words = forms.folded(delivery.text)
        same = [
            status
            for status in self._recent(delivery.started_at or self._now())
            if status.get("uri") not in taken
            and str(status.get("in_reply_to_id") or "") == above
            and says(status, words)
        ]
        return self.receipt(same[0], delivery, EVIDENCE) if len(same) == 1 else None

    def _above(self, uri: str) -> str:
        """The id at home of the post that ours must hang from."""
        known = next((native for one, native, _ in self._places.ours() if one == uri), "")
        return known or self._places.of(uri).get(self._home.host, "") or forms.id_of(self._places.at_home(uri))

    def _recent(self, started: datetime) -> Iterator[dict[str, Any]]:
        """Our posts since then, by the server's clock, newest first."""
        query: dict[str, Any] = {"limit": PAGE, "exclude_reblogs": "true"}
        path = f"/api/v1/accounts/{self._account.me().id}/statuses"
        for _ in range(MOST_PAGES):
            rows = [row for row in self._home.get(path, query, list) if forms.id_of(row)]
            begun = started + self._home.ahead - SKEW
            for row in rows:
                at = forms.instant(row.get("created_at"))
                if at is not None and at >= begun:
                    yield row
            last = forms.instant(rows[-1].get("created_at")) if rows else None
            if last is None or last < begun:
                return
            query = {**query, "max_id": forms.id_of(rows[-1])}

    def receipt(self, status: dict[str, Any], delivery: Delivery, evidence: str) -> Receipt:
        """The proof, remembered as that delivery's. Raises `NoAnswer` for a post without an address or an id."""
        uri, native = status.get("uri"), forms.id_of(status)
        if not isinstance(uri, str) or not uri or not native:
            raise NoAnswer(f"{self._home.host} accepted the post and did not say its address.")
        self._places.remember(uri, native, delivery.key)
        at = forms.instant(status.get("created_at")) or self._now()
        return Receipt(uri, str(status.get("url") or uri), at, evidence)

    def current(self, target: str) -> dict[str, Any] | None:
        """A post of ours as it stands, None if it is gone. Raises `Missing` if it cannot be told which it is."""
        native = self._places.own_id(target)
        if not native:
            raise Missing(f"{self._home.host} does not know {target[:200]!r} as a post of ours.")
        try:
            status: dict[str, Any] = self._home.get(f"/api/v1/statuses/{native}", {}, dict)
        except Missing:
            return None
        if status.get("uri") != target:
            raise Missing(f"{self._home.host} has another post under that id than {target[:200]!r}.")
        return status

    def _removed(self, delivery: Delivery) -> Receipt | None:
        gone = self.current(delivery.target) is None
        return Receipt(delivery.target, "", self._now(), "It is gone from Mastodon.") if gone else None

    def _edited(self, delivery: Delivery) -> Receipt | None:
        status = self.current(delivery.target)
        if status is None or not says(status, forms.folded(delivery.text)) or not shows(status, delivery):
            return None
        at = forms.instant(status.get("edited_at")) or self._now()
        return Receipt(delivery.target, str(status.get("url") or ""), at, "The post on Mastodon says so.")


def shows(status: dict[str, Any], delivery: Delivery) -> bool:
    """Whether a post has the pictures of a delivery, by their descriptions; so does any, if it brings none."""
    media = status.get("media_attachments")
    there = [str(one.get("description") or "") for one in media if isinstance(one, dict)] if media else []
    return not delivery.pictures or there == [one.alt for one in delivery.pictures]


def says(status: dict[str, Any], words: str) -> bool:
    """Whether a post of ours says just that."""
    try:
        return forms.folded(forms.words_of(status)) == words
    except forms.Unreadable:
        return False
