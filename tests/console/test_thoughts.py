"""Thoughts by theme, the summary to read out, and finding anything again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.store import search
from bot.store.engine import Store
from bot.store.tables import placement
from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"


def found(page: str) -> list[int]:
    return [int(part.split('"')[0]) for part in page.split('id="item-')[1:] if part.split('"')[0].isdecimal()]


def test_thoughts_stand_under_their_theme_with_a_summary_without_names(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").get(f"{BASE}/thoughts").text
    assert found(page) == [ids["map"], ids["trust"], ids["pay thought"], ids["other"]]
    summary = page.split('id="summary"')[1].split("</section>")[0]
    assert "4 thoughts so far: 1 on Access, 1 on Buy-in and culture, 1 on Workforce, 1 on other things." in summary
    assert "“Trust comes from the person at the next desk.”" in summary
    assert "Dana" not in summary


def test_a_thought_that_was_read_out_leaves_the_summary(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    page = joe.follow(joe.post(f"{BASE}/items/{ids['trust']}/read-out", {"back": f"{BASE}/thoughts"})).text
    assert "Marked as read out." in page
    assert "Trust comes" not in page.split('id="summary"')[1].split("</section>")[0]
    assert ids["trust"] in found(page)


def test_a_thought_is_one_tap_from_being_a_question(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    page = joe.follow(joe.post(f"{BASE}/items/{ids['trust']}/question", {"back": f"{BASE}/thoughts"})).text
    assert ids["trust"] not in found(page)
    assert "Trust comes from the person at the next desk." in joe.get(f"{BASE}/questions").text


def test_what_was_made_a_question_is_a_thought_again_at_one_tap(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    page = joe.follow(joe.post(f"{BASE}/items/{ids['trust']}/question", {"back": f"{BASE}/thoughts"})).text
    undo = page.split('data-undo action="')[1].split('"')[0]
    assert "Undone. It is where it was." in joe.follow(joe.post(undo, {"back": f"{BASE}/thoughts"})).text
    assert ids["trust"] in found(joe.get(f"{BASE}/thoughts").text)
    assert "Trust comes from" not in joe.get(f"{BASE}/questions").text
    assert "Too late to undo" in joe.follow(joe.post(undo, {})).text


def test_a_thought_gets_another_theme_and_is_not_read_out_after_all(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    joe.post(f"{BASE}/items/{ids['trust']}/theme", {"theme": "Workforce"})
    assert set(found(joe.get(f"{BASE}/thoughts?theme=Workforce").text)) == {ids["pay thought"], ids["trust"]}
    joe.post(f"{BASE}/items/{ids['trust']}/read-out", {})
    assert "Trust comes" not in joe.get(f"{BASE}/thoughts").text.split('id="summary"')[1].split("</section>")[0]
    joe.post(f"{BASE}/items/{ids['trust']}/unread", {})
    assert "Trust comes" in joe.get(f"{BASE}/thoughts").text.split('id="summary"')[1].split("</section>")[0]


def test_chatter_can_be_found_and_made_a_question_or_a_thought(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe = browse("facilitator")
    page = joe.get(f"{BASE}/everything?q=morning&kind=noise").text
    assert found(page) == [ids["noise"]]
    joe.post(f"{BASE}/items/{ids['noise']}/thought", {})
    assert ids["noise"] in found(joe.get(f"{BASE}/thoughts").text)
    joe.post(f"{BASE}/items/{ids['noise']}/question", {})
    with store.read() as tx:
        kept = tx.execute(select(placement.c.kind).where(placement.c.item_id == ids["noise"])).scalar_one()
    assert kept == "question"


def test_thoughts_are_filtered_by_theme(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert found(joe.get(f"{BASE}/thoughts?theme=Workforce").text) == [ids["pay thought"]]
    assert found(joe.get(f"{BASE}/thoughts?theme=none").text) == [ids["other"]]
    assert "No thoughts match" in joe.get(f"{BASE}/thoughts?theme=Nothing").text


def test_an_item_of_another_event_is_not_reached(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    Scene(store, "other", "Another event")
    joe = browse("facilitator")
    assert found(joe.get("/e/other/everything").text) == []
    assert joe.post(f"/e/other/items/{ids['trust']}/question", {}).status_code == 404
    assert joe.post(f"{BASE}/items/999999/question", {}).status_code == 404


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("100%", ["a"]),
        ("%", []),
        ("10", ["a"]),
        ("ready_to", ["a"]),
        ("readyXto", []),
        ("_ \\", []),
        ("temp*", ["b"]),
        ("em", []),
        ("straße", ["c"]),
        ("STRAßE", ["c"]),
        ("ÄRZTE", ["c"]),
        ("ärzte", ["c"]),
        ("bonnie clyde", ["d"]),
        ("clyde Bonnie", ["d"]),
        ("@bonnie", ["d"]),
        ("منازلهم", ["e"]),
        ("👩🏽‍⚕️", ["d"]),
        ("' OR 1=1 --", []),
        ("\x00", []),
        ("NEAR(well said)", []),
        ('"well" said', ["d"]),
        ("", ["a", "b", "c", "d", "e"]),
    ],
)
def test_a_search_finds_what_begins_with_each_of_its_words(words: str, hits: list[str], scene: Scene) -> None:
    made = {
        "a": scene.item("100% ready_to go", author_name="", author_handle=""),
        "b": scene.item("C:\\temp", author_name="", author_handle=""),
        "c": scene.item("Ärzte in der Straße", author_name="", author_handle=""),
        "d": scene.item("Well said 👩🏽‍⚕️", author_name="Clyde", author_handle="@Bonnie"),
        "e": scene.item("كيف ندعم الناس في منازلهم", author_name="", author_handle=""),
    }
    for item_id in made.values():
        scene.placed(item_id, "noise")
    with scene.store.read() as tx:
        rows, _ = search.everything(tx, scene.event_id, words)
    assert sorted(row.id for row in rows) == sorted(made[name] for name in hits)


def test_a_long_search_is_shown_page_by_page(scene: Scene) -> None:
    made = [scene.item(f"Chatter number {n}") for n in range(search.PAGE + 5)]
    for item_id in made:
        scene.placed(item_id, "noise")
    with scene.store.read() as tx:
        first, more = search.everything(tx, scene.event_id, "chatter")
        rest, end = search.everything(tx, scene.event_id, "chatter", before=more)
    assert [row.id for row in [*first, *rest]] == made[::-1]
    assert end == 0


def test_the_search_finds_wordings_notes_entries_and_posts_too(browse: SignIn, ids: dict[str, int]) -> None:
    priya, joe = browse("comms"), browse("facilitator")
    joe.post(f"/e/peer-support/questions/{ids['gps']}/note", {"text": "The eager librarian knows. Ring 07700 900123"})
    page = priya.get("/e/peer-support/everything?q=eager").text
    for said in ("Note of the team", "Live blog", "Update", "What was read"):
        assert said in page, said
    assert f'href="/e/peer-support/questions/{ids["gps"]}#notes"' in page
    assert "900123" not in page
    theirs = joe.get("/e/peer-support/everything?kind=ours").text
    assert "The eager librarian knows." in theirs
    assert "/updates/" not in theirs
    assert "Nothing matches" in joe.get("/e/peer-support/everything?q=zzzz&kind=ours").text
