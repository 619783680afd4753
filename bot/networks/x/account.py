"""Who we are on X: asked for once, for as long as the credentials stay the same."""

from __future__ import annotations

from bot.networks.base import Memory, Misconfigured, OutOfMoney, Unavailable
from bot.networks.x.calling import Me
from bot.networks.x.client import ME, Client
from bot.networks.x.forms import number
from bot.networks.x.money import Purse, TooDear

KEY = "me"
TOO_DEAR = "The budget for X is used up: raise monthly_budget_usd, or wait for the next month; then start X again."


class Account:
    """Our account, from memory or by asking."""

    def __init__(self, client: Client, purse: Purse, memory: Memory, handle: str) -> None:
        self._client, self._purse, self._memory, self._handle = client, purse, memory, handle

    def known(self) -> Me | None:
        """What memory holds, if the credentials are still the same."""
        kept = self._memory.get(KEY) or {}
        same = kept.get("of") == self._client.fingerprint and number(kept.get("id"))
        return Me(kept["id"], kept.get("handle", "")) if same else None

    def us(self) -> Me:
        """As much as is known without asking: at least the handle of the settings."""
        return self.known() or Me("", self._handle)

    def me(self) -> Me:
        """Our account. Raises `OutOfMoney` if even this cannot be paid for."""
        return self.known() or self.prove()

    def prove(self) -> Me:
        """Ask X who we are, and with that whether the credentials are good."""
        try:
            with self._purse.paying(self._purse.prices["user"]) as bill:
                answer = self._client.get(ME, "/2/users/me", {})
                data = answer.data if isinstance(answer.data, dict) else {}
                if not number(data.get("id")):
                    raise Unavailable("X did not say whose credentials these are.")
                bill.usd = self._purse.charge([f"u{data['id']}"], "user")
        except TooDear:
            raise OutOfMoney(TOO_DEAR) from None
        me = Me(str(data["id"]), str(data.get("username") or ""))
        self._memory.put(KEY, {"id": me.id, "handle": me.handle, "of": self._client.fingerprint})
        return me

    def must_be_ours(self) -> None:
        """Raises `Misconfigured` if the credentials are of another account than the settings name."""
        handle = self.me().handle
        if self._handle and handle and handle.casefold() != self._handle.casefold():
            raise Misconfigured(
                f"The credentials are those of @{handle}, and the settings name @{self._handle}: set the tokens of "
                f"@{self._handle}, or correct `account`."
            )
