"""Which items ask the same: in the same words for certain, in other words with a likeness that is told.

An index, not all pairs: what is looked up is compared with those that share two of its weightiest meanings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from bot.core.meanings import GENERIC, focus, folded, meanings, root
from bot.core.sameness import Index
from bot.core.wording import excerpt, plain, without_tags

CLOSE = 0.45  # from here on two wordings are taken for one question where nobody is there to say
UNSURE = 0.4  # what look-alikes that say different things are taken for: offered, never joined
OFFER = 0.3  # from here on a person is asked whether they are
_BUILT_ALIKE = 0.5  # of their words in the same order: two wordings are built alike
_ENOUGH = 1.25  # shared weight below which a likeness is by chance: an idea in the same word
_KEYS_OF = 4  # weightiest meanings of a text whose pairs are its keys
_CROWDED = 60  # of the texts under one key, the newest that are met
_COMPARED = 20  # of those that are met, the ones met most often that are compared


class Match(NamedTuple):
    """An earlier text that may ask the same: `likeness` from 0 to 1; `same` where its words are the same."""

    id: int
    likeness: float
    same: bool


class _Sense(NamedTuple):
    words: tuple[str, ...]
    meanings: dict[str, float]
    focus: str
    numbers: frozenset[str]


def likeness(a: str, b: str) -> float:
    """How much two texts seem to ask the same, 0 to 1, by what their words mean."""
    return _alike(_sense(a), _sense(b))


class Groups:
    """The texts of one event, found again by what they ask."""

    def __init__(self) -> None:
        self._index = Index()
        self._senses: dict[int, _Sense] = {}
        self._under: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._senses)

    def add(self, id: int, text: str) -> None:
        """Remember `text` under `id`, an id that is not known yet."""
        self._index.add(id, text)
        sense = self._senses[id] = _sense(text)
        for key in _keys(sense):
            self._under[key].append(id)

    def find(self, text: str, most: int = 5) -> list[Match]:
        """Earlier texts that ask the same or may do so (likeness from OFFER on), the likeliest first."""
        same = self._index.find(text)
        sense = _sense(text)
        under = (self._under.get(key, [])[-_CROWDED:] for key in _keys(sense))
        met = Counter(id for ids in under for id in ids if id != same)
        near = [id for id, _ in met.most_common(_COMPARED)]
        found = [Match(id, _alike(sense, self._senses[id]), False) for id in near]
        found = sorted((one for one in found if one.likeness >= OFFER), key=lambda one: (-one.likeness, one.id))
        return ([Match(same, 1.0, True)] if same is not None else []) + found[:most]


def grouped(texts: Iterable[str]) -> list[int]:
    """The group of each text in order, numbered by the place of its first: same words always, other words if CLOSE.

    A text never joins a group that holds its look-alike, nor one whose first text is a stranger to it.
    """
    index, of = Groups(), list[int]()
    members: defaultdict[int, list[_Sense]] = defaultdict(list)
    for place, text in enumerate(texts):
        sense = _sense(text)
        found = index.find(text)
        fits = (of[match.id] for match in found if match.same or _joins(match, sense, members[of[match.id]]))
        of.append(next(fits, place))
        members[of[place]] = [*members[of[place]], sense][:_CROWDED]
        index.add(place, text)
    return of


def _joins(match: Match, sense: _Sense, members: list[_Sense]) -> bool:
    close = match.likeness >= CLOSE and _alike(sense, members[0]) >= OFFER
    return close and not any(_contrast(sense, one) for one in members)


def _sense(text: str) -> _Sense:
    said = folded(without_tags(excerpt(plain(text))))
    return _Sense(tuple(said), meanings(said), focus(said), frozenset(word for word in said if word.isdigit()))


def _keys(sense: _Sense) -> list[tuple[str, str]]:
    heavy = sorted(sense.meanings, key=lambda name: (-sense.meanings[name], name))[:_KEYS_OF]
    return [(a, b) if a < b else (b, a) for a, b in combinations(heavy, 2)]


def _alike(a: _Sense, b: _Sense) -> float:
    """Shared weight over all weight (Dice); less where they ask for different things, none where numbers differ.

    Different questions in the same words never count as CLOSE: they say one thing where the other says another.
    """
    if a.numbers != b.numbers or not a.meanings or not b.meanings:
        return 0.0
    shared = sum(weight for name, weight in a.meanings.items() if name in b.meanings)
    rate = 2 * shared / (sum(a.meanings.values()) + sum(b.meanings.values()))
    if a.focus != b.focus and a.focus and b.focus:
        rate *= 0.75
    own = sum(weight for name, weight in a.meanings.items() if name in b.meanings and weight > GENERIC)
    if own < _ENOUGH:
        rate *= 0.75
    return min(rate, UNSURE) if rate >= CLOSE and _contrast(a, b) else rate


def _contrast(a: _Sense, b: _Sense) -> bool:
    """Whether two wordings are built alike and differ in what stands at one place, or in who does it to whom."""
    roots = [root(word) for word in a.words], [root(word) for word in b.words]
    if sorted(roots[0]) == sorted(roots[1]):
        return roots[0] != roots[1]
    parts = SequenceMatcher(None, a.words, b.words, autojunk=False).get_opcodes()
    alike = sum(end - start for kind, start, end, _, _ in parts if kind == "equal")
    if 2 * alike < _BUILT_ALIKE * (len(a.words) + len(b.words)):
        return False
    if a.focus != b.focus:
        return True
    swaps = ((a.words[i:j], b.words[k:m]) for kind, i, j, k, m in parts if kind == "replace")
    return any(_apart(meanings(list(left)), meanings(list(right))) for left, right in swaps)


def _apart(left: dict[str, float], right: dict[str, float]) -> bool:
    return bool(left and right) and not left.keys() & right.keys()
