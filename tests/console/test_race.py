"""Two browsers press at the same moment, two hundred times: one wins, the other is told who, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import insert, select

from bot.store.engine import Store
from bot.store.tables import change, metadata, question
from tests.console.scene import Clock, Scene, ago
from tests.console.server import serving

pytestmark = pytest.mark.real
TIMES = 200
SAYS = {"room": "on the list for the room.", "parked": "parked."}
# Each round begins at a moment that both browsers know, so that their presses meet in the server.
RACE = """([base, ids, action, begins]) => { window.told = (async () => {
  const told = {};
  for (const [round, id] of ids.entries()) {
    await new Promise(go => setTimeout(go, Math.max(0, begins + round * 15 - Date.now())));
    const answer = await fetch(`${base}/questions/${id}/${action}`, {
      method: 'POST', body: new URLSearchParams({ seen: 'waiting' }), headers: { Accept: 'application/json' } });
    told[id] = await answer.json();
  }
  return told;
})(); }"""


def asked(scene: Scene) -> list[int]:
    """Two hundred questions that wait."""
    rows = [{"event_id": scene.event_id, "text": f"Question {n}?", "asked_at": ago(n)} for n in range(TIMES)]
    with scene.store.write() as tx:
        return list(tx.execute(insert(question).returning(question.c.id), rows).scalars())


def enter(browser: Browser, scene: Scene, url: str, name: str) -> Page:
    """A browser of its own, with the list open."""
    context = browser.new_context(base_url=url)
    session = scene.session(scene.person(name, "facilitator"))
    context.add_cookies([{"name": "session", "value": session, "url": url}])
    page = context.new_page()
    page.goto(f"/e/{scene.slug}/questions")
    return page


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(browser: Browser, engine_url: str) -> None:
    store = Store(engine_url, Clock())
    metadata.create_all(store.engine)
    scene = Scene(store)
    ids = asked(scene)
    with serving(store) as url:
        pages = {"Joe": enter(browser, scene, url, "Joe"), "Priya": enter(browser, scene, url, "Priya")}
        begins = pages["Joe"].evaluate("Date.now()") + 300
        for page, action in zip(pages.values(), ("to-room", "park"), strict=True):
            page.evaluate(RACE, [f"/e/{scene.slug}", ids, action, begins])
        told: dict[str, Any] = {name: page.evaluate("window.told") for name, page in pages.items()}
        for page in pages.values():
            page.context.close()
    judge(store, ids, told)
    store.close()


def judge(store: Store, ids: list[int], told: dict[str, Any]) -> None:
    """Each question was moved once, by the one who was told so; the other was told by whom, and where it is."""
    with store.read() as tx:
        states = {row.id: row.state for row in tx.execute(select(question.c.id, question.c.state))}
        moved = tx.execute(select(change.c.ref, change.c.who, change.c.what).where(change.c.kind == "question")).all()
    by = {row.ref: row for row in moved}
    assert len(moved) == len(by) == len(ids)
    for id in ids:
        answers = {name: said[str(id)] for name, said in told.items()}
        winner = next(name for name, said in answers.items() if said["ok"])
        loser = next(name for name in answers if name != winner)
        assert (by[id].who, by[id].what) == (winner, states[id])
        assert answers[loser]["sentence"] == f"{winner} was first: {SAYS[states[id]]}"
        assert (answers[loser]["ok"], answers[loser]["state"]) == (False, states[id])
    assert states.keys() == set(ids)
