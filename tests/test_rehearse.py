"""The player beside the real flows: two days in seconds, through collect, announce, deliver and the desk."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import announce, collect, deliver
from bot.core.items import Limits
from bot.core.states import Timing
from bot.core.text import default_limits
from bot.networks import open_network
from bot.networks.base import Network, Options
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.script import acts, cues, questions
from bot.rehearse import Player
from bot.store import events, networks, rehearsed
from bot.store.engine import Store
from bot.store.events import EventPlan, SourcePlan
from bot.store.tables import delivery, item, metadata, post, question

NAMES = ("x", "mastodon", "bluesky", "wordpress")
POSTERS = ("x", "mastodon", "bluesky")
TIMING = Timing(timedelta(seconds=2), timedelta(seconds=5), (0.2, 0.2, 0.2))


class Hands:
    """What a worker does, over and over, without a scheduler."""

    def __init__(self, store: Store, remote: Remote, faults: dict[str, object] | None = None) -> None:
        self._store = store
        self._networks: dict[str, Network] = {}
        with store.write() as tx:
            for name in NAMES:
                networks.ensure(tx, name, default_limits(name))
        for name in NAMES:
            extra = {"faults": faults or {}, "slow": 0.01, "sweep": 1}
            options = Options(f"rehearsal:{remote.path}", extra=extra)
            self._networks[name] = open_network(
                name, options, networks.RowMemory(store, name), lambda: datetime.now(UTC)
            )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.failure: BaseException | None = None

    def __enter__(self) -> Hands:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        for network in self._networks.values():
            network.close()
        if self.failure is not None:
            raise self.failure

    def _work(self) -> None:
        try:
            while not self._stop.wait(0.01):
                deliver.end_grace(self._store)
                for name, network in self._networks.items():
                    collect.read_one(self._store, network, name, TIMING)
                    announce.read_blog(self._store, network, name, TIMING)
                    while deliver.send_one(self._store, network, name, TIMING):
                        pass
                    deliver.look_one(self._store, network, name, TIMING)
        except BaseException as failure:
            self.failure = failure


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    made = Remote(tmp_path / "remote.db")
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'backchannel.db'}")
    metadata.create_all(made.engine)
    blog = "https://q.example/blog/live-blog/"
    plan = EventPlan(
        "peer-support", "Workshop", "Europe/London", None, None, 90,
        {
            "announce": {"mode": "grace", "seconds": 0, "networks": list(POSTERS)}, "hashtags": ["QLabs"],
            "links": {"x": "never"}, "themes": ["Access", "Buy-in and culture", "Evidence", "Workforce"],
        },
        (
            *(SourcePlan(name, "hashtag", "QLabs", 0.05) for name in POSTERS),
            SourcePlan("wordpress", "comments", blog, 0.05), SourcePlan("wordpress", "liveblog", blog, 0.05),
        ),
    )  # fmt: skip
    with made.write() as tx:
        events.prepare(tx)
        events.sync(tx, made.now(tx), [plan], [SourcePlan("x", "mentions", "theQCommunity", 0.05)])
    yield made
    made.close()


def _once_each(remote: Remote, store: Store) -> None:
    """Every delivery that is sent is one post there, and every post there is one delivery."""
    with store.read() as tx:
        sent = tx.execute(select(delivery.c.network, delivery.c.remote_id).where(delivery.c.state == "sent")).all()
    assert Counter(tuple(row) for row in sent) == Counter(
        (one.network, one.native_id) for name in NAMES for one in remote.posts(name)
    )


def test_the_workshop_is_announced_corrected_and_answered_exactly_once(remote: Remote, store: Store) -> None:
    said: list[str] = []
    player = Player(remote, store, said.append, speed=200, patience=30)
    player.begin()
    with Hands(store, remote):
        report = player.play()
    assert report.missed == []
    assert report.announced == dict.fromkeys(POSTERS, 32)
    assert (report.corrections, report.removals, report.asking) == (4, 1, 0)
    assert report.questions == report.groups == len(questions())
    _once_each(remote, store)
    assert said[-len(report.sentences()) - 1] == "The rehearsal is over."
    with store.read() as tx:
        asked = Counter(tx.execute(select(question.c.state)).scalars())
        assert asked["answered"] == asked["parked"] == asked["dismissed"] == asked["merged"] == asked["gone"] == 1
        gp = tx.execute(select(question).where(question.c.state == "answered")).one()
        assert gp.times_asked == len(questions()["gp"])
        expected = len([act for act in acts() if act.expect and act.do == "say"])
        assert rehearsed.tally(tx).items == expected
        held = tx.execute(select(item.c.standing).where(item.c.network == "wordpress")).scalars().all()
        assert "hidden" in held
    answered = [one for name in NAMES for one in remote.posts(name) if one.parent_id]
    assert Counter(one.network for one in answered) == Counter(NAMES)


def test_faults_on_every_network_change_nothing_of_what_comes_out(remote: Remote, store: Store) -> None:
    player = Player(remote, store, lambda _: None, speed=200, patience=60)
    player.begin()
    faults = {"seed": 3, "send": 0.15, "read": 0.05, "kinds": ["lost", "error-after", "error-before", "slow"]}
    with Hands(store, remote, faults):
        report = player.play()
    _once_each(remote, store)
    with store.read() as tx:
        updates = select(delivery.c.network, delivery.c.state).join(post, post.c.id == delivery.c.post_id)
        states = Counter(tuple(row) for row in tx.execute(updates.where(post.c.kind == "update")).all())
    for name in POSTERS:  # X has no key: what was not found there asks a person, and is not sent again
        assert states[name, "sent"] + states[name, "asking"] == 32
    assert states["mastodon", "sent"] == states["bluesky", "sent"] == 32
    assert (report.corrections, report.removals) == (4, 1)
    assert report.questions == report.groups
    assert any(call.effect and "NoAnswer" in call.outcome for call in remote.calls("mastodon", "send"))


def _until(remote: Remote, played: int) -> None:
    until = time.monotonic() + 60
    while int(remote.noted("played", "0")) < played:
        assert time.monotonic() < until, f"only {remote.noted('played')} played"
        time.sleep(0.01)


def test_a_stopped_player_goes_on_where_it_stopped_and_nothing_happens_twice(remote: Remote, store: Store) -> None:
    said: list[str] = []
    with Hands(store, remote):
        first = Player(remote, store, lambda _: None, speed=300, patience=30)
        first.start()
        _until(remote, 20)
        first.stop()
        stopped_at = int(remote.noted("played"))
        second = Player(remote, store, said.append, speed=300, patience=30)
        second.start()
        _until(remote, 45)
        second.stop()
    assert (first.failure, second.failure) == (None, None)
    assert not second.done
    assert said[0] == f"Going on with the rehearsal at {stopped_at + 1} of {len(cues())}."
    slugs = [one.slug for name in NAMES for one in remote.said(name)]
    assert len(slugs) == len(set(slugs)) > 10
    _once_each(remote, store)


def test_without_a_worker_the_player_says_so_and_comes_to_an_end(remote: Remote, store: Store) -> None:
    said: list[str] = []
    player = Player(remote, store, said.append, speed=10**6, patience=0.01)
    report = player.play()
    assert any("is the worker running" in sentence for sentence in said)
    assert len(report.missed) >= 40
    assert report.announced == {}


def test_what_goes_wrong_in_the_thread_is_kept_and_said(remote: Remote, store: Store) -> None:
    said: list[str] = []
    player = Player(remote, store, said.append, speed=10**6, settled=lambda: 1 / 0 > 0, patience=10)
    with Hands(store, remote):
        player.start()
        player.join(30)
    assert isinstance(player.failure, ZeroDivisionError)
    assert any("The rehearsal stopped" in sentence for sentence in said)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float, remote: Remote, store: Store) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Player(remote, store, print, speed=speed)


def test_limits_are_known_for_every_network_of_the_rehearsal() -> None:
    assert all(isinstance(default_limits(name), Limits) for name in NAMES)
