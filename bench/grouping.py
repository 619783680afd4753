"""How long it takes to judge and group 10,000 new items among 1,000 and among 100,000 stored ones.

`python -m bench.grouping` prints a Markdown table; `--items` and `--stored` take other numbers (processor time).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.core.groups import Groups
from bot.core.questions import judge

SAMPLES = Path(__file__).parent.parent / "training" / "learned.jsonl"
THEMES = ("Access", "Buy-in and culture", "Evidence", "Workforce")


def texts(seed: int) -> Iterator[str]:
    """Texts without end: our samples with two words exchanged for words of others, so that few are repeats."""
    chance = random.Random(seed)  # noqa: S311 (an order, no secret)
    wordings = [json.loads(line)["text"].split() for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    words = sorted({word for wording in wordings for word in wording})
    while True:
        wording = list(chance.choice(wordings))
        for _ in range(2):
            wording[chance.randrange(len(wording))] = chance.choice(words)
        yield " ".join(wording)


def seconds(items: int, stored: int) -> tuple[float, float]:
    """Processor time to judge `items` new texts, and to look each up among `stored` ones and remember it."""
    groups, earlier, new = Groups(), texts(1), texts(2)
    for number in range(stored):
        groups.add(number, next(earlier))
    fresh = [next(new) for _ in range(items)]
    began = time.process_time()
    for text in fresh:
        judge(text, themes=THEMES, tags=("QLabs",))
    judged = time.process_time()
    for number, text in enumerate(fresh, stored):
        groups.find(text)
        groups.add(number, text)
    return judged - began, time.process_time() - judged


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--stored", type=int, nargs="+", default=[1_000, 100_000])
    said = asked.parse_args()
    rows = ["| new items | stored | judged (s) | grouped (s) | both (items/s) |", "| --- | --- | --- | --- | --- |"]
    for stored in said.stored:
        judged, grouped = seconds(said.items, stored)
        rate = said.items / (judged + grouped)
        rows.append(f"| {said.items} | {stored} | {judged:.1f} | {grouped:.1f} | {rate:.0f} |")
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
