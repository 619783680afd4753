"""How a network shows a post of ours: under which name, what of it is a link, and which card stands below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from sqlalchemy import Row

from bot.core.bridges import BLUESKY, FROM_FEDIVERSE, X
from bot.core.links import hashtag_spans, mention_spans, url_spans
from bot.desk.who import called

BRIDGED = (FROM_FEDIVERSE, f"@{BLUESKY}", f"@{X}")


@dataclass(frozen=True, slots=True)
class Card:
    """What stands below the words for a link. `title` is empty where the network reads it from the page itself."""

    host: str
    title: str
    note: str


def handle(row: Row[Any]) -> str:
    """The name of our account there, with its "@"; "" if neither the settings nor the network said one."""
    own = [name for name in row.names if not name.endswith(BRIDGED)]
    account = row.account.strip().lstrip("@")
    known = next((name for name in own if name.casefold() != account.casefold()), "") if "@" not in account else ""
    name = known if row.name == "mastodon" and known else account or known
    return f"@{name}" if name else ""


def linked(text: str, network: str) -> Markup:
    """The words with what the network makes links of: addresses (X links bare domains too), tags and names."""
    spans = sorted([*url_spans(text, bare=network == "x"), *hashtag_spans(text), *mention_spans(text)])
    pieces: list[Markup] = []
    at = 0
    for span in spans:
        if span.start >= at:
            pieces += [escape(text[at : span.start]), Markup('<span class="lk">%s</span>') % span.text]
            at = span.end
    return Markup("").join([*pieces, escape(text[at:])])


def card(network: str, parts: Sequence[str], link: str, pictures: int) -> Card | None:
    """What stands below a post with a link; None if nothing does."""
    if network == "bluesky":
        if not link or pictures or not parts or link in parts[0]:
            return None
        return Card(_host(link), _host(link), "")
    spans = [span.text for text in parts for span in url_spans(text, bare=network == "x")]
    if pictures or not spans:
        return None
    return Card(
        _host(spans[0]),
        "",
        f"{called(network)} may add the title and picture of this page. That cannot be seen before.",
    )


def _host(address: str) -> str:
    host = urlsplit(address if "://" in address else f"https://{address}").hostname or address
    return host.removeprefix("www.")
