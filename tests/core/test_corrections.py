"""What to do about a post whose entry changed: how much changed, and the one thing we suggest."""

from __future__ import annotations

import pytest

from bot.core.corrections import Change, change, suggest, suggest_removal, told
from bot.core.items import Reactions
from bot.core.limits import default_limits

X, MASTODON, BLUESKY = (default_limits(name) for name in ("x", "mastodon", "bluesky"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("People are to eager to discuss.", "People are too eager to discuss."),
        ("We recieve you at the door.", "We receive you at the door."),
        ("Tea and coffe", "Tea and coffee."),
        ("the commitee meets", "the committee meets"),
        ("We say “hello”", 'We say "hello"'),
    ],
)
def test_a_slip_is_spelling(old: str, new: str) -> None:
    assert change(old, new) is Change.SPELLING


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It is now open.", "It is not open."),
        ("We meet at 3pm.", "We meet at 4pm."),
        ("It costs £5.", "It costs £50."),
        ("Ann speaks next.", "Jan speaks next."),
        ("Slides: https://q.org/a", "Slides: https://q.org/b"),
        ("Tell @ada", "Tell @adam"),
        ("Tea at the back.", "Tea and fruit at the back."),
        ("Room one", "Hall one"),
    ],
)
def test_figures_names_links_and_words_that_turn_a_sentence_round_are_never_spelling(old: str, new: str) -> None:
    assert change(old, new) is Change.WORDS


def test_the_same_words_are_no_change() -> None:
    assert change("Tea.", "Tea.") is Change.NONE


def test_reactions_are_told_in_the_words_of_the_network() -> None:
    assert told(Reactions(4, 11), "mastodon") == "4 replies and 11 boosts"
    assert told(Reactions(1, 1, 2000), "x") == "1 reply, 1 repost and 2,000 likes"
    assert told(Reactions()) == ""


def test_what_can_be_edited_in_place_is() -> None:
    assert suggest(Change.SPELLING, MASTODON, None, 1, "mastodon").do == "edit"


def test_spelling_is_left_where_people_have_reacted_or_nobody_knows() -> None:
    some = suggest(Change.SPELLING, X, Reactions(2, 0, 6), 1, "x")
    assert (some.do, some.reason) == ("leave", "Only spelling changed, and deleting would lose 2 replies and 6 likes.")
    assert suggest(Change.SPELLING, X, None, 1, "x").do == "leave"


def test_what_nobody_has_reacted_to_is_deleted_and_posted_again() -> None:
    assert suggest(Change.SPELLING, BLUESKY, Reactions(), 1, "bluesky").do == "repost"
    assert suggest(Change.WORDS, X, Reactions(), 2, "x").do == "repost"


def test_other_words_are_put_right_in_a_reply_where_something_would_be_lost_or_nobody_knows() -> None:
    assert suggest(Change.WORDS, X, None, 1, "x").do == "reply"
    found = suggest(Change.WORDS, BLUESKY, Reactions(reposts=1), 1, "bluesky")
    assert (found.do, found.reason) == ("reply", "More than spelling changed, and a reply keeps 1 repost.")


def test_nothing_is_suggested_where_nothing_is_there_or_nothing_changed() -> None:
    assert suggest(Change.WORDS, MASTODON, None, 0).do == "leave"
    assert suggest(Change.NONE, MASTODON, None, 1).do == "leave"


def test_a_post_whose_entry_is_gone_is_deleted_by_suggestion_only_if_nothing_is_lost() -> None:
    assert suggest_removal(Reactions(), 1).do == "delete"
    assert suggest_removal(Reactions(1), 1).reason == "Deleting would lose 1 reply. Delete it if it was wrong."
    assert suggest_removal(None, 1).do == "leave"
