"""What people ask of whoever reads them: the marks of a post and its author, and what each of them means for us.

A mark never keeps a post from the desk, since its author used the event's hashtag or named us. It says how far from the
desk the words may go.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Mark(StrEnum):
    """One wish of an author. Stored: keep them few."""

    BOTS = "no_bots"  # the profile asks programs to stay away
    COPIES = "no_copies"  # not to be copied or indexed
    FINDING = "no_finding"  # not to be found by search or recommended
    STRANGERS = "no_strangers"  # not to be shown to people who are not signed in
    WARNED = "warned"  # behind a content warning: its readers choose before they read


SHOWN_TO_A_ROOM = frozenset({Mark.FINDING})  # a room is not a search


def stored(marks: Iterable[Mark]) -> tuple[str, ...]:
    """Marks as an item holds them."""
    return tuple(sorted({mark.value for mark in marks}))


def may_be_shown(marks: Iterable[str]) -> bool:
    """Whether the author's own words may be shown or read out in the room; else a person words them anew."""
    return set(marks) <= SHOWN_TO_A_ROOM


def may_be_quoted(marks: Iterable[str]) -> bool:
    """Whether the author's own words may stand on a page for anyone, or in a post of ours; else only a link to them."""
    return not set(marks)


def may_be_answered(marks: Iterable[str], *, named_us: bool) -> bool:
    """Whether a program may answer: who wants no bots is answered only after having named us."""
    return named_us or Mark.BOTS not in set(marks)


def marks_of_words(words: str, asking: Iterable[tuple[str, Iterable[str]]]) -> frozenset[str]:
    """The marks that hold for a question's words: those of all who ask in just these words, else of all who ask."""
    asked = [(text, frozenset(marks)) for text, marks in asking]
    same = [marks for text, marks in asked if text == words]
    return frozenset().union(*(same or [marks for _, marks in asked]))
