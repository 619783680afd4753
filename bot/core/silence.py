"""Who asks us to stop answering, or to answer again: a message to us that says this and nothing else."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.core.wording import LINK, plain

LONGEST = 200  # characters; what is longer says something else too
_ADDRESSED = re.compile(r"(?<!\w)[@＠#＃][\w.@-]+")
_APOSTROPHE = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
_COURTESY = frozenset(["please", "pls", "thanks", "thank", "you", "now", "ok", "hi", "hello", "sorry", "bot"])
_STOP = frozenset(
    (
        "stop", "stop it", "stop that", "stop this", "stop replying", "stop replying to me", "stop answering",
        "stop answering me", "stop messaging me", "stop contacting me", "stop tagging me", "stop mentioning me",
        "do not reply", "do not reply to me", "dont reply", "dont reply to me", "do not answer me", "dont answer me",
        "do not contact me", "dont contact me", "leave me alone", "unsubscribe", "opt out", "optout", "no more replies",
    )
)  # fmt: skip
_START = frozenset(("start", "start again", "reply again", "may reply again", "opt in", "optin"))


class Wish(StrEnum):
    """What a person wants of our answers to them."""

    STOP = "stop"
    START = "start"


def wish(text: str) -> Wish | None:
    """What a message to us asks for; None if it says anything else, for instance in a question that has the word."""
    if len(text) > LONGEST or "?" in text:
        return None
    bare = _ADDRESSED.sub(" ", LINK.sub(" ", plain(text)))
    words = _WORD.findall(_APOSTROPHE.sub("", bare).casefold())
    said = " ".join(word for word in words if word not in _COURTESY)
    if said in _STOP:
        return Wish.STOP
    return Wish.START if said in _START else None
