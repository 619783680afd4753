"""What a text can be found by, in any script, and what is kept out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lookup import ASKED, MOST, asked, tokens


def found(words: str, text: str) -> bool:
    """As the index finds: each word that is asked for begins a word of the text."""
    held = tokens(text).split()
    return bool(asked(words)) and all(any(one.startswith(word) for one in held) for word in asked(words))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("commission", "What would a Commissioner fund?"),
        ("creme BRULEE", "Crème brûlée for everyone"),
        ("dont", "I don’t know"),
        ("strasse", "Ärzte in der Straße"),
        ("qlabs rosalind", "#QLabs, says @rosalind_p"),
        ("支持", "我们如何在家支持人们？"),
        ("人", "我们如何在家支持人们？"),
        ("技術者", "AI技術者のための"),
        ("ครับ", "สวัสดีครับ"),
        ("दुनिया", "नमस्ते दुनिया"),
        ("منازلهم", "كيف يمكننا دعم الناس في منازلهم؟"),
        ("학교", "학교에서 어떻게 하나요?"),
        ("👩", "Well said 👩🏽‍⚕️"),
        ("3.5", "Only 3.5 hours"),
    ],
)
def test_words_are_found_in_any_script_whatever_their_case_and_accents(words: str, text: str) -> None:
    assert found(words, text)


@pytest.mark.parametrize(("words", "text"), [("missioner", "Commissioner"), ("持支", "如何支持人们"), ("人家", "家人")])
def test_what_stands_inside_a_word_or_in_another_order_is_not_found(words: str, text: str) -> None:
    assert not found(words, text)


def test_hidden_details_are_not_among_the_words() -> None:
    kept = tokens("Ring me on 07700 900123 or write to ann@home.example")
    assert "07700" not in kept
    assert "900123" not in kept
    assert "ann" not in kept.split()
    assert found("ring hidden", "Ring me on 07700 900123")


def test_signs_alone_ask_for_nothing() -> None:
    assert asked("% _ -- ' \"") == []


def test_the_words_of_several_texts_are_kept_once() -> None:
    assert tokens("Who pays, who?", "Dana", "@dana@x.example") == "who pays dana x example"


@given(st.text(max_size=400))
def test_tokens_hold_nothing_that_a_query_could_take_for_a_sign_of_its_own(text: str) -> None:
    for one in [*tokens(text).split(" "), *asked(text)]:
        assert not set(one) & set("\"'\\*:&|!()<>_ \n\x00")


def test_no_text_is_too_long() -> None:
    long = " ".join(f"word{n}" for n in range(5000))
    assert len(tokens(long).split()) == MOST
    assert len(asked(long)) == ASKED
    assert max(map(len, tokens("x" * 5000).split())) <= 40
