"""What a mention costs is found out by what X takes from the credit, and believed only where it can be nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.doubles.x_faults import Fault
from tests.doubles.x_server import XServer
from tests.networks.memory import DictMemory
from tests.networks.x_scene import MENTIONS, US, Clock, Scene, open_x, scene

CREDITS = "GET /2/usage/credits"
NAMED = "GET /2/users/:id/mentions"


@contextmanager
def asking(owner: str = US, mentions: int = 3) -> Iterator[Scene]:
    """A scene whose settings leave the price to be found out."""
    clock, memory = Clock(), DictMemory(50)
    with XServer(clock, owner) as server:
        for number in range(mentions):
            server.post("asha", f"@{US} question {number}?", at=clock() + timedelta(seconds=number))
        clock.forward(minutes=10)
        made = Scene(server, clock, memory, open_x(server, clock, memory, mentions_price="check"))
        yield made
        made.x.close()


def said(here: Scene) -> str:
    """What `check` says of the price."""
    (line,) = [line.what for line in here.x.check() if "A mention is booked" in line.what]
    return line


@pytest.mark.parametrize(("owner", "price"), [(US, 0.001), ("somebody", 0.005)])
def test_check_measures_the_price_once_and_mentions_are_booked_at_it(owner: str, price: float) -> None:
    with asking(owner) as here:
        assert f"${price:.3f}: that is what X took from the credit" in said(here)
        assert here.memory.spent >= here.server.bill().total - 1e-9
        here.reopen(mentions_price="check")
        for _ in range(3):
            here.clock.forward(days=1)
            said(here)
        assert len(here.server.called(NAMED)) == 1
        before, billed = here.memory.spent, here.server.bill().total
        here.server.post("bryn", f"@{US} and who cooks?")
        here.clock.forward(minutes=1)
        assert len(here.read(MENTIONS)) == 4
        assert here.memory.spent - before == pytest.approx(4 * price)
        assert here.memory.spent - before == pytest.approx(here.server.bill().total - billed)


def test_without_mentions_our_own_posts_tell_it() -> None:
    with asking(mentions=0) as here:
        here.server.post(US, "14:05 Coffee is served.")
        assert "$0.001" in said(here)


def test_with_nothing_to_read_the_dear_price_is_assumed_and_how_to_find_out_is_said() -> None:
    with asking(mentions=0) as here:
        assert "$0.005, the dearer of two prices" in said(here)
        assert f"sign in to console.x.com as @{US}" in said(here)
        here.server.post("asha", f"@{US} who pays?")
        assert "that is what X took" in said(here), "it is looked for again as soon as there is something to read"


def test_the_settings_overrule_what_could_be_measured() -> None:
    for told, price in (("owned", "0.001"), ("standard", "0.005")):
        with asking() as here:
            here.reopen(mentions_price=told)
            assert f"${price}, as mentions_price says" in said(here)
            assert here.server.called(NAMED) == []


def test_credit_that_is_taken_late_proves_nothing_and_is_tried_on_other_days_but_not_for_ever() -> None:
    with asking(mentions=4) as here:
        here.server.meter.takes_after = timedelta(minutes=5)
        for _ in range(8):
            for _ in range(3):
                assert "$0.005, the dearer" in said(here)
            here.clock.forward(days=1)
        assert len(here.server.called(NAMED)) == 5
        assert here.memory.spent >= here.server.bill().total - 1e-9


def test_a_part_of_the_dear_price_is_not_taken_for_the_cheap_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with asking("somebody", mentions=5) as here:
        taken = here.server.meter.credit
        late = {True: 0.02, False: 0.0}  # USD: of five posts one was charged for so far, as much as five cheap ones
        monkeypatch.setattr(here.server.meter, "credit", lambda now: taken(now) + late[bool(here.server.called(NAMED))])
        assert "$0.005, the dearer" in said(here)


def test_credit_told_in_whole_cents_proves_nothing() -> None:
    with asking() as here:
        here.server.meter.tells_cents = True
        assert "$0.005, the dearer" in said(here)


def test_an_app_that_may_not_ask_for_its_credit_is_told_how_a_person_finds_out() -> None:
    with asking() as here:
        here.server.faults.next(Fault.NOT_ENROLLED, CREDITS)
        assert "console.x.com" in said(here)
        assert here.server.called(NAMED) == []


def test_a_lost_answer_is_booked_and_the_next_try_waits_for_another_day() -> None:
    with asking() as here:
        here.server.faults.next(Fault.HALF, NAMED)
        assert "$0.005, the dearer" in said(here)
        assert "$0.005, the dearer" in said(here)
        assert len(here.server.called(NAMED)) == 1
        assert here.memory.spent >= here.server.bill().total - 1e-9
        here.clock.forward(days=1)
        assert "$0.001: that is" in said(here)


def test_with_other_credentials_it_is_measured_anew() -> None:
    with asking() as here:
        assert "$0.001: that is" in said(here)
        kept = here.memory.get("mention price")
        here.memory.put("mention price", kept | {"of": "other credentials"})
        here.clock.forward(days=1)
        assert "$0.001: that is" in said(here)
        assert len(here.server.called(NAMED)) == 2


def test_without_budget_for_who_we_are_check_speaks_of_money_and_not_of_keys() -> None:
    with scene(budget=0.001) as here:
        (line,) = [line for line in here.x.check() if line.level == "fail"]
        assert "The budget for X is used up" in line.what
        assert "monthly_budget_usd" in line.fix


@pytest.mark.parametrize(("left", "level"), [(100.0, "ok"), (3.0, "warn"), (0.0, "fail"), (-0.5, "fail")])
def test_check_says_how_much_credit_is_left(left: float, level: str) -> None:
    with scene() as here:
        here.x.account.prove()
        here.x.check()
        here.server.meter.credits_usd = left
        (line,) = [line for line in here.x.check() if "credit" in line.what]
        assert line.level == level
        assert f"${left:.2f}" in line.what
        assert bool(line.fix) == (level != "ok")
