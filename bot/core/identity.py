"""What an entry is known by: its heading, its words, its pictures. HTML and typography do not count."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.items import Entry, Picture
from bot.core.likeness import LONG
from bot.core.typography import folded


@dataclass(frozen=True)
class Known:
    """An entry as it was stored. `position` is its place on the page at the last read, 0 on top.

    Give the ones that are gone too, marked so: an entry that comes back is then not announced again.
    """

    id: int
    day: str
    time: str
    title: str
    text: str
    key: str = ""
    pictures: tuple[Picture, ...] = ()
    position: int = 0
    gone: bool = False


def differs(known: Known, entry: Entry) -> bool:
    """Whether readers would see another entry: its day, time, words or pictures, not its HTML."""
    return heading(known) != heading(entry) or text(known) != text(entry) or images(known) != images(entry)


def fingerprint(each: Known | Entry) -> bool:
    """Whether there is text enough to know an entry by."""
    return len(text(each)) >= LONG


def heading(each: Known | Entry) -> tuple[str, str, str]:
    """Day, time and title, as far as readers see them."""
    return each.day, each.time, title(each)


def title(each: Known | Entry) -> str:
    """The words of the title."""
    return folded(each.title)


def text(each: Known | Entry) -> str:
    """The words of the text."""
    return folded(each.text)


def images(each: Known | Entry) -> frozenset[str]:
    """File names without the size that a theme or a delivery network adds."""
    return frozenset(_file_name(picture.url) for picture in each.pictures)


def _file_name(url: str) -> str:
    name = url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    stem, dot, kind = name.rpartition(".")
    base, dash, size = stem.rpartition("-")
    sized = dash and all(part.isdigit() for part in size.split("x")) and "x" in size
    return f"{base}{dot}{kind}" if sized else name
