"""Erasing on request, at the console: it asks first, says what goes and what stays, and only a lead may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from bot.desk import NotHere, Who, erase
from bot.store.engine import Store
from bot.store.tables import delivery, item, placement
from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"


def item_of(store: Store, question_id: int) -> int:
    """The post that asks a question."""
    with store.read() as tx:
        asked = select(placement.c.item_id).where(placement.c.question_id == question_id).order_by(placement.c.id)
        return int(tx.execute(asked.limit(1)).scalar_one())


def texts(store: Store) -> list[str]:
    with store.read() as tx:
        return list(tx.execute(select(item.c.text).where(item.c.text != "")).scalars())


def test_the_page_says_what_goes_and_asks_first(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    number = item_of(scene.store, ids["funding"])
    with scene.store.write() as tx:
        tx.execute(update(delivery).where(delivery.c.id == ids["refused"]).values(item_id=number, state="sent"))
    lead = browse("lead")
    assert f'href="{BASE}/erase/{number}"' in lead.get(f"{BASE}/questions/{ids['funding']}").text
    before = texts(scene.store)
    page = lead.get(f"{BASE}/erase/{number}").text
    assert "This cannot be undone" in page
    assert "Erase this person<" in page
    assert 'href="https://x.example/1"' in page, "our answers stay on their network"
    assert texts(scene.store) == before


@pytest.mark.parametrize("what", ["post", "person"])
def test_the_button_erases_and_says_so(what: str, browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    lead, number = browse("lead"), item_of(scene.store, ids["funding"])
    page = lead.follow(lead.post(f"{BASE}/erase/{number}/{what}", {"back": f"{BASE}/erase/{number}"})).text
    assert "1 post is erased. What is read again is not stored again." in page
    assert not any("commissioner" in text for text in texts(scene.store))
    assert lead.get(f"{BASE}/erase/{number}").status_code == 404


def test_without_an_account_only_the_post_can_be_erased(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    number = item_of(scene.store, ids["leeds"])
    with scene.store.write() as tx:
        tx.execute(update(item).where(item.c.id == number).values(author_id=""))
    page = browse("lead").get(f"{BASE}/erase/{number}").text
    assert "Erase this person" not in page
    assert "have to be erased one by one" in page


def test_others_find_no_way_to_it(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    number, comms = item_of(scene.store, ids["funding"]), browse("comms")
    assert "/erase/" not in comms.get(f"{BASE}/questions/{ids['funding']}").text
    assert "/erase/" not in comms.get(f"{BASE}/everything").text
    assert comms.get(f"{BASE}/erase/{number}").status_code == 403
    assert comms.post(f"{BASE}/erase/{number}/post").status_code == 403


def test_a_post_of_another_event_is_not_reached(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    other = Scene(scene.store, "other", "Other event")
    number = item_of(scene.store, other.question("Is this elsewhere?"))
    assert browse("lead").get(f"{BASE}/erase/{number}").status_code == 404
    with pytest.raises(NotHere):
        erase(scene.store, Who(1, "Amira", "lead", scene.event_id), number)
