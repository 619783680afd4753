"""Repeats are recognised; different questions in the same words are not."""

from __future__ import annotations

import time

import pytest

from bot.core.questions import Index, find_same, fingerprint, same_question, similar

SAME = [
    ("Who pays for peer support?", "who pays for peer support"),
    ("Who pays for peer support? #QLabs", "RT @someone: Who pays for peer support? https://t.co/abc"),
    ("Who pays for peer support?", "“Who pays for peer support?” @theQCommunity 🙏"),
    ("Who pays for peer support?", "<p>Who pays for peer support?</p>"),
    ("Who pays for peer support?", "Hi all, who pays for the peer support please? Many thanks!"),
    ("How do you measure outcomes in small groups?", "How do you mesure outcomes in small groups"),
    ("How do you measure outcomes in small groups?", "how do you measure outcoems in small groups"),
    ("How do you get buy-in from managers?", "How do you get buyin from managers"),
    ("Comment ça marche à l’école ?", "comment ca marche a l'ecole"),
    ("谁来支付培训费用？", "请问谁来支付培训费用"),
    ("كيف يتم تدريب الأقران؟", "كَيْفَ يتم تدريب الأقران"),
]
DIFFERENT = [
    ("Who pays for peer workers?", "Who trains peer workers?"),
    ("Can staff support peers at work?", "Can peers support staff at work?"),
    ("Can you measure the outcomes here?", "Can't you measure the outcomes here?"),
    ("Does it work for men in prison?", "Does it work for women in prison?"),
    ("Did it help in 2016 for your group?", "Did it help in 2017 for your group?"),
    ("Is it open for inpatient groups now?", "Is it open for outpatient groups now?"),
    ("How do we start online groups here?", "How do we start offline groups here?"),
    ("Who pays for the venue?", "Who pays for the venue and the travel?"),
    ("谁来支付培训费用？", "谁来组织培训费用？"),
    ("", ""),
    ("#QLabs", "#QLabs"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_a_repeat_with_other_signs_tags_thanks_or_a_slip_is_the_same(a: str, b: str) -> None:
    index = Index()
    index.add(7, a)
    assert same_question(a, b)
    assert same_question(b, a)
    assert index.find(b) == 7
    assert find_same(b, [(1, "Where is the lift?"), (7, a)]) == 7


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_another_content_word_makes_another_question(a: str, b: str) -> None:
    index = Index()
    index.add(7, a)
    assert not same_question(a, b)
    assert index.find(b) is None
    assert find_same(b, [(7, a)]) is None


def test_a_fingerprint_forgets_case_signs_tags_links_accents_and_emoji() -> None:
    written = "RT @jo: Qui paie le café, l’été ? 🙏 https://x.example #QLabs @theQ"
    assert fingerprint(written) == fingerprint("qui PAIE le cafe l'ete")
    assert fingerprint(written)


@pytest.mark.parametrize("text", ["", "👏", "#QLabs @jo https://x.example", "<p></p>", "\x00", "\ud800"])
def test_nothing_left_has_an_empty_fingerprint(text: str) -> None:
    assert fingerprint(text) == ""


def test_likeness_goes_from_none_to_all() -> None:
    assert similar("Who pays for peers?", "Who pays for the peers, please?") == 1.0
    assert similar("Who pays for peers?", "Sut mae pawb") == 0.0
    assert 0.4 < similar("Who pays for peers?", "Who trains peers?") < 1.0
    assert similar("", "") == 0.0


def test_the_earliest_of_equal_questions_is_found_and_a_replaced_text_is_forgotten() -> None:
    index = Index()
    index.add(1, "Who pays for peer support?")
    index.add(2, "who pays for peer support")
    assert index.find("Who pays for peer support #QLabs") == 1
    index.add(1, "Where is the lift in this building?")
    assert index.find("Where is the lift in this building") == 1
    assert index.find("Who pays for peer support") != 1
    assert len(index) == 2


def test_ten_thousand_items_are_looked_up_without_comparing_all_pairs() -> None:
    index = Index()
    started = time.process_time()
    for number in range(10_000):
        text = f"How do you run group w{number:05} in place x{number * 7 % 9973:05} with people of kind z{number % 13}"
        assert index.find(text) is None
        index.add(number, text)
    assert time.process_time() - started < 20
    assert index.find("how do you run the group w00042 in place x00294 with people of kind z3, thanks") == 42
