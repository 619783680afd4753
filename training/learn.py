"""Learns the weights of the triage from the samples beside it: `python -m training.learn` writes bot/core/weights.py.

Plain logistic regression (one softmax over the kinds, one yes-or-no for each flag), AdaGrad with a fixed order of
samples: the same samples give the same weights. Needs no library; takes about a minute.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path
from typing import Any

from bot.core.learned import EVER, FLAGS, KINDS, SCALE
from bot.core.questions import look

HERE = Path(__file__).parent
SAMPLES = HERE / "learned.jsonl"
RULED = HERE.parent / "tests" / "data" / "triage" / "own.jsonl"  # the rules were written on these
OUT = HERE.parent / "bot" / "core" / "weights.py"
TAGS = ("QLabs",)
ROUNDS, STEP, DECAY, START, RARE = 16, 0.15, 0.003, 0.01, 2
FLAG_COUNTS = 3.0  # a flagged sample weighs this much in its flag
BLOCK = 24  # features on a line of the module
HEADS = len(KINDS) + len(FLAGS)


@dataclass(frozen=True, slots=True)
class Sample:
    """One item: its features, the wanted output of each head, and how much each head minds."""

    features: tuple[str, ...]
    wanted: tuple[float, ...]
    minds: tuple[float, ...]


def read(path: Path, *, without_rules: bool = False) -> list[Sample]:
    """The samples of a JSON Lines file; `without_rules` leaves out what the rules say, where they know the answer."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [_sample(line, without_rules) for line in lines]


def _sample(line: dict[str, Any], without_rules: bool) -> Sample:
    found = look(line["text"], lang=line["lang"], tags=TAGS).features
    kept = tuple(one for one in found if not (without_rules and one.startswith("r:")))
    flagged = [float(flag in line["flags"]) for flag in FLAGS]
    kinds = [float(kind.value == line["kind"]) for kind in KINDS]
    minds = [1.0] * len(KINDS) + [FLAG_COUNTS if flag else 1.0 for flag in flagged]
    return Sample((EVER, *kept), (*kinds, *flagged), tuple(minds))


def learn(samples: Sequence[Sample]) -> dict[str, list[float]]:
    """The weights of each feature that at least RARE samples have: averages over the second half of the rounds."""
    counts = Counter(feature for sample in samples for feature in sample.features)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    place = {name: number for number, name in enumerate(names)}
    active = [[place[one] for one in sample.features if one in place] for sample in samples]
    weights = [[0.0] * HEADS for _ in names]
    squares = [[START] * HEADS for _ in names]
    sums = [[0.0] * HEADS for _ in names]
    order = list(range(len(samples)))
    chance = random.Random(7)  # noqa: S311 (an order, no secret)
    for done in range(ROUNDS):
        chance.shuffle(order)
        for number in order:
            _step(weights, squares, active[number], samples[number])
        if done >= ROUNDS // 2:
            sums = [[a + b for a, b in zip(row, now, strict=True)] for row, now in zip(sums, weights, strict=True)]
    return {name: [total / (ROUNDS - ROUNDS // 2) for total in sums[place[name]]] for name in names}


def _step(weights: list[list[float]], squares: list[list[float]], active: Sequence[int], sample: Sample) -> None:
    unit = 1 / sqrt(len(active))
    totals = [sum(weights[one][head] for one in active) * unit for head in range(HEADS)]
    errors = [
        (guess - wish) * mind * unit
        for guess, wish, mind in zip(_guesses(totals), sample.wanted, sample.minds, strict=True)
    ]
    for one in active:
        row, past = weights[one], squares[one]
        for head, error in enumerate(errors):
            slope = error + DECAY * row[head]
            past[head] += slope * slope
            row[head] -= STEP * slope / sqrt(past[head])


def _guesses(totals: Sequence[float]) -> list[float]:
    top = max(totals[: len(KINDS)])
    powers = [exp(total - top) for total in totals[: len(KINDS)]]
    kinds = [power / sum(powers) for power in powers]
    return kinds + [1 / (1 + exp(-total)) for total in totals[len(KINDS) :]]


def source() -> str:
    """A digest of all that is learned from: it is part of the version that each verdict carries."""
    return hashlib.sha256(SAMPLES.read_bytes() + RULED.read_bytes()).hexdigest()


def module(weights: dict[str, list[float]]) -> str:
    """The Python module that holds the weights, as text."""
    rounded = {name: [round(SCALE * weight) for weight in row] for name, row in weights.items()}
    lines = [f"{name}\t{' '.join(map(str, row))}" for name, row in rounded.items() if name == EVER or any(row)]
    blocks = ["\n".join(lines[start : start + BLOCK]) for start in range(0, len(lines), BLOCK)]
    body = "".join(f"    {json.dumps(block, ensure_ascii=False)},\n" for block in blocks)
    return (
        '"""Weights of the triage, in hundredths: made by `python -m training.learn`, never edited by hand."""\n\n'
        f'LEARNED_FROM = "{source()}"\nWEIGHTS = (\n{body})\n'
    )


def main() -> None:
    """Learn, and write the module."""
    samples = read(SAMPLES) + read(RULED, without_rules=True)
    OUT.write_text(module(learn(samples)), encoding="utf-8")


if __name__ == "__main__":
    main()
