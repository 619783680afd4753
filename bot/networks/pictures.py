"""Fetches the picture of a blog entry: from the blog itself or the public internet, never from inside our network."""

from __future__ import annotations

from bot.networks.base import Misconfigured, Refused, Unavailable
from bot.networks.guard import origin
from bot.networks.http import Http

MOST_BYTES = 15 * 2**20
KINDS = {"Accept": "image/jpeg, image/png, image/webp, image/gif"}
PASSING = frozenset({408, 425, 429})


def fetch(url: str, blog: str, deadline: float) -> bytes:
    """The bytes at `url`, which an entry of `blog` (an address of our own settings) shows.

    Only the blog's own host may be inside our network, on each hop of a redirect. Raises `Unavailable` or `NoAnswer`
    for what may pass, `Refused` or `Misconfigured` for what will not.
    """
    try:
        trusted = frozenset({origin(blog)[1:]})
    except ValueError:
        raise Misconfigured(f"{blog[:200]!r} is not an address: check live_blog in the settings.") from None
    http = Http(url, deadline=deadline)  # one for each picture: no connection is shared with what was trusted before
    try:
        answer = http.request("GET", url, headers=KINDS, follow=True, most_bytes=MOST_BYTES, trusted=trusted)
    finally:
        http.close()
    if answer.status == 200:
        return answer.body
    if answer.status >= 500 or answer.status in PASSING:
        raise Unavailable(f"The picture could not be fetched (HTTP {answer.status}).")
    raise Refused(f"The picture is not there (HTTP {answer.status}).")
