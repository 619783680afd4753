"""Posting on X: replies by its rule, threads, removals; what it would refuse is refused before, and with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import Action
from bot.networks.base import Misconfigured, NoAnswer, Options, Refused
from bot.networks.x import X
from tests.doubles.x_faults import Fault
from tests.doubles.x_problems import NOT_ENGAGED, NOT_YOURS
from tests.networks.servers import Reply, site
from tests.networks.x_scene import US, Scene, open_x, scene

POST = "POST /2/tweets"


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        made.x.account.prove()
        yield made


def test_a_reply_to_whoever_did_not_name_us_is_refused_with_what_to_do(here: Scene) -> None:
    for detail in (NOT_ENGAGED, NOT_YOURS):
        here.server.writes.reply_detail = detail
        native = here.server.post("asha", f"Who pays? {detail[:5]} #QLabs")
        with pytest.raises(Refused, match="Reply by hand"):
            here.x.send(here.delivery("We all do.", reply_to=native))
    assert here.ours() == []


def test_a_reply_goes_out_to_whoever_named_or_quoted_us(here: Scene) -> None:
    named = here.server.post("asha", f"@{US} who pays?")
    first = here.x.send(here.delivery("14:00 We begin."))
    quoted = here.server.post("bryn", "When is this?", quotes=first.remote_id)
    for number, native in enumerate((named, quoted)):
        delivery = here.delivery(f"Answer {number}: now.", reply_to=native)
        receipt = here.x.send(delivery)
        assert receipt.url == f"https://x.com/{US}/status/{receipt.remote_id}"
        found = here.x.find(delivery)
        assert found is not None
        assert found.remote_id == receipt.remote_id


def test_a_reply_to_a_deleted_post_is_refused_and_the_network_goes_on(here: Scene) -> None:
    native = here.server.post("asha", f"@{US} who pays?")
    here.server.delete(native)
    with pytest.raises(Refused, match="no longer on X"):
        here.x.send(here.delivery("We all do.", reply_to=native))


def test_a_thread_hangs_together_and_each_part_is_found_by_itself(here: Scene) -> None:
    first = here.delivery("One 1/3")
    ids = [here.x.send(first).remote_id]
    for number in (2, 3):
        part = here.delivery(f"Part {number}/3", previous=ids[-1], first=ids[0])
        ids.append(here.x.send(part).remote_id)
        found = here.x.find(part)
        assert found is not None
        assert found.remote_id == ids[-1]
    posts = here.server.posts(US)
    assert [post.reply_to and str(post.reply_to.id) for post in posts] == [None, *ids[:2]]


def test_the_second_part_of_an_answer_hangs_under_the_first(here: Scene) -> None:
    native = here.server.post("asha", f"@{US} who pays?")
    first = here.x.send(here.delivery("We all 1/2", reply_to=native)).remote_id
    second = here.delivery("do. 2/2", reply_to=native, previous=first, first=first)
    assert here.x.send(second).remote_id
    assert [str(post.reply_to.id) for post in here.server.posts(US) if post.reply_to] == [native, first]
    assert here.x.find(second)


def test_the_same_words_twice_are_refused_and_are_not_taken_for_the_second_ones(here: Scene) -> None:
    here.x.send(here.delivery(key="first"))
    with pytest.raises(Refused, match="change the words"):
        here.x.send(here.delivery(key="second"))
    assert len(here.ours()) == 1


def test_words_that_are_there_from_a_lost_call_are_found_when_a_person_sends_them_again(here: Scene) -> None:
    here.server.index_lag = timedelta(minutes=5)
    here.server.faults.next(Fault.HANG_AFTER, POST)
    here.reopen(deadline=1.0)
    with pytest.raises(NoAnswer):
        here.x.send(here.delivery())
    assert here.x.find(here.delivery()) is None, "not shown yet"
    here.clock.forward(minutes=6)
    receipt = here.x.send(here.delivery(key="the same", started_at=here.clock()))
    assert receipt.evidence
    assert receipt.remote_id == str(here.server.posts(US)[0].id)
    assert len(here.ours()) == 1


@pytest.mark.parametrize(
    ("text", "why"), [("", "."), ("word " * 90, "."), ("$AAA and $BBB", ".")], ids=["empty", "long", "two cashtags"]
)
def test_what_x_would_not_take_is_refused_before_it_is_asked(here: Scene, text: str, why: str) -> None:
    with pytest.raises(Refused):
        here.x.send(here.delivery(text))
    assert here.server.called(POST) == []


def test_what_only_x_knows_to_be_wrong_is_refused_with_its_words(here: Scene) -> None:
    with site(lambda asked: Reply(400, {"title": "Invalid Request", "detail": "The moon is wrong."})) as bad:
        x = open_x(here.server, here.clock, here.memory, url=bad.url)
        with pytest.raises(Refused, match=r"The moon is wrong\."):
            x.send(here.delivery())
        x.close()


def test_deleting_is_done_once_and_what_is_gone_already_is_gone(here: Scene) -> None:
    sent = here.x.send(here.delivery())
    delete = here.delivery(text="", action=Action.DELETE, target=sent.remote_id)
    assert here.x.find(delete) is None
    assert here.x.send(delete).remote_id == sent.remote_id
    assert here.ours() == []
    assert here.x.find(delete)
    assert here.x.send(delete).evidence


def test_the_keys_of_another_account_post_nothing(here: Scene) -> None:
    secrets = {name.removeprefix("X_").lower(): value for name, value in here.server.secrets("stranger").items()}
    x = X(Options(here.server.url, US, secrets, {}, 5.0), here.memory, here.clock)
    with pytest.raises(Misconfigured, match="@stranger"):
        x.send(here.delivery())
    assert here.server.posts("stranger") == []
    x.close()
