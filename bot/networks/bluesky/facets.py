"""Facets: what makes links, tags and mentions of a text alive. They are placed by UTF-8 bytes, end exclusive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import regex

from bot.core.length import graphemes
from bot.core.links import Span, hashtag_spans, url_spans

MENTION = regex.compile(r"(?<![\w@＠./\-])@([A-Za-z0-9.\-]++)(?![\w@＠])")
# An address with its scheme is a link whatever its domain ends in; X, whose rules the others follow, asks for more.
SCHEMED = regex.compile(r"(?<![\w@#])https?://[^\s<>\"'`\p{Ps}\p{Pe}\p{Pi}\p{Pf}。、，！？]++", regex.IGNORECASE)
NOT_LAST = ".,;:!?…*_~|"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
HANDLE = regex.compile(rf"(?:{LABEL}\.)++[A-Za-z](?:[A-Za-z0-9\-]{{0,61}}[A-Za-z0-9])?")
TAG_MOST, TAG_MOST_BYTES = 64, 640
HANDLE_MOST = 253
FACET = "app.bsky.richtext.facet"


def facets_of(text: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """The facets of a text in its order; `did_of` gives the DID of a handle, "" if there is none."""
    links = _links(text)
    alive = [(span, {"$type": f"{FACET}#link", "uri": _address(span.text)}) for span in links]
    alive += [(span, {"$type": f"{FACET}#tag", "tag": span.text[1:]}) for span in _tags(text, links)]
    for span in _mentions(text, links):
        if did := did_of(span.text[1:]):
            alive.append((span, {"$type": f"{FACET}#mention", "did": did}))
    return [_facet(text, span, feature) for span, feature in sorted(alive, key=lambda one: one[0])]


def _facet(text: str, span: Span, feature: dict[str, str]) -> dict[str, Any]:
    start = len(text[: span.start].encode())
    end = start + len(text[span.start : span.end].encode())
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def _address(link: str) -> str:
    return link if link.lower().startswith(("http://", "https://")) else f"https://{link}"


def _links(text: str) -> list[Span]:
    links = url_spans(text)
    for found in SCHEMED.finditer(text):
        address = found[0].rstrip(NOT_LAST)
        span = Span(found.start(), found.start() + len(address), address)
        if len(address) > len("https://") and not _inside(span, links):
            links.append(span)
    return links


def _tags(text: str, links: list[Span]) -> Iterator[Span]:
    for span in hashtag_spans(text):
        word = span.text[1:]
        if graphemes(word) <= TAG_MOST and len(word.encode()) <= TAG_MOST_BYTES and not _inside(span, links):
            yield span


def _mentions(text: str, links: list[Span]) -> Iterator[Span]:
    for found in MENTION.finditer(text):
        handle = found[1].rstrip(".-")
        span = Span(found.start(), found.start(1) + len(handle), f"@{handle}")
        if len(handle) <= HANDLE_MOST and HANDLE.fullmatch(handle) and not _inside(span, links):
            yield span


def _inside(span: Span, links: list[Span]) -> bool:
    return any(link.start < span.end and span.start < link.end for link in links)
