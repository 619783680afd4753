"""What becomes of a question reaches whoever asked it, on every network, in the words that were meant for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import desk
from bot.core.limits import default_limits
from bot.desk import Ending, Who
from tests.flows.house import ADA, NAMES, House, house
from tests.flows.test_answers import WORDS, asks_in

KIND = "Thank you for asking."
STATES = {
    "writing": ("answered", "writing", True),
    "aloud": ("answered", "aloud", True),
    "accepted": ("room", "", False),
    "followup": ("followup", "", False),
    "declined": ("dismissed", "declined", True),
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


@pytest.mark.parametrize("outcome", STATES)
def test_each_outcome_reaches_its_askers_on_each_network_in_its_words(home: House, outcome: str) -> None:
    natives = {name: home.ask(name, WORDS[name]) for name in NAMES}
    home.tick()
    number = home.question_of(natives["x"])
    done = desk.answer(home.store, ADA, number, KIND, seen="waiting", ending=Ending(outcome, "Bob", "2026-05-20"))
    assert done.ok, done.sentence
    home.tick()
    replies = {name: [(one.parent_id, one.text) for one in home.remote.posts(name)] for name in NAMES}
    words = {name: f"@grace {KIND}" if name == "mastodon" else KIND for name in NAMES}
    assert replies == {name: [(native, words[name])] for name, native in natives.items()}
    (asked,) = home.questions()
    state, kept, told = STATES[outcome]
    assert (asked.state, asked.outcome, asked.told_at is not None) == (state, kept, told)
    followed = ("Bob", "2026-05-20") if outcome == "followup" else ("", "")
    assert (asked.follow_owner, asked.follow_day) == followed


def test_who_is_told_that_it_is_with_the_room_is_told_the_answer_too(home: House) -> None:
    _, number = asks_in(home, "bluesky")
    assert desk.answer(home.store, ADA, number, "It is with the room.", ending=Ending("accepted")).ok
    home.tick()
    raised = home.clock()
    assert [row.told_at for row in home.questions()] == [None]
    assert desk.answer(home.store, ADA, number, "The room said yes.", ending=Ending("aloud")).ok
    home.tick()
    (asked,) = home.questions()
    assert home.sent("bluesky") == ["It is with the room.", "The room said yes."]
    assert asked.raised_at < asked.answered_at < asked.told_at
    assert (asked.raised_at, asked.told_at) == (raised - timedelta(seconds=10), home.clock())


def test_a_group_of_seven_on_four_networks_gets_seven_answers_once_each(home: House) -> None:
    where = {"x": ("@ada", "@bea"), "mastodon": ("@cyd", "@dot"), "bluesky": ("@eve", "@flo"), "wordpress": ("@gia",)}
    natives = {home.ask(name, WORDS[name], author): name for name, people in where.items() for author in people}
    home.tick()
    (number,) = {home.question_of(native) for native in natives}
    assert desk.answer(home.store, ADA, number, "At their own pace.").sentence == "Answer on its way to 7 people."
    home.tick(1, times=10)
    assert Counter(row.state for row in home.deliveries()) == {"sent": 7}
    replies = [reply for name in NAMES for reply in home.remote.posts(name)]
    assert Counter(reply.parent_id for reply in replies) == dict.fromkeys(natives, 1)
    on_x = [reply.text for reply in replies if reply.network == "x"]
    assert len(set(on_x)) == 2, "X refuses the same words twice"


@pytest.mark.parametrize("mentioned", [True, False])
def test_declining_with_words_on_x_needs_the_mention_and_says_so(home: House, mentioned: bool) -> None:
    native = home.ask("x", WORDS["x"] if mentioned else "How can carers get peer support at work? #QLabs")
    home.tick()
    done = desk.answer(home.store, ADA, home.question_of(native), KIND, ending=Ending("declined"))
    (asked,) = home.questions()
    if mentioned:
        assert (done.ok, asked.state) == (True, "dismissed")
    else:
        assert done.sentence == f"Not sent. {default_limits('x').reply_note}"
        assert (asked.state, asked.outcome) == ("waiting", "")


def test_declining_without_words_writes_to_nobody_and_can_be_undone(home: House) -> None:
    _, number = asks_in(home, "mastodon")
    done = desk.decline(home.store, ADA, number, seen="waiting")
    home.tick()
    (asked,) = home.questions()
    assert (asked.state, asked.outcome, asked.told_at, home.sent("mastodon")) == ("dismissed", "declined", None, [])
    assert desk.undo(home.store, ADA, done.change_id).ok
    (asked,) = home.questions()
    assert (asked.state, asked.outcome) == ("waiting", "")


@pytest.mark.parametrize("outcome", STATES)
def test_what_its_askers_were_told_cannot_be_undone(home: House, outcome: str) -> None:
    _, number = asks_in(home, "mastodon")
    done = desk.answer(home.store, ADA, number, KIND, ending=Ending(outcome))
    assert desk.undo(home.store, ADA, done.change_id).sentence.startswith("The answer is on its way and cannot")
    (asked,) = home.questions()
    assert asked.state == STATES[outcome][0]


def test_an_outcome_is_forgotten_when_its_question_is_open_again(home: House) -> None:
    _, number = asks_in(home, "mastodon")
    desk.answered(home.store, ADA, number)
    assert [row.outcome for row in home.questions()] == ["aloud"]
    desk.wait(home.store, ADA, number)
    assert [row.outcome for row in home.questions()] == [""]


def test_who_follows_up_and_when_can_be_said_later_and_taken_away(home: House) -> None:
    _, number = asks_in(home, "mastodon")

    def kept() -> tuple[Any, ...]:
        (row,) = home.questions()
        return row.state, row.follow_owner, row.follow_day

    assert desk.follow_up(home.store, ADA, number, owner="Bob", day="2026-05-20").ok
    assert kept() == ("followup", "Bob", "2026-05-20")
    assert desk.follow_up(home.store, ADA, number, seen="followup", owner="Cy").ok
    assert kept() == ("followup", "Cy", "2026-05-20")
    assert desk.follow_up(home.store, ADA, number, owner="", day="").ok
    assert kept() == ("followup", "", "")


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        (Ending("followup", day="20 May"), "Write the day as 2017-07-31"),
        (Ending("followup", day="2026-02-30"), "Write the day as 2017-07-31"),
        (Ending("followup", owner="B" * 81), "at most 80 characters"),
        (Ending("perhaps"), "There is no such outcome"),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused_and_nothing_is_sent(home: House, ending: Ending, why: str) -> None:
    _, number = asks_in(home, "mastodon")
    done = desk.answer(home.store, ADA, number, KIND, ending=ending)
    assert (done.ok, why in done.sentence, done.sentence.endswith("Your words were not sent.")) == (False, True, True)
    assert (home.questions()[0].state, home.deliveries()) == ("waiting", [])


def test_a_flagged_question_is_not_accepted_for_the_room_as_it_is(home: House) -> None:
    native = home.ask("mastodon", "Can somebody call me on 020 7946 0018 about how to join? #QLabs")
    home.tick()
    done = desk.answer(home.store, ADA, home.question_of(native), KIND, ending=Ending("accepted"))
    assert done.sentence.startswith("Reword it for the room first")
    assert home.deliveries() == []


def test_a_helper_may_decline_but_not_in_writing(home: House) -> None:
    _, number = asks_in(home, "mastodon")
    helper = Who(0, "Hal", "helper")
    with pytest.raises(desk.NotAllowed):
        desk.answer(home.store, helper, number, KIND, ending=Ending("declined"))
    assert desk.decline(home.store, helper, number).ok
