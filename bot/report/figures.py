"""The figures of an event: how much was asked, where, when and about what, how soon it was answered, who was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from bot.store import reach, report

MOST_HOURS = 24  # hours with questions that are shown apart; beyond that, days are
SPANS = (
    ("under 5 minutes", timedelta(minutes=5)),
    ("5 to 15 minutes", timedelta(minutes=15)),
    ("15 minutes to 1 hour", timedelta(hours=1)),
    ("1 hour to 1 day", timedelta(days=1)),
    ("more than 1 day", timedelta.max),
)


class Timed(Protocol):
    """What the figures need of a question."""

    @property
    def theme(self) -> str: ...
    @property
    def became(self) -> str: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def raised_at(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def told_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Bars:
    """A count for each of some labels, in their order."""

    title: str
    label: str
    count: str
    rows: tuple[tuple[str, int], ...]

    @property
    def most(self) -> int:
        """The largest count, 1 if there is none."""
        return max([1, *(n for _, n in self.rows)])

    @property
    def words(self) -> str:
        """The picture in a sentence."""
        if not self.rows:
            return "There is nothing to show yet."
        label, n = max(self.rows, key=lambda row: row[1])
        return f"{sum(n for _, n in self.rows)} in all. The most: {label}, {n}."


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by name in the order in which they are told, and pictures."""

    counts: dict[str, int | str]
    bars: tuple[Bars, ...]


def reckon(
    tx: Connection, event: Row[Any], questions: Sequence[Timed], thoughts: int, items: Sequence[Row[Any]]
) -> Figures:
    """The figures of an event, of the questions and thoughts that are told and the posts that asked them."""
    out, can = report.sent(tx, event.id), reach.came_in(tx, event.id)
    became = Counter(one.became for one in questions)
    counts: dict[str, int | str] = {
        "Questions": len(questions),
        "People who asked": len({(one.network, one.author_id or one.native_id) for one in items}),
        "Taken to the room": sum(one.raised_at is not None for one in questions),
        "Said aloud in the room": became["aloud"],
        "Answered in writing": became["writing"],
        "To follow up": became["followup"],
        "Declined": became["declined"],
        "Questions whose askers were told": sum(one.told_at is not None for one in questions),
        "Answers sent": sum(n for (kind, _), n in out.items() if kind == "answer"),
        "Came in so that we can answer": f"{sum(a for a, _ in can.values())} of {sum(n for _, n in can.values())}",
        "Thoughts": thoughts,
        "Half were answered within": _half((one.asked_at, one.answered_at) for one in questions),
        "Half were told within": _half((one.asked_at, one.told_at) for one in questions),
    }
    updates = tuple((network, n) for (kind, network), n in sorted(out.items()) if kind != "answer")
    return Figures(counts, (
        Bars("Questions by time", "When", "Questions", _by_time([one.asked_at for one in questions], event.timezone)),
        Bars("Questions by network", "Network", "Posts that ask", _most_first(one.network for one in items)),
        Bars("Questions by theme", "Theme", "Questions", _most_first(one.theme for one in questions)),
        Bars("From question to answer", "Time", "Questions", _spans(questions)),
        Bars("Answers sent", "Network", "Answers", _sum((n, c) for (kind, n), c in out.items() if kind == "answer")),
        Bars("Updates sent", "Network", "Posts", _sum(updates)),
    ))  # fmt: skip


def _most_first(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda row: (-row[1], row[0])))


def _sum(rows: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for name, n in rows:
        found[name] += n
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))


def _by_time(times: Sequence[datetime], tz: str) -> tuple[tuple[str, int], ...]:
    """By the hour there; by the day if the hours are too many."""
    there = [at.astimezone(ZoneInfo(tz or "UTC")) for at in times]
    hours = Counter((at.date(), at.hour) for at in there)
    if len(hours) > MOST_HOURS:
        return tuple((_day(day), n) for day, n in sorted(Counter(at.date() for at in there).items()))
    return tuple((f"{_day(day)}, {_hour(hour)}", n) for (day, hour), n in sorted(hours.items()))


def _day(day: Any) -> str:
    return f"{day.day} {day:%b}"


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}"


def _spans(questions: Iterable[Timed]) -> tuple[tuple[str, int], ...]:
    took = [one.answered_at - one.asked_at for one in questions if one.answered_at is not None]
    names = Counter(next(name for name, most in SPANS if span < most) for span in took)
    return tuple((name, names[name]) for name, _ in SPANS) if took else ()


def _half(pairs: Iterable[tuple[datetime, datetime | None]]) -> str:
    took = [(then - began).total_seconds() for began, then in pairs if then is not None]
    if not took:
        return "nothing yet"
    minutes = max(0, round(median(took) / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
