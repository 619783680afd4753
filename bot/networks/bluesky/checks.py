"""What is connected, missing or wrong on Bluesky, one line each, without posting."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from bot.core.items import HealthLine
from bot.networks.base import NetworkFailure, Now
from bot.networks.bluesky.client import Client
from bot.networks.bluesky.reading import SEARCH

WHO = "com.atproto.server.getSession"
SKEW = 60.0  # seconds


def health(client: Client, now: Now) -> list[HealthLine]:
    """The lines, in the order in which a person would mend them."""
    try:
        me = client.me
        said, headers = client.query(WHO, {})
    except NetworkFailure as failure:
        fix = (
            "Set api_url to your personal data server, account to your handle, BLUESKY_APP_PASSWORD to an app password."
        )
        return [HealthLine("fail", f"Bluesky: {failure}", fix)]
    handle = str(said.get("handle") or me.handle)
    lines = [HealthLine("ok", f"Signed in at {me.host} as @{handle}.")]
    if handle == "handle.invalid":
        fix = "Mend the handle's DNS record or file, or choose another one in Bluesky's settings."
        lines.append(HealthLine("warn", "The account's handle does not lead to it any more.", fix))
    if said.get("active") is False:
        fix = "Sign in at Bluesky with a browser; it says why."
        lines.append(HealthLine("fail", f"The account is not active ({said.get('status') or 'no reason'}).", fix))
    if not client.me.by_app_password:
        fix = "Make an app password under Settings, Privacy and security, and set it as BLUESKY_APP_PASSWORD."
        lines.append(HealthLine("warn", "BLUESKY_APP_PASSWORD holds the main password of the account.", fix))
    return [*lines, *_clock(headers.get("date", ""), now), _search(client)]


def _clock(date: str, now: Now) -> list[HealthLine]:
    try:
        apart = (now() - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):
        return []
    if abs(apart) <= SKEW:
        return [HealthLine("ok", "Our clock agrees with Bluesky's.")]
    way = "ahead of" if apart > 0 else "behind"
    fix = "Let this machine set its clock by the network (timedatectl set-ntp true)."
    return [HealthLine("warn", f"Our clock is {abs(apart):.0f} seconds {way} Bluesky's.", fix)]


def _search(client: Client) -> HealthLine:
    try:
        client.read(SEARCH, {"q": "#backchannel", "sort": "latest", "limit": 1})
    except NetworkFailure as failure:
        fix = "Wait; mentions and replies are read all the same. If it lasts, ask whoever runs the server."
        return HealthLine("warn", f"The search does not answer, so no hashtag is read: {failure}", fix)
    return HealthLine("ok", "The search for hashtags answers.")
