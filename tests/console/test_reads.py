"""What the pages read is the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import board, health, ledger, lists, search, sessions
from bot.store.engine import Store
from bot.store.lists import Filter
from bot.store.tables import metadata
from tests.console.scene import NOW, Clock, Scene, ago, workshop


@pytest.fixture
def kept(engine_url: str) -> Iterator[tuple[Store, Scene, dict[str, int]]]:
    store = Store(engine_url, Clock())
    metadata.create_all(store.engine)
    scene = Scene(store)
    yield store, scene, workshop(scene)
    store.close()


def test_lists_filters_and_counts_agree(kept: tuple[Store, Scene, dict[str, int]]) -> None:
    store, scene, ids = kept
    with store.read() as tx:
        frame = board.frame(tx, "peer-support")
        facets = lists.facets(tx, scene.event_id, "waiting")
        waiting, more = lists.questions(tx, NOW, scene.event_id, "waiting", Filter())
        flagged, _ = lists.questions(tx, NOW, scene.event_id, "waiting", Filter(only="flagged"))
        raised, _ = lists.questions(tx, NOW, scene.event_id, "room", Filter())
        bluesky, _ = lists.questions(tx, NOW, scene.event_id, "waiting", Filter(network="bluesky", theme="Workforce"))
    assert frame is not None
    assert (frame.counts["waiting"], frame.thoughts, frame.paused, len(frame.networks)) == (6, 4, None, 4)
    assert (facets.total, facets.many, facets.flagged) == (6, 1, 2)
    assert facets.themes == {"Access": 3, "Buy-in and culture": 1, "Workforce": 1, "": 1}
    assert facets.networks == {"bluesky": 1, "mastodon": 3, "wordpress": 2, "x": 2}
    assert [card.row.id for card in waiting][:2] == [ids["gps"], ids["funding"]]
    assert (len(waiting), more, waiting[0].people) == (6, "", 4)
    assert {card.row.id for card in flagged} == {ids["leeds"], ids["spam"]}
    assert [card.row.id for card in raised] == [ids["room"], ids["next"]]
    assert [card.row.id for card in bluesky] == [ids["pay"]]


def test_a_page_begins_where_the_one_before_it_ended(kept: tuple[Store, Scene, dict[str, int]]) -> None:
    store, scene, _ = kept
    for tab in lists.TABS:
        with store.read() as tx:
            whole, _ = lists.questions(tx, NOW, scene.event_id, tab, Filter())
            mark = lists.mark_of(tab, whole[0].row)
            rest, _ = lists.questions(tx, NOW, scene.event_id, tab, Filter(after=mark))
        assert [card.row.id for card in rest] == [card.row.id for card in whole[1:]]


def test_posts_search_and_figures_agree(kept: tuple[Store, Scene, dict[str, int]]) -> None:
    store, scene, ids = kept
    with store.read() as tx:
        posts, older = ledger.updates(tx, scene.event_id)
        stuck = ledger.asking(tx, scene.event_id)
        found, _ = search.everything(tx, scene.event_id, "100% READY_TO", "noise", "x")
        funding = board.one(tx, NOW, scene.event_id, ids["funding"])
        similar = board.similar(tx, funding.row) if funding else []
        assert ledger.needing(tx, scene.event_id) == 5
        assert ledger.outbox(tx, scene.event_id) == {"asking": 1, "refused": 1, "sent": 8}
        assert health.oldest_waiting(tx, scene.event_id) == ago(19)
        assert (health.asked(tx, scene.event_id), health.raised(tx, scene.event_id)) == (11, 2)
        assert health.latest(tx, scene.event_id, 3)[0].what == "correction drafted"
    assert (len(posts), older) == (8, 0)
    assert {row.id for row in stuck} == {ids["asking"], ids["refused"]}
    assert [row.id for row in found] == [ids["noise"]]
    assert len(similar) == 6
    assert ids["funding"] not in {row.id for row in similar}


def test_a_session_and_a_link_work(kept: tuple[Store, Scene, dict[str, int]]) -> None:
    store, scene, _ = kept
    amira = scene.person("Amira Khan", "lead")
    secret = scene.session(amira)
    with store.write() as tx:
        person = sessions.whose(tx, NOW, secret)
        token = sessions.new_ticket(tx, NOW, amira, NOW - ago(5))
        assert sessions.use_ticket(tx, NOW, token) is not None
        assert sessions.use_ticket(tx, NOW, token) is None
    assert person is not None
    assert (person.person.name, person.person.owner) == ("Amira Khan", False)
