"""Who we are on our own server, asked for once and remembered with the token that said so."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from bot.networks.base import Memory, Misconfigured, Unavailable
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.server import Server


@dataclass(frozen=True, slots=True)
class Me:
    """Our account: its id at home, its addresses everywhere, its full handle."""

    id: str
    url: str
    uri: str
    handle: str
    bot: bool

    @property
    def addresses(self) -> frozenset[str]:
        """What names us as an author on any server."""
        return frozenset({self.url, self.uri, self.handle} - {""})


class Account:
    """The account that the token belongs to."""

    def __init__(self, home: Server, token: str, memory: Memory) -> None:
        self._home, self._memory = home, memory
        self._token = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=8).hexdigest() if token else ""

    def me(self) -> Me:
        """Who we are. Raises `Misconfigured` without a token, or with one that is not accepted."""
        return self.known() or self.prove()

    def known(self) -> Me | None:
        """Who we were when this token was last proved, without asking."""
        kept = self._memory.get("me")
        return Me(**kept["me"]) if kept and self._token and kept["token"] == self._token else None

    def prove(self) -> Me:
        """Who we are, asked now."""
        if not self._token:
            raise Misconfigured("There is no access token: set MASTODON_ACCESS_TOKEN.")
        said: dict[str, Any] = self._home.get("/api/v1/accounts/verify_credentials", {}, dict)
        if not forms.id_of(said) or not isinstance(said.get("acct"), str):
            raise Unavailable(f"{self._home.host} did not say who we are.")
        handle = forms.handle(said, self._home.instance().domain)
        url, uri = (str(said.get(name) or "") for name in ("url", "uri"))
        me = Me(forms.id_of(said), url, uri, handle, bool(said.get("bot")))
        self._memory.put("me", {"token": self._token, "me": asdict(me)})
        return me
