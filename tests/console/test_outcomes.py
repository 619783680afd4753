"""What becomes of a question, as the forms of its page say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.store.engine import Store
from bot.store.tables import delivery, post, question
from tests.console.conftest import Browser

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/questions"


def stored(store: Store, question_id: int) -> Row[Any]:
    with store.read() as tx:
        return tx.execute(select(question).where(question.c.id == question_id)).one()


@pytest.mark.parametrize(
    ("ending", "state", "kept", "shown"),
    [
        ("", "answered", "writing", "Answered in writing"),
        ("aloud", "answered", "aloud", "Said aloud in the room"),
        ("accepted", "room", "", "To the room</dt>"),
        ("followup", "followup", "", "Bea, by 20 July 2017"),
        ("declined", "dismissed", "declined", "<dd>Declined</dd>"),
    ],
)
def test_the_form_for_answers_says_what_becomes_of_the_question(
    ending: str, state: str, kept: str, shown: str, browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    form = {"back": at, "seen": "waiting", "text": "Thank you.", "owner": "Bea", "day": "2017-07-20"}
    page = joe.follow(joe.post(f"{at}/answer", form | ({"ending": ending} if ending else {}))).text
    row = stored(store, ids["funding"])
    assert (row.state, row.outcome) == (state, kept)
    assert shown in page
    with store.read() as tx:
        sent = tx.execute(select(delivery.c.text).join(post).where(post.c.question_id == row.id)).scalars().all()
    assert sent == ["@dana@health.example Thank you."]


def test_a_refused_outcome_keeps_the_words_and_the_choice(browse: SignIn, ids: dict[str, int]) -> None:
    at = f"{BASE}/{ids['funding']}"
    form = {"seen": "waiting", "text": "We will see.", "ending": "followup", "owner": "Bea", "day": "soon"}
    page = browse("facilitator").post(f"{at}/answer", form).text
    assert "Write the day as 2017-07-31" in page
    assert "We will see.</textarea>" in page
    assert '<option value="followup" selected>' in page
    assert 'name="owner" maxlength="80" autocomplete="off" dir="auto" value="Bea"' in page


def test_who_follows_up_is_said_on_the_question_and_on_its_card(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    joe.post(f"{at}/follow-up", {"back": at, "seen": "waiting"})
    joe.post(f"{at}/follow-up", {"back": at, "seen": "followup", "owner": "Bea", "day": "2017-07-20"})
    assert "Bea, by 20 July 2017" in joe.get(at).text
    assert "Bea, by 20 July 2017" in joe.get(f"{BASE}?list=answered").text
    joe.post(f"{at}/wait", {"back": at, "seen": "followup"})
    assert "Bea, by 20 July 2017" not in joe.get(at).text


def test_a_flagged_question_is_not_offered_for_the_room(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert 'value="accepted"' in joe.get(f"{BASE}/{ids['funding']}").text
    assert 'value="accepted"' not in joe.get(f"{BASE}/{ids['leeds']}").text
