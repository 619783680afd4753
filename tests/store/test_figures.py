"""The figures of the overview count what was asked, when and where, and how soon somebody looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import desk
from bot.desk import Who
from bot.store import figures
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.scene import NOW, Clock, Scene, ago


@pytest.fixture
def scene(engine_url: str) -> Iterator[Scene]:
    store = Store(engine_url, Clock())
    metadata.create_all(store.engine)
    yield Scene(store)
    store.close()


def asked(scene: Scene) -> figures.Asked:
    with scene.store.read() as tx:
        return figures.asked(tx, NOW, scene.event_id)


def test_each_post_that_asks_counts_in_its_quarter_and_for_its_network(scene: Scene) -> None:
    scene.question("Now?", "bluesky", 0.5, also=(("x", "Now too?"),))
    scene.question("Just before?", "x", 11.5)  # 2:59:30
    scene.question("On the hour?", "x", 11.0)  # 3:00:00
    scene.question("Long ago?", "x", 60 * 4)
    scene.thought("No question.", "", "x", 3)
    counted = asked(scene)
    assert counted.start == NOW.replace(hour=10, minute=15)
    assert list(counted.by_network) == ["x", "bluesky"]
    assert counted.by_network["x"][-2:] == (1, 2)
    assert counted.by_network["bluesky"][-1] == 1
    assert counted.totals[-2:] == (1, 3)
    assert sum(counted.totals) == 4


def test_after_a_quiet_night_the_last_hours_in_which_people_asked_are_shown(scene: Scene) -> None:
    scene.question("Yesterday?", "mastodon", 60 * 20)
    counted = asked(scene)
    assert counted.by_network["mastodon"][-1] == 1
    assert counted.from_(15) == (NOW - timedelta(hours=20)).replace(minute=0)


def test_nothing_asked_is_sixteen_empty_quarters(scene: Scene) -> None:
    assert asked(scene).totals == (0,) * 16


def test_questions_of_another_event_do_not_count(scene: Scene) -> None:
    other = Scene(scene.store, "other", "Another event")
    other.question("Theirs?", theme="Access")
    assert sum(asked(scene).totals) == 0
    with scene.store.read() as tx:
        assert figures.themes(tx, scene.event_id) == {}
        assert figures.waiting_too_long(tx, NOW + timedelta(hours=1), scene.event_id) == 0


def test_the_first_look_is_what_half_of_the_questions_waited_at_most(scene: Scene) -> None:
    with scene.store.read() as tx:
        assert figures.first_looks(tx, scene.event_id) == figures.Looks(None, True)
    joe = Who(scene.person("Joe Okafor", "facilitator"), "Joe Okafor")
    for minutes, act in ((2, desk.claim), (4, desk.park), (30, desk.dismiss)):
        act(scene.store, joe, scene.question(f"After {minutes}?", minutes=minutes))
    scene.question("Nobody looked.", minutes=50)
    with scene.store.read() as tx:
        assert figures.first_looks(tx, scene.event_id) == figures.Looks(240.0, True)
    for n in range(3):
        desk.park(scene.store, joe, scene.question(f"Later {n}?", minutes=40))
    with scene.store.read() as tx:
        assert figures.first_looks(tx, scene.event_id) == figures.Looks(1800.0, False)


def test_what_waits_for_more_than_a_quarter_of_an_hour_is_counted(scene: Scene) -> None:
    for minutes in (14.9, 15.1, 200):
        scene.question(f"{minutes}?", minutes=minutes)
    scene.question("Parked?", minutes=300, state="parked")
    with scene.store.read() as tx:
        assert figures.waiting_too_long(tx, NOW, scene.event_id) == 2


def test_themes_are_counted_the_most_first_without_what_is_gone(scene: Scene) -> None:
    for n, theme in enumerate(["Access", "", "Evidence", "Evidence"]):
        scene.question(f"{n}?", theme=theme, state="answered" if n else "waiting")
    scene.question("Gone?", theme="Access", state="gone", moved_at=ago(1))
    with scene.store.read() as tx:
        assert list(figures.themes(tx, scene.event_id).items()) == [("Evidence", 2), ("", 1), ("Access", 1)]
