"""Where a link costs more and is never wanted, no draft, edit, correction or answer carries one, and the rest does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot import desk
from bot.core.links import has_link, urls
from bot.core.unlinking import BREAK
from bot.store.engine import Store
from bot.store.tables import delivery, event, post, version
from tests.flows.house import ADA
from tests.store.rows import asked, changed, drafted, keep, post_row, rows, said

TEXT = "The slides are at https://q.example.org/slides and on q.org."
AS_WORDS = f"The slides are at q.{BREAK}example.{BREAK}org/slides and on q.{BREAK}org."


def words(store: Store, post_id: int) -> dict[str, str]:
    """What a post says on each network."""
    return {row.network: row.parts[0] for row in rows(store, version, version.c.post_id == post_id)}


def links_on_x(store: Store, use: str) -> None:
    with store.write() as tx:
        options: dict[str, Any] = tx.execute(select(event.c.options)).scalar_one()
        tx.execute(update(event).values(options=options | {"links": {"x": use}}))


def test_an_address_in_an_entry_goes_out_as_words_where_links_are_never_wanted(store: Store) -> None:
    texts = words(store, drafted(store, "Slides at q.org", TEXT).id)
    assert AS_WORDS in texts["x"]
    assert not has_link(texts["x"])
    assert urls(texts["mastodon"]) == ["q.org", "https://q.example.org/slides", "q.org"]


def test_an_address_in_an_entry_stays_a_link_where_links_are_wanted(store: Store) -> None:
    links_on_x(store, "always")
    assert TEXT in words(store, drafted(store, "Slides", TEXT).id)["x"]


def test_an_address_that_a_person_types_into_a_draft_becomes_words_too(store: Store) -> None:
    draft = drafted(store, "Slides")
    assert desk.edit_update(store, ADA, draft.id, draft.revision, {"x": TEXT, "bluesky": TEXT}).ok
    texts = words(store, draft.id)
    assert (texts["x"], texts["bluesky"]) == (AS_WORDS, TEXT)


def test_a_correction_that_a_person_words_has_no_link_either(store: Store) -> None:
    draft = drafted(store, "Slides")
    assert desk.approve(store, ADA, draft.id, draft.revision).ok
    changed(store, draft, "Slides, again", TEXT)
    (correction,) = rows(store, post, post.c.kind == "correction")
    assert AS_WORDS in words(store, correction.id)["x"]
    done = desk.correct(store, ADA, correction.id, correction.revision, {"x": "create"}, {"x": f"At last. {TEXT}"})
    assert done.ok, done.sentence
    assert post_row(store, correction.id).state == "approved"
    (sent,) = rows(store, delivery, delivery.c.post_id == correction.id)
    assert sent.text == f"At last. {AS_WORDS}"


def test_an_address_in_an_answer_is_words_where_it_costs_and_a_link_by_hand(store: Store) -> None:
    question_id = asked(store, "1", "Where are the slides?", calls_us=True)
    keep(store, said("2", "Where are the slides?"), said("3", "Where are the slides?", "mastodon"))
    named, unnamed, elsewhere = desk.preview_answer(store, ADA, question_id, TEXT)
    assert (named.network, named.parts[0], named.cost_usd) == ("x", AS_WORDS, 0.015)
    assert "costs $0.20" in named.note
    assert unnamed.problem
    assert "https%3A%2F%2Fq.example.org" in unnamed.by_hand
    assert (elsewhere.parts[0], elsewhere.note) == (f"@grace {TEXT}", "")
