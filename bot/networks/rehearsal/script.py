"""The packaged event: how its live blog grew save by save, and what its invented followers and facilitators do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

EVENT = resources.files("bot.networks.rehearsal") / "event"
DESK = frozenset({"room", "park", "dismiss", "merge", "answer"})
ON_A_POST = frozenset({"edit", "delete", "approve", "trash", "spam"})
LONGEST_GAP = timedelta(minutes=30)  # nights and other dead time are cut to this
_GAP_BETWEEN_LAST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does after the save that holds timeline step `step`.

    `do` is ``say``, ``own`` or ``repost``; one of ON_A_POST, on what act `target` wrote; or one of DESK, on `question`.
    `expect` is question, thought or noise; `question` names the group of those that ask the same.
    """

    id: str
    step: int
    do: str = "say"
    network: str = ""
    by: str = ""
    name: str = ""
    text: str = ""
    lang: str = ""
    standing: str = "public"
    expect: str = ""
    question: str = ""
    into: str = ""
    target: str = ""
    flags: tuple[str, ...] = ()
    minutes_late: float = 0.0


@dataclass(frozen=True, slots=True)
class Save:
    """The blog post after one press of Update. `step` is the last timeline step in it, `at` the editors' clock."""

    step: int
    at: datetime
    title: str
    html: str
    entries: int
    words: str


@dataclass(frozen=True, slots=True)
class Cue:
    """When something of the script happens: `offset` counts from the first save, dead time cut."""

    offset: timedelta
    what: Save | Act


@dataclass(slots=True)
class _Day:
    heading: str
    blocks: list[str] = field(default_factory=list)
    entries: list[tuple[str, str, list[str]]] = field(default_factory=list)  # name, heading, body


def timeline() -> Mapping[str, Any]:
    """The packaged growth of the live blog, as it is kept."""
    loaded: Mapping[str, Any] = json.loads((EVENT / "timeline.json").read_text(encoding="utf-8"))
    return loaded


def settings_text() -> str:
    """The packaged settings of the rehearsal, TOML."""
    return (EVENT / "settings.toml").read_text(encoding="utf-8")


def acts() -> tuple[Act, ...]:
    """What followers and facilitators do, in order."""
    cast = json.loads((EVENT / "cast.json").read_text(encoding="utf-8"))
    return tuple(_act(raw, cast["people"]) for raw in cast["acts"])


def photos() -> Mapping[str, str]:
    """What the comms person says of the photos that the blog leaves without a description, by file name."""
    described: Mapping[str, str] = json.loads((EVENT / "cast.json").read_text(encoding="utf-8"))["photos"]
    return described


def saves() -> Iterator[Save]:
    """Every save of the blog post, first to last; the last equals the page as it stood in the end."""
    told = timeline()
    intro: list[str] = []
    days: dict[str, _Day] = {}
    words: list[str] = []
    for step in told["steps"]:
        if step["op"] in ("publish", "set_intro"):
            intro = step["intro"]
        else:
            _grow(days, step)
        words.append(_in_words(step))
        if step.get("same_save_as_next"):
            continue
        html = "\n\n".join([*intro, *_blocks(days)]) + "\n"
        at = datetime.fromisoformat(step["at"])
        yield Save(step["step"], at, told["title"], html, step["entries_after"], "; ".join(filter(None, words)))
        words = []


def cues() -> list[Cue]:
    """The whole script in order: each save at its time, its acts spread over the time until the next save."""
    cast, written = acts(), list(saves())
    placed: list[Cue] = []
    offset, last = timedelta(0), 0
    for number, save in enumerate(written):
        after = written[number + 1].at - save.at if number + 1 < len(written) else _GAP_BETWEEN_LAST
        gap = min(after, LONGEST_GAP)
        placed.append(Cue(offset, save))
        here = [act for act in cast if last < act.step <= save.step]
        last = save.step
        placed += [Cue(offset + gap * (n + 1) / (len(here) + 1), act) for n, act in enumerate(here)]
        offset += gap
    return placed


def questions(cast: Iterable[Act] | None = None) -> dict[str, list[Act]]:
    """The scripted questions by group: everybody who asks the same."""
    groups: dict[str, list[Act]] = {}
    for act in cast if cast is not None else acts():
        if act.expect == "question":
            groups.setdefault(act.question, []).append(act)
    return groups


def _act(raw: Mapping[str, Any], people: Mapping[str, Mapping[str, str]]) -> Act:
    values = {**raw, "flags": tuple(raw.get("flags", ()))}
    person = people.get(raw.get("by", ""), {})
    if person:
        values |= {"by": person.get(raw["network"], person["name"]), "name": person["name"]}
    return Act(**values)


def _grow(days: dict[str, _Day], step: Mapping[str, Any]) -> None:
    op = step["op"]
    if op == "add_day":
        days[step["day"]] = _Day(step["heading"])
    elif op == "set_day_intro":
        days[step["day"]].blocks = step["blocks"]
    elif op == "add_entry":
        entries = days[step["day"]].entries
        _, _, above = step["where"].partition("below:")
        place = next((n + 1 for n, entry in enumerate(entries) if above and entry[0] == above), 0)
        entries.insert(place, (step["entry"], step["heading"], step.get("body", [])))
    elif op in ("edit_heading", "edit_body", "remove_entry"):
        day, place = _find(days, step["entry"])
        name, heading, body = day.entries.pop(place)
        if op != "remove_entry":
            day.entries.insert(place, (name, step.get("heading", heading), step.get("body", body)))


def _find(days: Mapping[str, _Day], entry: str) -> tuple[_Day, int]:
    for day in days.values():
        for place, (name, _, _) in enumerate(day.entries):
            if name == entry:
                return day, place
    raise KeyError(f"the timeline names an entry that is not there: {entry}")


def _blocks(days: Mapping[str, _Day]) -> Iterator[str]:
    for _, day in sorted(days.items(), reverse=True):
        yield day.heading
        yield from day.blocks
        for _, heading, body in day.entries:
            yield heading
            yield from body


def _in_words(step: Mapping[str, Any]) -> str:
    title = step.get("title", "")
    words = {
        "publish": "the blog post goes live with its introduction",
        "add_entry": f"new entry “{title}”",
        "edit_heading": f"heading corrected to “{title}”",
        "edit_body": "an entry gets more text or a picture",
        "remove_entry": "an entry is removed",
        "resave": "saved again with nothing changed",
        "set_day_intro": "a video goes above the entries",
        "set_intro": "the introduction changes",
    }
    return words.get(step["op"], "")
