"""Whether a post calls our account, by its name or by quoting one of its posts: only then X lets a program reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.links import mentions

STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,20})/status(?:es)?/(\d{1,20})(?:[/?#]\S*)?", re.I | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Me:
    """Our account; `id` is empty until X was asked for it."""

    id: str = ""
    handle: str = ""


NOBODY = Me()


def names(raw: Mapping[str, Any], text: str, me: Me) -> bool:
    """Whether it names us, in its words or in what X puts before them."""
    handles = {handle.casefold() for handle in mentions(text)}
    people = list(_mentioned(raw))
    handles |= {str(one.get("username") or "").casefold() for one in people}
    by_id = bool(me.id) and me.id in {str(one.get("id") or "") for one in people}
    return by_id or (bool(me.handle) and me.handle.casefold() in handles)


def quotes(text: str, quoted: str, me: Me) -> bool:
    """Whether the quoted post is one of ours, by the address that X puts behind the words."""
    return bool(me.handle and quoted) and any(
        found[2] == quoted and found[1].casefold() == me.handle.casefold() for found in STATUS.finditer(text)
    )


def without_card(text: str, quoted: str) -> str:
    """The words without the address of the quoted post at their end: people see a card in its place."""
    *_, last = text.rsplit(None, 1) or [""]
    found = STATUS.fullmatch(last)
    return text[: -len(last)].rstrip() if quoted and found and found[2] == quoted and last != text else text


def _mentioned(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    notes = [raw.get(name) for name in ("note_tweet", "note_post")]
    for holder in (raw, *(note for note in notes if isinstance(note, Mapping))):
        entities = holder.get("entities")
        found = entities.get("mentions") if isinstance(entities, Mapping) else None
        yield from (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
