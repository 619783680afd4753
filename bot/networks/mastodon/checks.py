"""What is connected, missing or wrong on Mastodon, one line each, without posting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.core.items import HealthLine
from bot.networks.base import NetworkFailure, Refused
from bot.networks.mastodon.account import Account, Me
from bot.networks.mastodon.instance import Instance
from bot.networks.mastodon.server import Server

TAG = "live"  # any tag will do: only whether it may be read is asked
MOST_SKEW = 10.0  # seconds
WRITES = frozenset({"write", "write:statuses"})
RENEW = "Make a token with read and write:statuses under Preferences → Development on your server."
READS: dict[str, tuple[str, dict[str, Any], str]] = {
    "read:notifications": ("/api/v1/notifications", {"limit": 1}, "mentions"),
    "read:search": ("/api/v2/search", {"q": TAG, "limit": 1}, "posts of other servers, which is needed to answer them"),
}


def health(servers: Sequence[Server], account: Account, named: str) -> list[HealthLine]:
    """The lines, in the order in which a person would mend them."""
    home = servers[0]
    try:
        instance = home.instance(fresh=True)
    except NetworkFailure as failure:
        return [HealthLine("fail", f"{home.host}: {failure}", "Correct api_url, or ask whoever runs the server.")]
    lines = [*_server(home, instance), *_signed(home, account, named)]
    return lines + [_feed(server) for server in servers]


def _server(home: Server, instance: Instance) -> Iterator[HealthLine]:
    named = f"{instance.software or 'a server of unknown software'} {instance.version}".strip()
    yield HealthLine("ok", f"{home.host} answers: {named}.")
    yield HealthLine(
        "ok",
        f"Posts hold {instance.characters:,} characters, a link counts for {instance.url_weight}, descriptions of "
        f"pictures hold {instance.description:,}.",
    )
    if instance.safe_repeat:
        yield HealthLine("ok", "A post sent twice within the hour is made once: the server keeps our keys.")
    else:
        yield HealthLine(
            "warn",
            "This software does not keep our keys: a post whose answer is lost is looked for, never repeated.",
            "Nothing to do: if it is not found, the console asks a person.",
        )
    off = abs(home.ahead.total_seconds())
    if off > MOST_SKEW:
        yield HealthLine("warn", f"The clocks of {home.host} and of this machine are {off:.0f} s apart.", "Use NTP.")


def _signed(home: Server, account: Account, named: str) -> Iterator[HealthLine]:
    try:
        me = account.prove()
    except NetworkFailure as failure:
        yield HealthLine("fail", str(failure), RENEW)
        return
    yield _name(me, named)
    if not me.bot:
        fix = "Tick “This is an automated account” in its profile, and name who runs it in the bio."
        yield HealthLine("warn", f"{me.handle} is not marked as automated.", fix)
    reads: dict[str, tuple[str, dict[str, Any], str]] = {
        **READS,
        "read:statuses": (f"/api/v1/accounts/{me.id}/statuses", {"limit": 1}, "our own posts"),
    }
    for scope, (path, query, what) in reads.items():
        try:
            home.get(path, query, object)
        except NetworkFailure as failure:
            yield HealthLine("fail", f"The token does not read {what} ({scope}): {failure}", RENEW)
    yield _writes(home)


def _name(me: Me, named: str) -> HealthLine:
    if named and named.lstrip("@").partition("@")[0].lower() != me.handle.lstrip("@").partition("@")[0].lower():
        what = f"The token belongs to {me.handle}, the settings say {named}."
        return HealthLine("warn", what, "Correct one of the two.")
    return HealthLine("ok", f"Signed in as {me.handle}.")


def _writes(home: Server) -> HealthLine:
    """Only newer servers tell the rights of a token, and none lets us try without posting."""
    try:
        scopes = home.get("/api/v1/apps/verify_credentials", {}, dict).get("scopes")
    except NetworkFailure:
        scopes = None
    if not isinstance(scopes, list):
        return HealthLine("ok", "Whether the token may post shows with the first post: this server does not tell.")
    if WRITES.isdisjoint(scopes):
        return HealthLine("fail", "The token may not post (write:statuses).", RENEW)
    return HealthLine("ok", "The token may post.")


def _feed(server: Server) -> HealthLine:
    try:
        server.get(f"/api/v1/timelines/tag/{TAG}", {"limit": 1}, list)
    except Refused as failure:
        return HealthLine("fail", f"{server.host} has no hashtags: {failure}", "Take it out of also_read.")
    except NetworkFailure as failure:
        fix = "Take it out of also_read, or read it later." if not server.signed else RENEW
        return HealthLine("fail" if server.signed else "warn", f"Hashtags of {server.host}: {failure}", fix)
    return HealthLine("ok", f"Hashtags of {server.host} can be read.")
