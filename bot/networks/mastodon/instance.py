"""What a server says of itself: its software, its name in handles, and how long a post may be."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

KEPT_FOR = timedelta(days=1)
KEEPS_KEYS = frozenset({"mastodon"})  # others accept the header and make a second post
KEYS_LAST = timedelta(minutes=50)  # an hour on the server, less what clocks and long calls take


@dataclass(frozen=True, slots=True)
class Instance:
    """One server. `domain` is what stands behind the @ of its people; lengths are in characters."""

    software: str = ""
    version: str = ""
    domain: str = ""
    characters: int = 500
    url_weight: int = 23
    description: int = 1500
    pictures: int = 4
    feeds: str = ""  # who may read public hashtags: public, authenticated, disabled, "" if it does not say
    at: str = ""

    @classmethod
    def read(cls, kept: Any) -> Instance | None:
        """From its stored form, None for anything else."""
        try:
            return cls(**kept)
        except TypeError:
            return None

    def write(self) -> dict[str, Any]:
        """Its stored form."""
        return asdict(self)

    @property
    def quotes(self) -> bool:
        """Whether it knows quotes, and tells who is quoted; others may refuse to be asked for them."""
        found = re.match(r"(\d+)\.(\d+)", self.version)
        return self.software == "mastodon" and found is not None and (int(found[1]), int(found[2])) >= (4, 5)

    @property
    def safe_repeat(self) -> timedelta:
        """How long the same key gives the same post."""
        return KEYS_LAST if self.software in KEEPS_KEYS else timedelta(0)


def described(said: dict[str, Any], software: str, host: str, at: str) -> Instance:
    """From the answer of ``/api/v2/instance``, or of ``/api/v1/instance`` where that is all there is."""
    configuration = _table(said.get("configuration"))
    statuses, media = _table(configuration.get("statuses")), _table(configuration.get("media_attachments"))
    feeds = _table(_table(configuration.get("timelines_access")).get("hashtag_feeds"))
    older = said.get("max_toot_chars")
    plain = Instance()
    return Instance(
        software=software,
        version=str(said.get("version") or "")[:60],
        domain=str(said.get("domain") or said.get("uri") or host).removeprefix("https://").strip("/").lower()[:253],
        characters=_number(statuses.get("max_characters") or older, plain.characters),
        url_weight=_number(statuses.get("characters_reserved_per_url"), plain.url_weight),
        description=_number(media.get("description_limit"), plain.description),
        pictures=_number(statuses.get("max_media_attachments"), plain.pictures),
        feeds=str(feeds.get("local") or ""),
        at=at,
    )


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**7 else default
