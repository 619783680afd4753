"""Killed at any moment and started again, nothing is lost, nothing goes out twice, and nothing rests silently.

``BACKCHANNEL_KILLS=20`` plays the whole script and kills that often; without it a first part is played, with 4 kills.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot import desk
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.script import cues
from bot.rehearse import Player
from bot.store import rehearsed, schema
from bot.store.engine import Store
from bot.store.tables import change, delivery, item, post, question, version
from tests.flows.house import ADA, NAMES, POSTERS
from tests.flows.program import Program, free_port, played, until

KILLS = int(os.environ.get("BACKCHANNEL_KILLS", "0"))
BEGINNING = 34  # cues, about a third
SettingsText = Callable[[Path, int], str]


@dataclass
class Campaign:
    """One run of the script while the program is killed; `settings` may put real servers in place of stand-ins."""

    folder: Path
    kills: int
    upto: int
    settings: SettingsText = played
    seed: int = 11
    store: Store = field(init=False)
    remote: Remote = field(init=False)
    program: Program = field(init=False)
    killed_at: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "settings.toml").write_text(self.settings(self.folder, free_port()))
        self.store = Store(f"sqlite:///{self.folder / 'backchannel.db'}")
        schema.migrate(self.store)
        self.remote = Remote(self.folder / "remote.db")
        self.player = Player(self.remote, self.store, print, speed=200, patience=90)

    def run(self) -> None:
        """Play, kill, start again, and let everything come to rest."""
        chance = random.Random(self.seed)
        self.player.start()
        self._start()
        marks = sorted(chance.sample(range(1, self.upto - 2), self.kills))
        for mark in marks:
            until(lambda mark=mark: self.cue() >= mark, f"cue {mark} was played", 180)  # type: ignore[misc]
            self._answer()
            self._wait_for_a_moment(chance)
            self.program.kill()
            self.killed_at.append(self.cue())
            self._start()
        until(lambda: self.cue() >= self.upto, f"cue {self.upto} was played", 240)
        self.player.stop(60)
        assert self.player.failure is None
        until(self._at_rest, "everything is settled")
        time.sleep(1.5)  # a second copy would come now
        until(self._at_rest, "everything is settled")
        assert self.program.stop() == 0, (self.folder / "said.txt").read_text()[-2000:]

    def close(self) -> None:
        """Leave nothing running, and let go of the files."""
        self.program.kill()
        self.player.stop(60)
        self.remote.close()
        self.store.close()

    def cue(self) -> int:
        """How many cues of the script were played."""
        return int(self.remote.noted("played", "0"))

    def _start(self) -> None:
        self.program = Program(self.folder, "run", "--config", str(self.folder / "settings.toml"))

    def _answer(self) -> None:
        """Somebody at the desk answers the newest question that waits."""
        with self.store.read() as tx:
            newest = select(func.max(question.c.id)).where(question.c.state == "waiting")
            asked = tx.execute(newest).scalar()
        if asked is not None:
            desk.answer(self.store, ADA, asked, f"Thank you, we took number {asked} into the room.")

    def _wait_for_a_moment(self, chance: random.Random) -> None:
        """Any moment, or (every other time) the one just after a call had its effect."""
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0.0, 2.5))
            return
        before, late = self._effects(), time.monotonic() + 8
        while self._effects() == before and time.monotonic() < late:
            time.sleep(0.0005)

    def _effects(self) -> int:
        return sum(self.remote.counted(name, "send") for name in NAMES)

    def _at_rest(self) -> bool:
        with self.store.read() as tx:
            return rehearsed.on_its_way(tx) == 0 and self._all_read(tx)

    def _all_read(self, tx: Connection) -> bool:
        stored = {(row.network, row.native_id) for row in tx.execute(select(item.c.network, item.c.native_id))}
        return all((name, native_id) in stored for name in NAMES for native_id in self._shown(name))

    def _shown(self, name: str) -> list[str]:
        posts = self.remote.said(name)
        return [
            one.native_id for one in posts if one.standing in ("public", "held") and not one.repost and not one.broken
        ]


def judge(campaign: Campaign, names: Sequence[str] = NAMES) -> dict[str, int]:
    """What was lost, doubled or left, by the remote side and the database; and how often a kill left a doubt.

    `names` are the networks that were played: what went to a real one has to be judged there.
    """
    remote, store = campaign.remote, campaign.store
    with store.read() as tx:
        rows = tx.execute(select(delivery)).all()
        approved = tx.execute(
            select(version.c.post_id, version.c.network, version.c.item_id, version.c.action)
            .join(post, post.c.id == version.c.post_id)
            .where(post.c.state == "approved", version.c.chosen, version.c.problem == "")
        ).all()
        unsure = tx.execute(select(func.count()).where(change.c.what == "delivery unsure")).scalar_one()
        entries = tx.execute(select(func.count()).where(post.c.kind == "update")).scalar_one()
        twice_kept = tx.execute(select(item.c.native_id).group_by(item.c.network, item.c.native_id).having(
            func.count() > 1)).all()  # fmt: skip
    there = {(name, one.key): one for name in NAMES for one in remote.posts(name, gone=True)}
    copies = Counter((name, one.key) for name in NAMES for one in remote.posts(name, gone=True))
    words = Counter((name, one.text, one.parent_id) for name in NAMES for one in remote.posts(name, gone=True))
    creates = [row for row in rows if row.action == "create" and row.network in names]
    sent = [row for row in creates if row.state == "sent"]
    return {
        "updates": entries,
        "deliveries": len(rows),
        "answers": sum(row.item_id > 0 and row.state == "sent" for row in creates),
        "posts": sum(copies.values()),
        "lost": sum((row.network, row.key) not in there for row in sent),
        "unknown to us": len(there.keys() - {(row.network, row.key) for row in creates}),
        "twice": sum(n - 1 for n in copies.values()) + sum(n - 1 for n in words.values()),
        "not queued": len(approved) - len({(row.post_id, row.network, row.item_id, row.action) for row in rows}),
        "wrong receipt": sum(there[row.network, row.key].native_id != row.remote_id for row in sent
                             if (row.network, row.key) in there),
        "resting": sum(row.state not in ("sent", "asking") for row in rows),
        "asking": sum(row.state == "asking" for row in rows),
        "asking without a reason": sum(row.state == "asking" and not (row.error and row.evidence) for row in rows),
        "items twice": len(twice_kept),
        "kills": len(campaign.killed_at),
        "unsure on the way": unsure,
    }  # fmt: skip


@pytest.mark.timeout(60 + 60 * max(KILLS, 4))
def test_killed_again_and_again_it_loses_nothing_and_posts_nothing_twice(tmp_path: Path) -> None:
    upto = len(cues()) if KILLS else BEGINNING
    campaign = Campaign(tmp_path, KILLS or 4, upto)
    try:
        campaign.run()
        found = judge(campaign)
    finally:
        campaign.close()
    print(found)
    assert campaign.player.report.missed == []
    faults = {"lost", "twice", "unknown to us", "not queued", "wrong receipt", "resting", "items twice"}
    assert {name: found[name] for name in faults | {"asking without a reason"} if found[name]} == {}
    assert found["kills"] == (KILLS or 4)
    assert found["posts"] >= len(POSTERS) * 8
    assert found["answers"] >= 1
    if KILLS:
        assert found["updates"] == 32
