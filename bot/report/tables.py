"""The event as tables: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.report.pack import Asked, Offered, Pack

COLUMNS = (
    "what", "number", "theme", "words", "left_out", "became", "answer", "asked_on", "times_asked", "asked", "raised",
    "answered", "told", "follow_up_by", "follow_up_day", "read_out", "value",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(pack: Pack) -> Iterator[dict[str, Any]]:
    """Questions by theme, thoughts by theme, and the figures, each as plain values; empty ones are left out."""
    zone = ZoneInfo(pack.event.timezone or "UTC")
    for theme in pack.themes:
        yield from (_full(_asked(one, zone)) for one in pack.asked(theme))
        yield from (_full(_offered(one, zone)) for one in pack.offered(theme))
    if pack.private:
        yield {"what": "figure", "words": "Questions that are told to nobody", "value": pack.private}
    for name, value in pack.figures.counts.items():
        yield {"what": "figure", "words": name, "value": value}
    for bars in pack.figures.bars:
        for label, n in bars.rows:
            yield {"what": "figure", "theme": bars.title, "words": label or "none", "value": n}


def _full(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if value not in ("", None)}


def _asked(one: Asked, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "what": "follow-up" if one.became == "followup" else "question", "number": one.id, "theme": one.theme,
        "words": one.words, "left_out": one.why, "became": one.became, "answer": "\n\n".join(one.answers),
        "asked_on": " ".join(one.networks), "times_asked": one.times, "asked": _at(one.asked_at, zone),
        "raised": _at(one.raised_at, zone), "answered": _at(one.answered_at, zone), "told": _at(one.told_at, zone),
        "follow_up_by": one.owner if one.became == "followup" else "",
        "follow_up_day": one.day if one.became == "followup" else "",
    }  # fmt: skip


def _offered(one: Offered, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "what": "thought", "theme": one.theme, "words": one.words, "left_out": one.why, "asked_on": one.network,
        "asked": _at(one.at, zone), "read_out": "yes" if one.read_out else "no",
    }  # fmt: skip


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""


def as_csv(pack: Pack) -> str:
    """One table with a line of names on top. What a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    out.write("\ufeff")  # without it Excel takes UTF-8 for something else
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows(pack):
        table.writerow([_safe(row.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def _safe(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA) else value


def as_jsonl(pack: Pack) -> str:
    """One JSON object a line, the event first."""
    event = {"what": "event", "event": pack.event.slug, "name": pack.event.name, "timezone": pack.event.timezone}
    event |= {"made": pack.made_at.isoformat(timespec="seconds")}
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in [event, *rows(pack)])
