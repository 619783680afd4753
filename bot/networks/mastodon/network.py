"""The Mastodon network: what it reads, what it does, and how long its calls may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from bot.core import bridges
from bot.core.items import Delivery, HealthLine, Limits, Receipt
from bot.core.limits import KEY_OF_AN_HOUR, LOOKED_FOR, default_limits
from bot.networks.base import Memory, Misconfigured, Now, Options
from bot.networks.guard import within
from bot.networks.mastodon.account import Account
from bot.networks.mastodon.audience import Audience
from bot.networks.mastodon.checks import health
from bot.networks.mastodon.finding import Finder
from bot.networks.mastodon.places import Places
from bot.networks.mastodon.posting import Poster
from bot.networks.mastodon.reading import Reader
from bot.networks.mastodon.rechecking import Checker
from bot.networks.mastodon.server import Server
from bot.networks.social import Social


class Mastodon(Social):
    """Hashtags of our server and of others, mentions, posts, replies, threads, edits in place, removals."""

    name: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "edit", "delete"})

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        token = options.secrets.get("access_token", "")
        self._deadline, self._named = options.deadline, options.account
        self.home = Server(options.api_url, token, options.deadline, memory, now)
        self.servers = [self.home, *_others(self.home, options, memory, now)]
        self.safe_repeat = timedelta(0)
        self._learn()
        self._account = Account(self.home, token, memory)
        self._places = Places(self.home, memory)
        self._finder = Finder(self.home, self._account, self._places, now)
        self._audience = Audience(self._finder)
        self._reader = Reader(self.servers, self._account, self._places, options.deadline, now)
        self._checker = Checker(self.servers, self._account, self._places, memory)
        self._poster = Poster(self.home, self._finder, self._places, memory, now)

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once, with the delivery's key."""
        if not self.home.signed:
            raise Misconfigured("Posting needs an access token: set MASTODON_ACCESS_TOKEN.")
        with within(self._deadline):
            self.home.instance()
            self._learn()
            return self._poster.send(delivery, self.limits())

    def limits(self) -> Limits:
        """What our server said of its limits; the published ones, marked assumed, before any contact."""
        default, known = default_limits(self.name), self.home.known()
        if known is None:
            return default
        promise = KEY_OF_AN_HOUR if known.safe_repeat else LOOKED_FOR
        return replace(
            default,
            length=known.characters,
            url_length=known.url_weight,
            promise=promise,
            pictures=known.pictures,
            alt_length=known.description,
            assumed=False,
        )

    def names(self) -> frozenset[str]:
        """Our full handle, and that of its copy on Bluesky, once the server has said who we are."""
        me = self._account.known()
        return bridges.names(self.name, me.handle if me else "")

    def check(self) -> list[HealthLine]:
        """What is connected, missing or wrong, without posting."""
        with within(self._deadline):
            lines = health(self.servers, self._account, self._named)
        self._learn()
        return lines

    def close(self) -> None:
        """Let go of connections."""
        for server in self.servers:
            server.http.close()

    def _learn(self) -> None:
        """Whether a repeat is harmless depends on the software that was found."""
        known = self.home.known()
        self.safe_repeat = known.safe_repeat if known else timedelta(0)


def _others(home: Server, options: Options, memory: Memory, now: Now) -> list[Server]:
    """The servers whose public hashtags are read too, without an account there."""
    others: dict[str, Server] = {}
    for address in options.extra.get("also_read") or ():
        server = Server(str(address), "", options.deadline, memory, now)
        if server.host != home.host:
            others.setdefault(server.host, server)
    return list(others.values())
