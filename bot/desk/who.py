"""Who acts, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from unicodedata import category

CLAIM_LASTS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Who:
    """A person at the desk. `role` is ``lead``, ``comms`` or ``facilitator``."""

    id: int
    name: str
    role: str = "facilitator"


@dataclass(frozen=True, slots=True)
class Done:
    """Whether it was done, one sentence that says so or why not, and the change that undo needs."""

    ok: bool
    sentence: str
    change_id: int = 0


GONE = Done(False, "This is no longer here. Its author deleted it, or it was erased.")
MOST_CHARACTERS = 10_000
NAMES = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "wordpress": "The blog", "feed": "The feed"}


def called(network: str) -> str:
    """A network as people call it."""
    return NAMES.get(network, network)


def words(text: str, what: str, most: int = MOST_CHARACTERS) -> str | Done:
    """The text a person typed, tidied; a refusal if there is none or far too much of it."""
    tidy = text.strip()
    if not any(category(char)[0] not in "CZ" for char in tidy):  # nothing that can be seen
        return Done(False, f"{what} is empty. Write something first; nothing was changed.")
    if len(tidy) > most:
        over = len(tidy) - most
        return Done(False, f"{what} is {over:,} character{'s' if over != 1 else ''} too long. Nothing was changed.")
    return tidy
