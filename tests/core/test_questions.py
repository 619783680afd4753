"""What kind of item it is: literal pairs for each rule, floors over our own samples, and input that means harm."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.core.items import Kind
from bot.core.questions import VERSION, judge, readable

DATA = Path(__file__).parents[1] / "data" / "triage"
THEMES = ("Access", "Buy-in and culture", "Evidence", "Workforce")


def _samples(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _recall(samples: list[dict[str, Any]], *, hint: bool) -> tuple[dict[str, float], float]:
    right: Counter[str] = Counter()
    for sample in samples:
        verdict = judge(sample["text"], lang=sample["lang"] if hint else "", themes=THEMES, tags=["QLabs"])
        right[sample["kind"]] += verdict.kind == sample["kind"]
    there = Counter(sample["kind"] for sample in samples)
    return {kind: right[kind] / there[kind] for kind in there}, sum(right.values()) / len(samples)


@pytest.mark.parametrize("hint", [True, False])
def test_our_own_samples_are_judged_right_nearly_always_with_and_without_the_language(hint: bool) -> None:
    recall, accuracy = _recall(_samples("own.jsonl"), hint=hint)
    assert accuracy >= 0.95
    assert recall["question"] >= 0.95
    assert recall["thought"] >= 0.93
    assert recall["noise"] >= 0.93


@pytest.mark.parametrize("hint", [True, False])
def test_samples_that_the_rules_were_not_written_on_keep_their_floor(hint: bool) -> None:
    recall, accuracy = _recall(_samples("sample.jsonl"), hint=hint)
    assert accuracy >= 0.78
    assert recall["question"] >= 0.88


def test_every_flag_of_our_own_samples_is_raised_and_hardly_another() -> None:
    samples = _samples("own.jsonl")
    raised = [judge(sample["text"]).flags for sample in samples]
    assert all(flags >= set(sample["flags"]) for flags, sample in zip(raised, samples, strict=True))
    assert sum(flags != set(sample["flags"]) for flags, sample in zip(raised, samples, strict=True)) <= 6


def test_our_own_samples_cover_sixteen_languages() -> None:
    assert len({sample["lang"] for sample in _samples("own.jsonl")}) == 16


PAIRS = [
    ("Who pays for the training?", Kind.QUESTION, "Ends with a question mark"),
    ("who pays for the training", Kind.QUESTION, "Begins with an asking word"),
    ("I would love to know who pays", Kind.QUESTION, "Says that it wants to know"),
    ("请问谁付培训费", Kind.QUESTION, "Uses an asking word"),
    ("Does it work? Yes, every time.", Kind.THOUGHT, "Answers its own question"),
    ("Who knew a kettle could do so much?", Kind.THOUGHT, "Asks in a way that expects no answer"),
    ('A nurse asked "who pays you?" and I laughed all the way home', Kind.THOUGHT, "Tells what somebody else asked"),
    ("People ask me how it differs from therapy", Kind.THOUGHT, "Talks about a question, asks none"),
    ("Our group meets in a barn in the hills", Kind.THOUGHT, "Offers something and asks nothing"),
    ("Hi all, good morning! #QLabs", Kind.NOISE, "Only a greeting, thanks or applause"),
    ("#QLabs https://example.org 👏", Kind.NOISE, "Only signs, links or tags"),
    ("How are you all today?", Kind.NOISE, "Small talk"),
    ("Buy followers cheap, click here https://x.example", Kind.NOISE, "Looks like advertising"),
    ("You are all idiots", Kind.NOISE, "Insults and asks nothing"),
]


@pytest.mark.parametrize(("text", "kind", "why"), PAIRS)
def test_each_rule_gives_its_kind_and_its_reason(text: str, kind: Kind, why: str) -> None:
    verdict = judge(text, tags=["QLabs"])
    assert (verdict.kind, verdict.why) == (kind, why)


LOOKALIKES = [
    ("What about night shifts", "What a difference a kettle made on our ward at three in the morning"),
    ("how do we pay peers", "how we pay peers changed after the strike in spring"),
    ("Is there any research on this", "There is a lot of research on this in Norway"),
    ("Why does it take so long to start?", "Why does it work? Because nobody is pretending."),
    ("Wie finanziert ihr das", "Wie schön, dass unsere Gruppe im Dorf Geld gefunden hat"),
    ("kimler katılabilir acaba", "eski hastalar yeni gelenlere eşlik ediyor, korku azalıyor"),
    ("हमें पैसे कौन देता है", "हमारे गाँव में औरतें हर हफ्ते मिलती हैं"),
]


@pytest.mark.parametrize(("question", "thought"), LOOKALIKES)
def test_a_question_and_a_thought_in_nearly_the_same_words_are_told_apart(question: str, thought: str) -> None:
    assert judge(question).kind is Kind.QUESTION
    assert judge(thought).kind is Kind.THOUGHT


def test_a_question_after_an_answered_one_still_counts() -> None:
    assert judge("Does it work? Yes. But who pays for it?").kind is Kind.QUESTION


def test_a_wrong_language_mark_does_no_harm() -> None:
    assert judge("Wie lange dauert die Ausbildung bei euch", lang="en").kind is Kind.QUESTION
    assert judge("هل توجد مجموعات باللغة العربية", lang="fr").kind is Kind.QUESTION
    assert judge("who pays for this in wales", lang="xx-nonsense").kind is Kind.QUESTION


def test_markup_of_a_comment_is_not_read_as_wording() -> None:
    assert judge("<p>Who pays?</p><script>alert('no')</script>").kind is Kind.QUESTION
    assert judge('<p><a href="https://x.example/?a=b?">Hello all</a></p>').kind is Kind.NOISE


def test_a_cry_for_help_is_never_taken_for_chatter() -> None:
    verdict = judge("can't go on")
    assert verdict.kind is Kind.THOUGHT
    assert verdict.flags == {"distress"}


def test_words_about_prevention_are_no_cry_for_help() -> None:
    assert "distress" not in judge("The suicide prevention strategy needs peers at the table").flags


THEMED = [
    ("Who pays peer workers?", "Workforce"),
    ("Is there a trial that shows an effect on outcomes?", "Evidence"),
    ("How do people in remote villages get there without a bus?", "Access"),
    ("How do you convince sceptical managers?", "Buy-in and culture"),
    ("谁来支付工资？", "Workforce"),
    ("Wer bezahlt die Ausbildung?", "Workforce"),
    ("Do you like green?", ""),
]


@pytest.mark.parametrize(("text", "theme"), THEMED)
def test_a_theme_is_suggested_by_its_words_and_none_by_force(text: str, theme: str) -> None:
    assert judge(text, themes=THEMES).theme == theme


def test_a_theme_in_any_words_is_known_by_its_own_name() -> None:
    assert judge("What of the Allotments next spring?", themes=["Kitchens", "Allotments"]).theme == "Allotments"
    assert judge("Is it open?", themes=["", "  "]).theme == ""


HOSTILE = [
    "",
    " \n\t",
    "\x00",
    "a\x00b who pays?",
    "\ud800",
    "who pays \udfff?",
    "?",
    "؟",
    "??!!",
    "😀" * 500,
    "\u202eabc?\u202c",
    "<" * 65536,
    "<p" * 30000,
    "&#x110000; &#xd800; &amp;amp;",
    "<script>" * 8000,
    "a" * 65536,
    "how " * 16384,
    "? " * 32768,
    "1 " * 32768,
    "+0 " * 21000,
    "@a" * 32768,
    "#q " * 21845,
    '"' * 65536,
    "a@" * 32768,
    "a." * 32768,
    "吗" * 65536,
    "क" * 65536,
    "wonder " * 9000,
    "\u0301" * 65536,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_gets_a_verdict_with_a_reason_in_good_time(text: str) -> None:
    started = time.perf_counter()
    verdict = judge(text, themes=THEMES, tags=["QLabs", "", "(+"])
    readable(text)
    assert time.perf_counter() - started < 1.5
    assert verdict.why


def test_a_question_at_the_end_of_a_huge_text_is_seen() -> None:
    assert judge("We met in the barn. " * 3000 + "So who pays for the barn?").kind is Kind.QUESTION


def test_hundreds_of_items_are_judged_each_second_even_on_a_busy_machine() -> None:
    samples = _samples("own.jsonl")
    started = time.process_time()
    for sample in samples * 5:
        judge(sample["text"], lang=sample["lang"], themes=THEMES)
    assert len(samples) * 5 / (time.process_time() - started) >= 500


def test_a_card_shows_the_wording_without_its_tags_and_with_short_links() -> None:
    assert readable("<p>Who pays? https://www.example.org/a/b?c=d</p> #QLabs #nhs") == "Who pays? example.org"
    assert readable("#QLabs") == "#QLabs"


def test_the_rules_say_their_version() -> None:
    assert VERSION
