"""The limits of X: kept over a restart, each for its own endpoint, waited for by the right reset, without a storm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.networks.base import RateLimited
from tests.doubles.x_faults import Fault
from tests.networks.x_scene import MENTIONS, START, Scene, scene

POST = "POST /2/tweets"
SEARCH = "GET /2/tweets/search/recent"


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        made.x.account.prove()
        yield made


def test_a_limit_is_remembered_over_a_restart_and_holds_for_its_endpoint_alone(here: Scene) -> None:
    here.server.faults.next(Fault.TOO_MANY, SEARCH)
    with pytest.raises(RateLimited) as limited:
        here.page()
    assert START + timedelta(minutes=15) <= limited.value.until <= START + timedelta(minutes=15, seconds=5)
    assert not limited.value.whole
    here.reopen()
    with pytest.raises(RateLimited):
        here.page()
    assert len(here.server.called(SEARCH)) == 1, "the second was not even asked"
    assert here.page(MENTIONS).items == ()
    assert here.x.send(here.delivery()).remote_id
    here.clock.forward(minutes=16)
    assert here.page().items == ()


def test_the_limit_of_the_day_is_waited_for_by_its_own_reset(here: Scene) -> None:
    here.server.faults.next(Fault.TOO_MANY_DAY, POST)
    with pytest.raises(RateLimited) as limited:
        here.x.send(here.delivery())
    assert limited.value.until >= START + timedelta(hours=4)


@pytest.mark.parametrize("fault", [Fault.TOO_MANY_NO_RESET, Fault.TOO_MANY_BAD_RESET])
def test_a_limit_without_an_end_is_waited_for_longer_each_time_and_without_a_storm(here: Scene, fault: Fault) -> None:
    here.server.faults.next(fault, SEARCH, times=10_000)
    for _ in range(24 * 60):
        with pytest.raises(RateLimited):
            here.page()
        here.clock.forward(minutes=1)
    assert 90 <= len(here.server.called(SEARCH)) <= 120, "a day of it: every fifteen minutes at last"


def test_the_last_call_of_a_window_closes_it_before_x_has_to_refuse(here: Scene) -> None:
    for _ in range(460):
        try:
            here.page()
        except RateLimited:
            break
    assert [call.status for call in here.server.called(SEARCH)] == [200] * 450
