"""The sentences that make questions answerable."""

from __future__ import annotations

import pytest

from bot.core.calling import PROFILE_LENGTH, for_blog, for_profile

OURS = {"x": "theQ", "mastodon": "@theq@social.example", "bluesky": "theq.example", "wordpress": ""}


def test_the_blog_post_says_where_to_ask_and_whom_to_name() -> None:
    assert for_blog(["QLabs", "other"], OURS, comments=True) == (
        "Following from afar? Ask on X, Mastodon or Bluesky with #QLabs or leave a comment below, and we take it to "
        "the room. Name us too, so that we can answer you: @theQ on X, @theq@social.example on Mastodon, "
        "@theq.example on Bluesky."
    )


@pytest.mark.parametrize(
    ("accounts", "comments", "said"),
    [
        ({"mastodon": ""}, False, "Following from afar? Ask on Mastodon with #QLabs, and we take it to the room."),
        ({"wordpress": "blog"}, True, "Following from afar? Leave a comment below, and we take it to the room."),
        ({}, False, ""),
    ],
)
def test_it_says_only_what_is_possible(accounts: dict[str, str], comments: bool, said: str) -> None:
    assert for_blog(["#QLabs"], accounts, comments) == said


def test_one_name_on_two_networks_is_told_once() -> None:
    assert for_blog(["Q"], {"x": "us", "bluesky": "us"}, comments=False).endswith("answer you: @us on X and Bluesky.")


def test_a_profile_says_whom_to_name_that_a_program_answers_and_how_to_stop_it() -> None:
    said = for_profile(["QLabs"], OURS, "x")
    assert said == "Ask with #QLabs and name @theQ. Answers are sent by a program; write “stop” to get none."
    assert (for_profile(["QLabs"], OURS, "wordpress"), for_profile([], OURS, "x")) == ("", "")


def test_a_profile_has_no_more_room_than_it_has() -> None:
    assert len(for_profile(["Q" * 60], {"x": "u" * 80}, "x")) <= PROFILE_LENGTH
