"""Commands that turn lines into lines: for eyes, and as JSON Lines for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.feeds import NotReadable
from bot.core.forms import NAMES, read_document
from bot.core.groups import grouped
from bot.core.items import Entry, EntryPage, Source
from bot.core.limits import default_limits
from bot.core.liveblog import time_text
from bot.core.oddities import NONE
from bot.core.questions import judge
from bot.core.text import cost_usd, length, split
from bot.networks.base import NetworkFailure
from bot.networks.documents import Documents
from bot.plans import SOCIAL, NotPossible

DEADLINE = 15.0  # seconds in which an address must answer


def lines_in() -> Iterator[Mapping[str, Any]]:
    """The JSON objects on standard input. Raises NotPossible naming the line that is none."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            try:
                said = json.loads(line.decode())
            except json.JSONDecodeError as failure:
                raise NotPossible(f"Line {number} on standard input is no JSON: {failure.msg}.") from failure
            except UnicodeDecodeError as failure:
                raise NotPossible(f"Line {number} on standard input is not UTF-8: save it as UTF-8.") from failure
            except (ValueError, RecursionError) as failure:
                raise NotPossible(
                    f"Line {number} on standard input cannot be read: a number too long, or nested too deeply."
                ) from failure
            if not isinstance(said, dict):
                raise NotPossible(
                    f'Line {number} on standard input is no JSON object: write {{"id": ..., "text": ...}}.'
                )
            yield said


def text_of(said: Mapping[str, Any]) -> str:
    """The text of one line. Raises NotPossible if it has none."""
    if not isinstance(said.get("text"), str):
        raise NotPossible(f'The line with id {said.get("id")!r} has no "text": every line needs one.')
    return str(said["text"])


def entries(place: str, timezone: str, year: int | None) -> EntryPage:
    """The live blog of a file or an address, in whichever form it is; `form` says which, "" if it is none."""
    now = datetime.now(UTC)
    try:
        if place.startswith(("http://", "https://")):
            page = _at_address(place, timezone, now, year)
        else:
            form, page = read_document(Path(place).read_bytes(), "", timezone, now, year=year)
            page = replace(page, form=NAMES.get(form, ""))
    except NotReadable as failure:
        raise NotPossible(f"{place} {failure}.") from failure
    except ValueError as failure:
        raise NotPossible(str(failure)) from failure
    except NetworkFailure as failure:
        raise NotPossible(f"{place} could not be read: {failure}") from failure
    except OSError as failure:
        raise NotPossible(f"{place} could not be read: {failure.strerror}. Name a file or a web address.") from failure
    return replace(page, doubts=page.doubts or (() if page.form else (NONE,)))


def _at_address(place: str, timezone: str, now: datetime, year: int | None) -> EntryPage:
    documents = Documents(DEADLINE, lambda: now, year)
    try:
        return documents.read(Source(0, "feed", "liveblog", place, timezone), "")
    finally:
        documents.close()


def entry_line(entry: Entry, timezone: str) -> dict[str, Any]:
    """One entry as others script against it: the instant with the blog's own offset, the text on one line."""
    return {
        "at": entry.at.astimezone(ZoneInfo(timezone)).isoformat(),
        "day": entry.day,
        "time": entry.time,
        "time_text": time_text(entry),
        "title": entry.title,
        "text": " ".join(entry.text.split()),
    }


def preview(network: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """How a text would go out on a network, by its published limits."""
    if network not in (*SOCIAL, "wordpress"):
        raise NotPossible(f"{network} is no network that posts: use one of {', '.join(SOCIAL)}, wordpress.")
    rules = default_limits(network)
    link = said.get("link") or ""
    if not isinstance(link, str):
        raise NotPossible(f'The "link" of the line with id {said.get("id")!r} is no text.')
    parts = split(text_of(said), rules, link)
    return {
        "id": said.get("id"),
        "parts": [{"text": part, "length": length(part, rules)} for part in parts],
        "limit": rules.length,
        "cost_usd": round(sum(cost_usd(part, rules) for part in parts), 4),
    }


def triage(said: Mapping[str, Any], themes: Sequence[str]) -> dict[str, Any]:
    """What kind of item a text is."""
    verdict = judge(text_of(said), lang=str(said.get("lang") or ""), themes=themes)
    return {
        "id": said.get("id"), "kind": verdict.kind.value, "flags": sorted(verdict.flags),
        "theme": verdict.theme or None, "why": verdict.why,
    }  # fmt: skip


def group(said: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Which texts ask the same: those of one cluster, which is named by the number of its first line, from 1."""
    texts = [text_of(one) for one in said]
    return [
        {"id": one.get("id"), "text": text, "cluster": first + 1}
        for one, text, first in zip(said, texts, grouped(texts), strict=True)
    ]
