"""The stand-in fails on request as networks fail, the same way each time, and says in words what makes no sense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.networks.base import (
    Misconfigured,
    NoAnswer,
    Options,
    RateLimited,
    Refused,
    Unavailable,
)
from bot.networks.rehearsal import Rehearsal, Remote
from tests.networks.memory import DictMemory
from tests.networks.rehearsal_scene import (
    COMMENTS,
    Clock,
    post,
    tag,
)


@pytest.mark.parametrize(
    ("kind", "failure", "there"),
    [
        ("drop", Unavailable, False),
        ("limit", RateLimited, False),
        ("error-before", NoAnswer, False),
        ("refused", Refused, False),
        ("lost", NoAnswer, True),
        ("error-after", NoAnswer, True),
    ],
)
@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_planned_fault_strikes_once_and_the_log_knows_the_effect(
    name: str, kind: str, failure: type[Exception], there: bool, opened: Any, remote: Remote
) -> None:
    network = opened(name)
    remote.plan_fault(name, "send", kind)
    with pytest.raises(failure):
        network.send(post(name))
    assert (network.find(post(name)) is not None) is there
    assert [(call.key, call.effect) for call in remote.calls(name, "send")] == [("k1", there)]
    if not there or name != "x":
        network.send(post(name))
    assert len(remote.posts(name)) == 1


def test_a_fault_of_reading_is_never_more_than_unavailable(opened: Any, remote: Remote) -> None:
    x = opened("x")
    for kind in ("drop", "limit", "lost", "error-before", "error-after", "refused"):
        remote.plan_fault("x", "read hashtag", kind)
        with pytest.raises(Unavailable):
            x.fetch(tag("x"), "")
    assert x.fetch(tag("x"), "").items == ()


def test_a_slow_answer_stays_within_the_deadline(opened: Any, remote: Remote) -> None:
    remote.plan_fault("x", "send", "slow")
    assert opened("x", slow=0.01).send(post("x")).remote_id


def test_the_same_seed_meets_the_same_faults(opened: Any, remote: Remote, tmp_path: Path, clock: Clock) -> None:
    def outcomes(file: str, seed: int) -> list[str]:
        with_faults = {"name": "mastodon", "faults": {"seed": seed, "send": 0.5}, "slow": 0}
        network = Rehearsal(Options(f"rehearsal:{tmp_path / file}", extra=with_faults), DictMemory(100), clock)
        seen = []
        for n in range(40):
            try:
                network.send(post("mastodon", f"number {n}", key=f"k{n}"))
                seen.append("done")
            except (Unavailable, NoAnswer) as failure:
                seen.append(type(failure).__name__)
        network.close()
        return seen

    first = outcomes("a.db", 7)
    assert first == outcomes("b.db", 7)
    assert first != outcomes("c.db", 8)
    assert 10 <= 40 - first.count("done") <= 30


@pytest.mark.parametrize("faults", [{"send": 2}, {"send": "often"}, {"kinds": ["earthquake"]}, {"kinds": []}])
def test_faults_that_make_no_sense_are_said_in_a_sentence(faults: dict[str, Any], opened: Any) -> None:
    with pytest.raises(Misconfigured, match="faults cannot be used"):
        opened("x", faults=faults)


@pytest.mark.parametrize("options", [Options("rehearsal:f"), Options("rehearsal:f", extra={"name": "letters"})])
def test_a_name_that_nobody_plays_is_said_in_a_sentence(options: Options, clock: Clock) -> None:
    with pytest.raises(Misconfigured, match="plays x, mastodon, bluesky, wordpress"):
        Rehearsal(options, DictMemory(100), clock)


def test_a_stand_in_without_its_file_is_said_in_a_sentence(clock: Clock) -> None:
    for address in ("rehearsal:", "https://x.example"):
        with pytest.raises(Misconfigured, match="rehearsal:FILE"):
            Rehearsal(Options(address, extra={"name": "x"}), DictMemory(100), clock)


def test_a_source_that_a_network_does_not_have_is_said_in_a_sentence(opened: Any) -> None:
    with pytest.raises(Misconfigured, match="has no comments"):
        opened("x").fetch(replace(COMMENTS, network="x"), "")


def test_a_look_at_our_own_posts_may_show_a_new_one_late_and_never_a_wrong_one(
    opened: Any, remote: Remote, clock: Clock
) -> None:
    x = opened("x", lag=60)
    named = remote.say("x", "asha", "@theQCommunity who pays?")
    clock.go(seconds=5)
    x.send(post("x", "We do"))
    clock.go(seconds=30)
    assert x.find(post("x", "We do")) is None
    clock.go(seconds=31)
    assert x.find(post("x", "We do"))
    assert x.find(post("x", "We do", reply_to=named)) is None
    assert x.find(replace(post("x", "We do"), started_at=clock())) is None
    assert x.find(replace(post("x", "We do"), started_at=None)) is None
