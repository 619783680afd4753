"""The learned part: made again from its samples, it holds on samples that it never saw, and gives its reasons."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from bot.core.items import Kind
from bot.core.learned import FLAGS, KINDS, telling, weigh
from bot.core.questions import VERSION, judge, look
from bot.core.weights import LEARNED_FROM
from training import learn

HELD_OUT = learn.HERE / "held-out.jsonl"


def _held_out() -> list[dict[str, Any]]:
    return [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]


def test_the_weights_are_made_again_from_their_samples_alone() -> None:
    samples = learn.read(learn.SAMPLES) + learn.read(learn.RULED, without_rules=True)
    assert learn.module(learn.learn(samples)) == learn.OUT.read_text(encoding="utf-8")


def test_the_version_names_what_was_learned_from() -> None:
    assert learn.source() == LEARNED_FROM
    assert VERSION.endswith(LEARNED_FROM[:8])


def test_no_sample_is_both_learned_from_and_held_out() -> None:
    learned = {json.loads(line)["text"] for line in learn.SAMPLES.read_text(encoding="utf-8").splitlines()}
    assert not learned & {sample["text"] for sample in _held_out()}
    assert len({sample["lang"] for sample in _held_out()}) == 16


@pytest.mark.parametrize("hint", [True, False])
def test_samples_that_were_never_learned_from_are_mostly_judged_right(hint: bool) -> None:
    samples = _held_out()
    verdicts = [judge(one["text"], lang=one["lang"] if hint else "", tags=["QLabs"]) for one in samples]
    right = Counter(one["kind"] for one, said in zip(samples, verdicts, strict=True) if said.kind.value == one["kind"])
    taken = Counter(said.kind.value for said in verdicts)
    there = Counter(one["kind"] for one in samples)
    scores = {kind.value: 2 * right[kind.value] / (taken[kind.value] + there[kind.value]) for kind in KINDS}
    assert sum(scores.values()) / 3 >= 0.75
    assert right["question"] / there["question"] >= 0.8
    assert right["question"] / taken["question"] >= 0.72


def test_most_cries_for_help_that_were_never_learned_from_are_heard_in_any_language() -> None:
    samples = _held_out()
    flagged = [judge(one["text"]).flags for one in samples]
    heard = sum("distress" in got for one, got in zip(samples, flagged, strict=True) if "distress" in one["flags"])
    assert heard >= 0.7 * sum("distress" in one["flags"] for one in samples)
    assert heard >= 0.4 * sum("distress" in got for got in flagged)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Looking for a volunteer role near Hull, mornings if possible", Kind.QUESTION),
        ("Great, another committee. Exactly what ill people were waiting for.", Kind.THOUGHT),
        ("Have a question? Tweet it with the hashtag or leave a comment on our blog", Kind.NOISE),
    ],
)
def test_what_the_rules_misread_is_put_right_with_a_reason_a_facilitator_can_follow(text: str, kind: Kind) -> None:
    verdict = judge(text)
    assert look(text).kind is not kind
    assert verdict.kind is kind
    assert verdict.why.startswith("Sounds like ")


def test_a_flag_that_no_rule_raised_says_which_words_raised_it() -> None:
    text = "the house is so quiet since March, I sit with the pills and wait for something to stop me"
    assert "distress" not in look(text).flags
    verdict = judge(text)
    assert "distress" in verdict.flags
    assert "May be somebody who needs help (by the words " in verdict.why


def test_what_a_rule_is_sure_of_no_weight_takes_away() -> None:
    assert "personal_data" in judge("Lovely photo everyone, ring 07700 900123 x").flags
    assert "distress" in judge("I want to die lol, lunch is late").flags


def test_nothing_known_leans_on_what_is_common() -> None:
    leaning = weigh([])
    assert leaning.margin >= 0
    assert not leaning.flags
    assert telling([], FLAGS[0]) == []
