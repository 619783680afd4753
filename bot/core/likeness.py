"""How much two texts have in common, and which words changed between them."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from bot.core.typography import folded

LONG = 40  # letters from which a text is a fingerprint of its entry
_MOST_WORDS = 1500  # per side; beyond it a word-by-word comparison takes too long


def title_likeness(one: str, other: str) -> float:
    """From 0 to 1, letter by letter, capitals and typographic signs aside."""
    return SequenceMatcher(None, folded(one).casefold()[:300], folded(other).casefold()[:300], autojunk=False).ratio()


def text_likeness(one: str, other: str) -> float:
    """From 0 to 1 by shared words; a text that goes on where the other ends is 1, and so are two empty ones."""
    one, other = folded(one).casefold(), folded(other).casefold()
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= LONG and longer.startswith(shorter):
        return 1.0
    words, others = Counter(one.split()), Counter(other.split())
    return 2 * (words & others).total() / (words.total() + others.total())


def changed_words(old: str, new: str) -> list[tuple[str, str]]:
    """What a person must read of a change: runs of words as (``same`` | ``removed`` | ``added``, text)."""
    before, after = re.findall(r"\S+", old), re.findall(r"\S+", new)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    middle, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    runs = [("same", before[:head]), *_runs(middle, middle_after), ("same", before[len(before) - tail :])]
    joined: list[tuple[str, str]] = []
    for kind, words in runs:
        if words and joined and joined[-1][0] == kind:
            joined[-1] = (kind, " ".join((joined[-1][1], *words)))
        elif words:
            joined.append((kind, " ".join(words)))
    return joined


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _runs(before: list[str], after: list[str]) -> list[tuple[str, list[str]]]:
    if len(before) > _MOST_WORDS or len(after) > _MOST_WORDS:
        return [("removed", before), ("added", after)]
    runs: list[tuple[str, list[str]]] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", before[i:j]))
        else:
            runs += [("removed", before[i:j]), ("added", after[k:m])]
    return runs
