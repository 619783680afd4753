"""The learned part of the triage: adds up weights of features, and names the words that tipped the balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.items import Kind
from bot.core.weights import LEARNED_FROM, WEIGHTS

KINDS = (Kind.QUESTION, Kind.THOUGHT, Kind.NOISE)
FLAGS = ("personal_data", "distress", "abuse", "spam", "medical_advice")
SCALE = 100  # weights are kept as whole hundredths
EVER = "ever"  # the feature that every item has

# A question that is missed is lost to the room; one too many costs a tap. A cry for help that is missed may cost more.
_LEAN = (0.35, 0.0, 0.0)
_RAISED_ABOVE = {"personal_data": -0.5, "distress": -0.6, "abuse": -0.6, "spam": -0.3, "medical_advice": -0.9}
_WORDS = ("w:", "b:")


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the weights say: a kind, by how much it beats the next one, and the flags that they raise."""

    kind: Kind
    margin: float
    flags: frozenset[str]


def _read(lines: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The weights of each feature, one for each of KINDS and FLAGS, from lines of `feature TAB eight numbers`."""
    parted = (line.rpartition("\t") for block in lines for line in block.split("\n"))
    return {feature: tuple(map(int, numbers.split())) for feature, _, numbers in parted}


_WEIGHTS = _read(WEIGHTS)
VERSION = LEARNED_FROM[:8]


def weigh(features: Sequence[str]) -> Leaning:
    """What the weights say of an item with these features."""
    rows = [_WEIGHTS[EVER], *(_WEIGHTS[one] for one in features if one in _WEIGHTS)]
    unit = SCALE * len(rows) ** 0.5
    totals = [sum(column) / unit for column in zip(*rows, strict=True)]
    kinds = [total + lean for total, lean in zip(totals, _LEAN, strict=False)]
    first, second, _ = sorted(kinds, reverse=True)
    raised = zip(FLAGS, totals[len(KINDS) :], strict=True)
    flags = frozenset(flag for flag, total in raised if total > _RAISED_ABOVE[flag])
    return Leaning(KINDS[kinds.index(first)], first - second, flags)


def telling(features: Sequence[str], verdict: str, most: int = 3) -> list[str]:
    """The words that spoke most for `verdict`, a kind or a flag: at most `most`, the weightiest first."""
    place = [*(kind.value for kind in KINDS), *FLAGS].index(verdict)
    spoke = [(_WEIGHTS[one][place], one) for one in features if one.startswith(_WORDS) and one in _WEIGHTS]
    heavy = sorted((-weight, one) for weight, one in spoke if weight >= SCALE // 10)
    said: list[str] = []
    for _, one in heavy:
        words = one[2:].strip("^$~ ")
        if (len(words) > 3 or not words.isascii()) and not any(words in known or known in words for known in said):
            said.append(words)
    return said[:most]
