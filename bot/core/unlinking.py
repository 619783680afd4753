"""Addresses as words, where a link costs more than it is worth: readable, and made into a link by nobody."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from bot.core.items import Limits
from bot.core.links import url_spans

BREAK = "\u200b"  # a space of no width: nothing is linked across it, and browsers leave it out of an address
SCHEME = regex.compile("^https?://", regex.IGNORECASE)
JOINTS = regex.compile("[.@＠#＃]")  # without the last ones a name or a tag within an address would come alive


def unlinked(text: str) -> str:
    """The text with each address as plain words: without https://, and with a break after each of its dots."""
    while spans := url_spans(text):
        pieces, at = [], 0
        for span in spans:
            pieces += [text[at : span.start], JOINTS.sub(rf"\g<0>{BREAK}", SCHEME.sub("", span.text))]
            at = span.end
        text = "".join([*pieces, text[at:]])
    return text


def as_wanted(text: str, limits: Limits, use: str) -> str:
    """The text as it may go out where links are used ``never`` or ``always``; what is free stays as it is."""
    return unlinked(text) if use == "never" and _dear(limits) else text


def note(parts: Sequence[str], limits: Limits) -> str:
    """What a person should know of a text with addresses as words, in one sentence; "" if it has none."""
    if not _dear(limits) or not any(f".{BREAK}" in part for part in parts):
        return ""
    return f"Addresses stand as words, not as links: a post with a link costs ${limits.cost_with_link_usd:.2f} here."


def _dear(limits: Limits) -> bool:
    return limits.cost_with_link_usd > limits.cost_usd
