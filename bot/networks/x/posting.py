"""Posts, replies, threads and removals: each is called for once, and doubt is said to be doubt."""

from __future__ import annotations

from datetime import timedelta

from bot.core.items import Action, Delivery, Limits, Media, Receipt
from bot.core.links import has_link
from bot.core.text import problem
from bot.networks.base import Memory, NetworkFailure, NoAnswer, Now, OutOfMoney, Refused, Unavailable
from bot.networks.uploads import Uploads
from bot.networks.x import forms
from bot.networks.x.account import TOO_DEAR, Account
from bot.networks.x.answers import Absent, Duplicate
from bot.networks.x.client import Client
from bot.networks.x.finding import Finder, parent_of
from bot.networks.x.money import Purse, TooDear

LOOK_BACK = timedelta(days=1)  # for the post that X calls a duplicate of ours
THERE_ALREADY = "X says that a post with these words is there already; it was found among ours."


class Poster:
    """Does what a delivery says, once."""

    def __init__(
        self, client: Client, purse: Purse, account: Account, finder: Finder, memory: Memory, now: Now
    ) -> None:
        self._client, self._purse, self._account, self._finder = client, purse, account, finder
        self._now = now
        self._uploads = Uploads(memory, now)

    def send(self, delivery: Delivery, limits: Limits) -> Receipt:
        """Raises `Refused` before anything happens for what does not fit, and `NoAnswer` where X left it open."""
        if delivery.action is Action.EDIT:
            raise Refused("X cannot change a post from here: delete it, or send a correction.")
        if delivery.action is Action.DELETE:
            return self._delete(delivery)
        if wrong := problem(delivery.text, limits):
            raise Refused(wrong)
        if (parent := parent_of(delivery)) and not forms.number(parent):
            raise Refused("On X only a post of X can be answered.")
        self._account.must_be_ours()
        return self._create(delivery)

    def _create(self, delivery: Delivery) -> Receipt:
        price = self._purse.prices["create_with_link" if has_link(delivery.text) else "create"]
        try:
            media = self._uploads.of(delivery, self._upload)
            with self._purse.paying(price) as bill:
                answer = self._client.create(delivery.text, parent_of(delivery), media)
                data = answer.data if isinstance(answer.data, dict) else {}
                native = str(data.get("id") or "")
                if not forms.number(native):
                    raise NoAnswer("X accepted the post and did not say its number.")
                bill.usd = price
        except TooDear:
            raise OutOfMoney(TOO_DEAR) from None
        except Duplicate as duplicate:
            return self._there_already(delivery, duplicate)
        except Refused:
            self._uploads.forget(delivery)  # a person who tries again begins anew
            raise
        self._uploads.forget(delivery)
        self._finder.remember(native, delivery.key)
        return Receipt(native, self._finder.url(native), self._now())

    def _upload(self, one: Media) -> str:
        """A picture with its description: what X calls it."""
        answer = self._client.upload(one.content)
        native = str(answer.data.get("id") or "") if isinstance(answer.data, dict) else ""
        if not forms.number(native):
            raise NoAnswer("X accepted the picture and did not say its number.")
        price = self._purse.prices["alt_text"]
        with self._purse.paying(price) as bill:
            self._client.describe(native, one.alt)
            bill.usd = price
        return native

    def _there_already(self, delivery: Delivery, duplicate: Duplicate) -> Receipt:
        """The same words are out. They are this delivery's if they stand where it wanted them and are no other's."""
        begun = min(delivery.started_at or self._now(), self._now()) - LOOK_BACK
        try:
            found = self._finder.since(delivery, begun, THERE_ALREADY)
        except OutOfMoney:
            raise
        except NetworkFailure as failure:
            raise Unavailable(f"{duplicate} It could not be looked up: {failure}") from None
        if found is None:
            raise duplicate
        return found

    def _delete(self, delivery: Delivery) -> Receipt:
        if not forms.number(delivery.target):
            raise Refused("That is not a post on X.")
        try:
            with self._purse.paying(self._purse.prices["delete"]) as bill:
                answer = self._client.delete(delivery.target)
                data = answer.data if isinstance(answer.data, dict) else {}
                if data.get("deleted") is not True:
                    raise NoAnswer("X did not say whether the post is deleted.")
                bill.usd = self._purse.prices["delete"]
        except TooDear:
            raise OutOfMoney(TOO_DEAR) from None
        except Absent:
            return Receipt(delivery.target, "", self._now(), "It was gone from X already.")
        return Receipt(delivery.target, "", self._now())
