"""The Q Lab workshop's live blog as it grew: each save of it, put together from the recorded steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "workshop"
Step = dict[str, Any]


class _Post:
    """The post while it is edited: introduction, days (newest first), entries (top first)."""

    def __init__(self) -> None:
        self.intro: list[str] = []
        self.days: list[str] = []
        self.day_blocks: dict[str, list[str]] = {}
        self.order: dict[str, list[str]] = {}
        self.entries: dict[str, list[str]] = {}

    def apply(self, step: Step) -> None:
        """Do what a step says; an operation that is not known is an error."""
        getattr(self, "_" + step["op"])(step)

    def content(self) -> str:
        """The post's content as the block editor stores it."""
        blocks = list(self.intro)
        for day in self.days:
            blocks += self.day_blocks[day]
            blocks += [block for entry in self.order[day] for block in self.entries[entry]]
        return "\n\n".join(blocks) + "\n"

    def _publish(self, step: Step) -> None:
        self.intro = step["intro"]

    _set_intro = _publish

    def _add_day(self, step: Step) -> None:
        self.days.insert(0, step["day"])
        self.day_blocks[step["day"]] = [step["heading"]]
        self.order[step["day"]] = []

    def _set_day_intro(self, step: Step) -> None:
        self.day_blocks[step["day"]][1:] = step["blocks"]

    def _add_entry(self, step: Step) -> None:
        order = self.order[step["day"]]
        where = step["where"]
        order.insert(0 if where == "top" else order.index(where.removeprefix("below:")) + 1, step["entry"])
        self.entries[step["entry"]] = [step["heading"], *step["body"]]

    def _edit_heading(self, step: Step) -> None:
        self.entries[step["entry"]][0] = step["heading"]

    def _edit_body(self, step: Step) -> None:
        self.entries[step["entry"]][1:] = step["body"]

    def _remove_entry(self, step: Step) -> None:
        for order in self.order.values():
            if step["entry"] in order:
                order.remove(step["entry"])

    def _resave(self, step: Step) -> None:
        """The same content again."""


def timeline() -> Step:
    """The recorded timeline as it is: title, time zone, steps."""
    read: Step = json.loads((FOLDER / "timeline.json").read_text(encoding="utf-8"))
    return read


def final() -> str:
    """The content of the post as it stands at the end."""
    return (FOLDER / "live-blog.html").read_bytes().decode("utf-8")


def expected() -> list[Step]:
    """The 31 entries that a reader must find at the end, in page order."""
    read: list[Step] = json.loads((FOLDER / "expected-entries.json").read_text(encoding="utf-8"))["entries"]
    return read


def states() -> list[tuple[Step, str]]:
    """Each of the 40 saves: the last step that went into it and the content of the post after it."""
    post, saves = _Post(), []
    for step in timeline()["steps"]:
        post.apply(step)
        if not step.get("same_save_as_next"):
            saves.append((step, post.content()))
    return saves
