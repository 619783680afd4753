"""Identity over 200 seeded edit histories: nothing is announced twice, no edit is put down to another entry."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from bot.core.edits import Changes, Known, compare
from bot.core.items import Entry, EntryPage
from bot.core.liveblog import read_entries
from tests.live_blogs import Editor

HISTORIES, SAVES = 200, 20


@dataclass
class Announcer:
    """Stores what is seen. In every doubt a person, who knows the truth, decides; the machine never does."""

    known: dict[int, Known] = field(default_factory=dict)  # true identity -> stored
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)  # doubts that stand since the last poll

    def poll(self, editor: Editor, done: list[str], seed: int) -> None:
        page = read_entries(editor.html(), timezone="Europe/London", posted=date(2024, 5, 14))
        truth = [written.who for _, written in editor.page()]
        assert len(truth) == len(page.entries), (seed, done)
        changes = compare(list(self.known.values()), page)
        self._judge(changes, page, truth, f"seed {seed} {done}")
        self._keep(page, truth, mishap=editor.hidden)

    def _judge(self, changes: Changes, page: EntryPage, truth: list[int], where: str) -> None:
        who = {id(entry): true for entry, true in zip(page.entries, truth, strict=True)}
        doubted = {who[id(entry)] for doubt in changes.doubts for entry in doubt.entries}
        announced = [who[id(entry)] for entry in changes.new]
        asked = {(doubt.kind, doubt.sentence) for doubt in changes.doubts}
        self._count("doubts", asked - self.asked, "")
        self.figures.update(f"doubt: {kind}" for kind, _ in asked - self.asked)
        self.asked = asked
        self._count("announced", announced, "")
        self._count("edits", changes.edited, "")
        self._count("false new", [w for w in announced if w in self.known], where)
        self._count("false new", [w for w, times in Counter(announced).items() if times > 1], where)
        wrong = [pair for pair in (*changes.edited, *changes.back) if pair[0].id != who[id(pair[1])]]
        self._count("false edits", wrong, where)
        strange = [pair for pair in changes.same if not self._alike(pair[0], who[id(pair[1])], truth)]
        self._count("false same", strange, where)
        self._count("false gone", [each for each in changes.gone if each.id in truth], where)
        settled = {who[id(entry)] for _, entry in (*changes.same, *changes.edited, *changes.back)}
        self._count("missed", set(truth) - settled - set(announced) - doubted, where)

    def _alike(self, known: Known, who: int, truth: list[int]) -> bool:
        """Two entries that are equal to the letter cannot be told apart, and need not be."""
        other = self.known.get(who)
        if other is None:
            return known.id in truth
        return replace(other, id=known.id, position=known.position) == known

    def _count(self, name: str, found: Iterable[object], where: str) -> None:
        found = list(found)
        self.figures[name] += len(found)
        if found and where:
            self.failures.append(f"{name}: {where}: {found}")

    def _keep(self, page: EntryPage, truth: list[int], *, mishap: bool) -> None:
        if mishap:
            return
        for who, known in self.known.items():
            self.known[who] = replace(known, gone=True)
        for position, (entry, who) in enumerate(zip(page.entries, truth, strict=True)):
            self.known[who] = _stored(entry, who, position)


def _stored(entry: Entry, who: int, position: int) -> Known:
    return Known(who, entry.day, entry.time, entry.title, entry.text, entry.key, entry.pictures, position)


def play(seed: int) -> Announcer:
    """One history: a poll after each save."""
    editor, announcer = Editor(random.Random(seed)), Announcer()
    for _ in range(SAVES):
        done = editor.save()
        announcer.figures.update(done)
        announcer.poll(editor, done, seed)
    return announcer


def test_200_edit_histories_have_no_false_new_and_no_false_edit() -> None:
    figures: Counter[str] = Counter()
    failures: list[str] = []
    for seed in range(HISTORIES):
        announcer = play(seed)
        figures += announcer.figures
        failures += announcer.failures
    print(f"\n{HISTORIES} histories, {HISTORIES * SAVES} saves:", dict(sorted(figures.items())))
    assert failures == []
    assert figures["announced"] > 2000
    assert figures["edits"] > 800
    assert figures["doubts"] < 0.25 * HISTORIES * SAVES
