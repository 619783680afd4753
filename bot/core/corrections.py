"""What to do about a post whose entry changed: how much changed, what would be lost, and one thing to suggest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.items import Limits, Reactions
from bot.core.likeness import changed_words
from bot.core.typography import folded

MOST_LETTERS = 2  # that may differ in a word of at least LONG_WORD letters; one in a shorter word
LONG_WORD = 8
MOST_WORDS = 3  # that may be misspelt before it is another text
TURNING = frozenset(
    ["no", "not", "nor", "never", "none", "now", "non", "nicht", "nie", "kein", "keine", "pas", "jamais"]
)  # a letter from or to these matters
REPOST = {"mastodon": "boost"}  # what a network calls it when people pass a post on


class Change(StrEnum):
    """How much the words of a post changed."""

    NONE = "none"
    SPELLING = "spelling"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do on one network (edit, repost, reply, create, delete or leave), and why, in a sentence."""

    do: str
    reason: str


def change(old: str, new: str) -> Change:
    """Whether new words say the same, the same in another spelling, or something else.

    Figures, names in capitals and words that turn a sentence round are never spelling.
    """
    if old == new:
        return Change.NONE
    runs = changed_words(folded(old), folded(new))
    gone = [word for how, words in runs if how == "removed" for word in words.split()]
    come = [word for how, words in runs if how == "added" for word in words.split()]
    slips = len(gone) == len(come) <= MOST_WORDS and all(map(_slip, gone, come))
    return Change.SPELLING if slips else Change.WORDS


def _slip(one: str, other: str) -> bool:
    """Whether two words may be one word, once misspelt."""
    if re.search(r"\d|://|[@#]", one + other):
        return False
    left, right = (re.sub(r"^\W+|\W+$", "", word.casefold()) for word in (one, other))
    if left == right:
        return True
    if {left, right} & TURNING or (one[:1].isupper() and other[:1].isupper() and left[:1] != right[:1]):
        return False
    return _distance(left, right) <= (MOST_LETTERS if min(len(left), len(right)) >= LONG_WORD else 1)


def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour."""
    if abs(len(one) - len(other)) > MOST_LETTERS:
        return MOST_LETTERS + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def told(found: Reactions, network: str = "") -> str:
    """Reactions in words, such as "2 replies and 1 like"; "" if there are none."""
    kinds = (
        (found.replies, "reply", "replies"),
        (found.reposts, REPOST.get(network, "repost"), f"{REPOST.get(network, 'repost')}s"),
        (found.likes, "like", "likes"),
    )
    words = [f"{count:,} {one if count == 1 else many}" for count, one, many in kinds if count]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def suggest(what: Change, rules: Limits, found: Reactions | None, there: int, network: str = "") -> Suggestion:
    """What to do where `there` posts of ours say what the blog said. `found` is None if nobody knows what is lost."""
    if not there:
        return Suggestion("leave", "Nothing about this entry is there.")
    if what is Change.NONE:
        return Suggestion("leave", "It says just that already.")
    if rules.edits:
        return Suggestion("edit", "Nothing is lost.")
    if found is not None and not found.any and rules.deletes:
        return Suggestion("repost", "Nothing is lost.")
    if what is Change.SPELLING:
        return Suggestion("leave", f"Only spelling changed{_kept(found, network)}.")
    return Suggestion("reply" if rules.replies else "create", _reply_reason(found, network))


def _kept(found: Reactions | None, network: str) -> str:
    return (
        f", and deleting would lose {told(found, network)}" if found else ", and nobody knows what deleting would lose"
    )


def _reply_reason(found: Reactions | None, network: str) -> str:
    if found is None:
        return "More than spelling changed, and nobody knows what deleting would lose."
    return f"More than spelling changed, and a reply keeps {told(found, network) or 'the post'}."


def suggest_removal(found: Reactions | None, there: int, network: str = "") -> Suggestion:
    """What to do about posts whose entry was taken off the blog."""
    if not there:
        return Suggestion("leave", "Nothing about this entry is there.")
    if found is not None and not found.any:
        return Suggestion("delete", "Nothing is lost.")
    lost = told(found, network) if found else ""
    what = f"Deleting would lose {lost}." if lost else "Nobody knows what deleting would lose."
    return Suggestion("leave", f"{what} Delete it if it was wrong.")
