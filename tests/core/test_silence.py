"""A message that asks us to stop, or to answer again, says this and nothing else."""

from __future__ import annotations

import pytest

from bot.core.silence import Wish, wish


@pytest.mark.parametrize(
    "text",
    [
        "@theQCommunity stop",
        "STOP @theQCommunity!!",
        "@theQCommunity please stop replying to me, thank you.",
        "@theQCommunity don’t reply to me #QLabs",
        "@q.example.org Unsubscribe",
        "@q@m.example opt-out",
        "leave me alone",
    ],
)
def test_who_says_stop_means_stop(text: str) -> None:
    assert wish(text) is Wish.STOP


@pytest.mark.parametrize("text", ["@theQCommunity start", "@theQCommunity Start again, please", "opt in"])
def test_who_says_start_means_start(text: str) -> None:
    assert wish(text) is Wish.START


@pytest.mark.parametrize(
    "text",
    [
        "@theQCommunity how do you stop an audit?",
        "stop?",
        "@theQCommunity Please stop the noise in room B",
        "When do we start",
        "@theQCommunity",
        "",
        "Stop. " * 100,
        "The bus stop",
    ],
)
def test_a_question_with_the_word_is_a_question(text: str) -> None:
    assert wish(text) is None
