"""What of a question a room sees: its words without names, tags and links, and how large they can be."""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import east_asian_width

SIZES = (("s", 70), ("m", 110), ("l", 160))  # under so many letters; a wide sign counts as two
LONGEST = SIZES[-1][1]
NAME = r"(?<![\w@])@\w[\w.-]*(?:@[\w.-]*\w)?"
NAMES = re.compile(NAME + r"[ \t]*")
AWAY = re.compile(r"https?://\S+|\bwww\.\S+|" + NAME)
FIRST_TAGS = re.compile(r"^(?:#\w+[\s:,]*)+")
LAST_TAGS = re.compile(r"(?:\s*(?<!\w)#\w+)+(\W*)$")
TAG = re.compile(r"(?<!\w)#(\w+)")


def shown(wording: str, text: str) -> str:
    """The words on one line: what a person wrote for the room, else what was asked without names, tags and links."""
    return " ".join((wording or _tidy(text)).split())


def _tidy(text: str) -> str:
    bare = AWAY.sub(" ", text).strip()
    return TAG.sub(r"\1", LAST_TAGS.sub(r"\1", FIRST_TAGS.sub("", bare)))


def unnamed(text: str) -> str:
    """A text without the names of accounts; lines and links stay."""
    return NAMES.sub("", text).strip()


def mark(words: str) -> str:
    """Stands for exactly these words: what a person approved is known again, and anything else is not."""
    return sha256(words.encode()).hexdigest()


def size(words: str) -> str:
    """How large the words are on the screen: s, m or l; "" if they are too long and have to be reworded."""
    letters = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)
    return next((name for name, under in SIZES if letters < under), "")
