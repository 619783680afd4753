"""Who is calling: the app by its bearer token, or an account by a signature of OAuth 1.0a."""

from __future__ import annotations

import base64
import hmac
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tests.doubles.x_posts import Account, World
from tests.doubles.x_problems import SUSPENDED, forbidden, unauthorized

PAIR = re.compile(r'([a-z_]+)="([^"]*)"')
NEEDED = {
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_version",
}
CLOCK_SKEW = 300  # seconds
HOSTS = ("https://api.twitter.com", "https://api.x.com")


@dataclass(frozen=True)
class App:
    """The keys of the one app that may call."""

    key: str = "the-app-key"
    secret: str = "the-app-secret"
    bearer: str = "the-bearer-token"


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def signature(method: str, address: str, pairs: Sequence[tuple[str, str]], secrets: tuple[str, str]) -> str:
    """HMAC-SHA1 over method, address without query, and all pairs; `secrets` are the app's and the account's."""
    together = "&".join(f"{name}={value}" for name, value in sorted((_quoted(n), _quoted(v)) for n, v in pairs))
    base = "&".join((method.upper(), _quoted(address), _quoted(together)))
    key = "&".join(map(_quoted, secrets))
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()


class Gate:
    """Tells who calls, and takes no nonce twice. The time in a signature is the machine's, not the test's."""

    def __init__(self, app: App, world: World, own: str) -> None:
        self.app, self._world, self._hosts = app, world, (*HOSTS, own)
        self._nonces: set[tuple[str, str]] = set()

    def caller(self, method: str, path: str, query: Sequence[tuple[str, str]], header: str) -> Account | None:
        """The account that calls, None for the app. Raises Problem: 401, or 403 if it is suspended."""
        scheme, _, rest = header.partition(" ")
        if scheme == "Bearer":
            if not hmac.compare_digest(rest.encode(), self.app.bearer.encode()):
                raise unauthorized()
            return None
        if scheme != "OAuth":
            raise unauthorized()
        return self._signed(method, path, query, {name: unquote(value) for name, value in PAIR.findall(rest)})

    def _signed(self, method: str, path: str, query: Sequence[tuple[str, str]], sent: dict[str, str]) -> Account:
        people = self._world.accounts.values()
        account = next((person for person in people if person.token == sent.get("oauth_token")), None)
        if not sent.keys() >= NEEDED or account is None or sent["oauth_consumer_key"] != self.app.key:
            raise unauthorized()
        given = sent.pop("oauth_signature")
        sent.pop("realm", None)
        pairs = [*query, *sent.items()]
        secrets = (self.app.secret, account.secret)
        right = {signature(method, host + path, pairs, secrets) for host in self._hosts}
        if given not in right or not self._fresh(sent):
            raise unauthorized()
        if account.suspended:
            raise forbidden(SUSPENDED)
        return account

    def _fresh(self, sent: dict[str, str]) -> bool:
        stamp, nonce = sent["oauth_timestamp"], sent["oauth_nonce"]
        right = (sent["oauth_signature_method"], sent["oauth_version"]) == ("HMAC-SHA1", "1.0")
        if not right or not stamp.isdecimal() or abs(time.time() - int(stamp)) > CLOCK_SKEW:
            return False
        if (stamp, nonce) in self._nonces:
            return False
        self._nonces.add((stamp, nonce))
        return True
