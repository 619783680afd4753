"""A crowd on X and on Bluesky: bursts above a page, late posts, edits and deletions, seen by two sources, stored once.

The crowd on Mastodon, where two servers overlap, is in ``test_mastodon_flow``.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import housekeep
from bot.store.tables import sighting, source
from tests.doubles.bluesky_server import ASHA, BRYN, ME, tagged
from tests.flows.doors import Doors, doors
from tests.networks.x_scene import US

MANY = 500
SEED = int(os.environ.get("BACKCHANNEL_SEED", "11"))  # another one plays another crowd
FEW = MANY // 20  # 5 %
BURSTS = {0: 130, 250: 230}  # more than a page holds at once
HALF_LATE = 60.0  # seconds; X is read again from three minutes below its newest post


class OnX:
    """Who writes on X."""

    def __init__(self, made: Doors) -> None:
        self.x, self.clock = made.x, made.house.clock

    def say(self, number: int, text: str, late: float, naming: bool) -> str:
        now = self.clock()
        said = f"@{US} {text}" if naming else text
        return self.x.post(f"reader{number % 40}", said, at=now, visible_at=now + timedelta(seconds=late))

    def show(self) -> None:
        """X shows by itself what is late."""

    def edit(self, native: str, text: str) -> None:
        self.x.edit(native, text)

    def delete(self, native: str) -> None:
        self.x.delete(native)


class OnBluesky:
    """Who writes on Bluesky; what is late is indexed later than it was written."""

    def __init__(self, made: Doors) -> None:
        self.server, self.clock = made.bluesky, made.house.clock
        self.waiting: list[tuple[float, str]] = []

    def say(self, number: int, text: str, late: float, naming: bool) -> str:
        facets = [tagged(text, "QLabs")]
        if naming:
            text = f"{text} @qcommunity.test"
            index = {"byteStart": len(text) - 16, "byteEnd": len(text)}
            facets.append({"index": index, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": ME}]})
        native = self.server.say((ASHA, BRYN)[number % 2], text, facets=facets)
        if late:
            self.server.unindexed.add(native)
            self.waiting.append((self.clock().timestamp() + late, native))
        return native

    def show(self) -> None:
        """What is late enough is indexed."""
        for at, native in self.waiting:
            if at <= self.clock().timestamp():
                self.server.unindexed.discard(native)

    def edit(self, native: str, text: str) -> None:
        self.server.records[native]["value"]["text"] = text

    def delete(self, native: str) -> None:
        del self.server.records[native]


Crowd = OnX | OnBluesky
CROWDS: dict[str, Callable[[Doors], Crowd]] = {"x": OnX, "bluesky": OnBluesky}


@pytest.fixture(params=CROWDS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Doors]]:
    name = str(request.param)
    with doors(tmp_path) as opened:
        for other in set(opened.house.networks) - {name}:
            opened.house.networks.pop(other).close()
        yield name, opened


def _words(number: int) -> str:
    return f"Question {number}: who pays for visit {number * 7919} of ward {number * 104729}? #QLabs"


def _played(made: Doors, crowd: Crowd, late: set[int], dice: random.Random) -> list[str]:
    """Everybody writes, in bursts, while we read; the native ids in the order of writing."""
    natives: list[str] = []
    while len(natives) < MANY:
        burst = BURSTS.get(len(natives), dice.randint(4, 24))
        for number in range(len(natives), min(len(natives) + burst, MANY, *(n for n in BURSTS if n > len(natives)))):
            made.house.clock.go(0.05)
            wait = dice.uniform(HALF_LATE, 2 * HALF_LATE) if number in late else 0.0
            natives.append(crowd.say(number, _words(number), wait, naming=number % 5 == 0))
        made.tick()
        crowd.show()
    return natives


def test_a_crowd_is_stored_once_and_whole_and_what_is_deleted_leaves_queue_and_room(made: tuple[str, Doors]) -> None:
    name, opened = made
    dice = random.Random(SEED)
    crowd = CROWDS[name](opened)
    opened.tick()
    shuffled = dice.sample(range(MANY), MANY)
    late, edited, deleted = (set(shuffled[at : at + FEW]) for at in (0, FEW, 2 * FEW))
    natives = _played(opened, crowd, late, dice)
    for _ in range(6):
        opened.tick()
        crowd.show()
    rows = {row.native_id: row for row in opened.house.items()}
    assert Counter(row.native_id for row in opened.house.items()) == Counter(natives)
    raised = [opened.house.question_of(natives[number]) for number in sorted(deleted)[:3]]
    for one in raised:
        opened.house.project(one, f"Screen {one}")
    stays = opened.house.question_of(natives[min(set(range(MANY)) - deleted - edited)])
    opened.house.project(stays)
    assert all(opened.house.on_screens())
    for number in edited:
        crowd.edit(natives[number], rows[natives[number]].text.replace("who pays", "who really pays"))
    for number in deleted:
        crowd.delete(natives[number])
    opened.house.clock.go(700)
    while housekeep.recheck(opened.house.store, name, opened.house.networks[name]):
        pass
    assert [bool(words) for words in opened.house.on_screens()] == [*(False for _ in raised), True]
    opened.tick(times=2)
    rows = {row.native_id: row for row in opened.house.items()}
    assert len(rows) == MANY
    assert {one for one in rows if rows[one].standing == "gone"} == {natives[number] for number in deleted}
    assert {one for one in rows if "really" in rows[one].text} == {natives[number] for number in edited}
    questions = {row.id: row.state for row in opened.house.questions()}
    assert Counter(questions.values()) == {"waiting": MANY - FEW - 1, "room": 1, "gone": FEW}
    assert {questions[one] for one in raised} == {"gone"}
    assert _seen_twice(opened) == MANY // 5


def _seen_twice(made: Doors) -> int:
    """How many were seen by the hashtag and by the mentions."""
    with made.house.store.read() as tx:
        rows = tx.execute(select(sighting.c.item_id, source.c.kind).join(source, source.c.id == sighting.c.source_id))
        kinds = Counter(row.item_id for row in rows)
    return len([one for one in kinds.values() if one == 2])
