"""A whole page of the web: the part of it that holds a live blog, its title, its day."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.core.headings import read_time
from bot.core.markup import HEADINGS, lines

_CONTAINERS = (".entry-content", "[itemprop=articleBody]", ".wp-block-post-content", ".post-content", "article", "main")
_OUTSIDE = frozenset(("nav", "aside", "footer", "form", "template", "noscript"))
_OUTSIDE_IDS = frozenset(("comments", "respond", "sidebar"))
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*$")
_ROUTE = re.compile(r"/wp/v2/([\w-]+)/(\d+)/?$")
_NO_POSTS = frozenset(("categories", "tags", "users"))
_MAY_BEGIN = ", ".join((*HEADINGS, "p", "li", "dt"))
_POSTED_AT = ", ".join(f"{place}[datetime]" for place in (
    "time.published", "time.entry-date", "time[pubdate]", "time[itemprop=datePublished]", ".wp-block-post-date time",
    ".posted-on time",
))  # fmt: skip
_PUBLISHED = ("article:published_time", "datePublished", "date", "dc.date", "dcterms.date", "dc.date.issued")


def container(body: LexborNode) -> LexborNode:
    """The element that holds the live blog: the known one with most entries, else their common ancestor."""
    best, most = None, 0
    for selector in _CONTAINERS:
        for node in body.css(selector):
            count = len(_beginnings(node))
            if count > most:
                best, most = node, count
    found = _beginnings(body)
    if best is not None and most == len(found):
        return best
    return _around(found, body) if found else (best or _first_known(body))


def title(body: LexborNode) -> str:
    """The page's first main heading, else "" """
    heading = body.css_first("h1")
    return lines(heading).replace("\n", " ") if heading else ""


def surroundings(body: LexborNode, held: LexborNode) -> str:
    """What a reader has read before the live blog begins: the window's title, the main headings, the heading above."""
    root = body.parent
    window = root.css_first("title") if root is not None else None
    said = [window.text() if window else "", *(lines(heading) for heading in body.css("h1"))]
    inside = {held.mem_id, *(node.mem_id for node in _ancestors(held))}
    above = ""
    for heading in body.css("h2, h3, h4"):
        if not _is_before(heading, held, inside):
            break
        above = lines(heading)
    return "\n".join([*said, above]).strip()


def published(body: LexborNode) -> date | None:
    """The day of publication that the page's head, structured data or the line of its date tell; None if none does."""
    root = body.parent
    for node in root.css("meta") if root is not None else ():
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop") or ""
        if name in _PUBLISHED and (day := _day(node.attributes.get("content"))):
            return day
    for script in structured(body):
        if day := _day(_first(script, "datePublished")):
            return day
    return next((day for node in body.css(_POSTED_AT) if (day := _day(node.attributes.get("datetime")))), None)


def links(html: str) -> list[tuple[str, str, str]]:
    """What the page links as a whole, in its order: relation, type and address, each "" if it is not said."""
    names = ("rel", "type", "href")
    return [
        (rel.strip(), kind.partition(";")[0].strip().lower(), href.strip())
        for node in LexborHTMLParser(html).css("link[rel][href]")
        for rel, kind, href in [[node.attributes.get(name) or "" for name in names]]
    ]


def post_route(found: Sequence[tuple[str, str, str]]) -> tuple[str, int]:
    """WordPress's REST API and the number of the post that these links are of; ("", 0) if they are of none."""
    root = next((href for rel, _, href in found if rel == "https://api.w.org/"), "")
    for rel, kind, href in found:
        parts = urlsplit(href)
        route = dict(parse_qsl(parts.query)).get("rest_route") or parts.path
        match = _ROUTE.search(route) if rel == "alternate" and kind == "application/json" else None
        if root and match and match[1] not in _NO_POSTS:
            return root, int(match[2])
    return "", 0


def structured(body: LexborNode) -> list[Any]:
    """The JSON-LD of the page, each script as a value; those that are no JSON are left out."""
    root = body.parent if body.parent is not None else body
    found = []
    for script in root.css("script"):
        if "ld+json" not in (script.attributes.get("type") or "").lower():
            continue
        written = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*$", "", script.text())
        try:
            found.append(json.loads(written, strict=False))
        except (ValueError, RecursionError):
            continue
    return found


def _first(value: Any, key: str) -> Any:
    waiting, looked = [value], 0
    while waiting and looked < 1000:
        one, looked = waiting.pop(0), looked + 1
        if isinstance(one, dict):
            if isinstance(one.get(key), str):
                return one[key]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return None


def _day(said: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(said or "").strip()[:10]).date()
    except ValueError:
        return None


def _first_known(body: LexborNode) -> LexborNode:
    for selector in (*_CONTAINERS, "[role=main]"):
        nodes = body.css(selector)
        if len(nodes) == 1 or (nodes and selector not in ("article", "main")):
            return nodes[0]
    return body


def _is_before(heading: LexborNode, held: LexborNode, inside: set[int]) -> bool:
    """Whether a heading stands above the held element, by the children of their common ancestor."""
    path = [heading, *_ancestors(heading)]
    for child, parent in pairwise(path):
        if child.mem_id == held.mem_id:
            return False
        if parent.mem_id in inside and parent.mem_id != held.mem_id:
            sibling = child.next
            while sibling is not None:
                if sibling.mem_id in inside:
                    return True
                sibling = sibling.next
            return False
    return False


def _beginnings(node: LexborNode) -> list[LexborNode]:
    return [each for each in node.css(_MAY_BEGIN) if _may_begin(each) and not _outside(each)]


def _may_begin(node: LexborNode) -> bool:
    clock = read_time(lines(node).partition("\n")[0][:300])
    return clock is not None and clock.time is not None


def _outside(node: LexborNode) -> bool:
    return any(
        parent.tag in _OUTSIDE or parent.attributes.get("id") in _OUTSIDE_IDS for parent in (node, *_ancestors(node))
    )


def _around(found: Sequence[LexborNode], body: LexborNode) -> LexborNode:
    """The deepest ancestor of all of them."""
    shared = _ancestors(found[0])
    for node in found[1:]:
        ids = {each.mem_id for each in _ancestors(node)}
        shared = [each for each in shared if each.mem_id in ids]
    return shared[0] if shared else body


def _ancestors(node: LexborNode) -> list[LexborNode]:
    above: list[LexborNode] = []
    parent = node.parent
    while parent is not None and parent.tag != "html":
        above.append(parent)
        parent = parent.parent
    return above
