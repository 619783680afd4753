"""What an answer of a WordPress site holds: its code, the links of a page, how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from bot.networks.base import Misconfigured, Refused
from bot.networks.http import Answer

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+="?[^",;]*"?)*)')


class Moved(Exception):
    """The REST API is not where it was; it must be looked for again. `own`: WordPress itself says so."""

    def __init__(self, message: str, *, own: bool) -> None:
        super().__init__(message)
        self.own = own


class NoRoute(Misconfigured):
    """WordPress itself says that it has no such route."""


class Closed(Misconfigured):
    """The site does not say who we are, whatever the password: something has closed that route."""


class Answered(Refused):
    """A no with WordPress's own code, such as ``comment_duplicate``; its messages are translated, codes are not."""

    def __init__(self, message: str, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def code_of(answer: Answer) -> str:
    """WordPress's error code, "" if the answer has none."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    return str(said.get("code") or "") if isinstance(said, dict) else ""


def beginning(answer: Answer) -> str:
    """How an odd answer begins, for a sentence about it."""
    text = " ".join(answer.body[:400].decode("utf-8", "replace").split())[:60]
    return f", it begins {text!r}" if text else ", it is empty"


def found_links(answer: Answer) -> dict[str, str]:
    """The page's links by rel, from its Link header, else from its elements; ``alternate`` is the JSON one."""
    links: dict[str, str] = {}
    for target, attributes in _LINK.findall(answer.headers.get("link", "")):
        _note(links, target, dict(re.findall(r'([\w-]+)="?([^",;]*)"?', attributes)))
    if "https://api.w.org/" not in links:
        for node in LexborHTMLParser(answer.body.decode("utf-8", "replace")).css("link[rel][href]"):
            _note(links, node.attributes.get("href") or "", node.attributes)
    return links


def _note(links: dict[str, str], target: str, attributes: Mapping[str, str | None]) -> None:
    rel = attributes.get("rel") or ""
    if rel != "alternate" or attributes.get("type") == "application/json":
        links.setdefault(rel, target)
