"""A person flags a question: its words leave the room until somebody rewords them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import desk
from bot.desk import Who
from bot.store.engine import Store
from tests.console.conftest import Browser

SignIn = Callable[..., Browser]
JOE = Who(2, "Joe Okafor", "facilitator")
BASE = "/e/peer-support"


def test_a_flag_takes_the_words_off_the_screen_and_is_taken_back(
    browse: SignIn, ids: dict[str, int], nobody: Browser
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/questions/{ids['room']}"
    assert "How do we reach people" in nobody.get("/screen/the-main-hall").text
    page = joe.follow(joe.post(f"{at}/flag", {"flag": "abuse", "back": at})).text
    assert "Flagged. The room sees it once it is reworded." in page
    assert "How do we reach people" not in nobody.get("/screen/the-main-hall").text
    assert "flagged it" in page
    page = joe.follow(joe.post(f"{at}/flag", {"flag": "abuse", "off": "1", "back": at})).text
    assert "The flag is off." in page
    assert "How do we reach people" in nobody.get("/screen/the-main-hall").text


def test_what_the_words_themselves_raise_stays(store: Store, ids: dict[str, int], browse: SignIn) -> None:
    with store.write() as tx:
        tx.exec_driver_sql("""UPDATE item SET flags = '["personal_data"]' WHERE text LIKE '%Leeds%'""")
    assert not desk.set_flag(store, JOE, ids["leeds"], "personal_data", on=False).ok
    assert "Take off “Personal data”" not in browse("facilitator").get(f"{BASE}/questions/{ids['leeds']}").text


@pytest.mark.parametrize("flag", ["", "link", "nonsense"])
def test_only_known_flags_are_taken(flag: str, store: Store, ids: dict[str, int]) -> None:
    assert desk.set_flag(store, JOE, ids["gps"], flag).sentence == "There is no such flag. Nothing was changed."


def test_who_comes_second_is_told(store: Store, ids: dict[str, int]) -> None:
    assert desk.set_flag(store, JOE, ids["gps"], "spam").ok
    assert not desk.set_flag(store, JOE, ids["gps"], "spam").ok
