"""What people are told so that they can be answered: on X a program may answer only who names its account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SOCIAL: Mapping[str, str] = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky"}
PROFILE_LENGTH = 160  # signs that the profile with the least room has


def for_blog(tags: Sequence[str], accounts: Mapping[str, str], comments: bool) -> str:
    """The sentences for the blog post; `accounts` are our names on the networks that are read ("" if not known)."""
    networks = {name: account for name, account in accounts.items() if name in SOCIAL}
    ways = []
    if networks and tags:
        ways.append(f"ask on {_or([SOCIAL[name] for name in networks])} with {_tag(tags)}")
    if comments:
        ways.append("leave a comment below")
    if not ways:
        return ""
    said = f"Following from afar? {_upper(_or(ways))}, and we take it to the room."
    if named := _named(networks) if tags else "":
        said += f" Name us too, so that we can answer you: {named}."
    return said


def for_profile(tags: Sequence[str], accounts: Mapping[str, str], network: str) -> str:
    """The sentence for our profile on a network, no longer than fits everywhere; "" if nothing is read there."""
    if network not in SOCIAL or network not in accounts or not tags:
        return ""
    us = _at(accounts[network]) or "us"
    said = f"Ask with {_tag(tags)} and name {us}. Answers are sent by a program; write “stop” to get none."
    return said if len(said) <= PROFILE_LENGTH else f"Ask with {_tag(tags)} and name us."[:PROFILE_LENGTH]


def _named(networks: Mapping[str, str]) -> str:
    """Our names, each once with where it is; X comes first, since it demands it."""
    where: dict[str, list[str]] = {}
    for name, account in networks.items():
        if account:
            where.setdefault(_at(account), []).append(SOCIAL[name])
    return ", ".join(f"{account} on {_and(places)}" for account, places in where.items())


def _at(account: str) -> str:
    return f"@{account.lstrip('@')}" if account else ""


def _tag(tags: Sequence[str]) -> str:
    return "#" + tags[0].lstrip("#")


def _or(words: Sequence[str]) -> str:
    return _joined(words, "or")


def _and(words: Sequence[str]) -> str:
    return _joined(words, "and")


def _joined(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
