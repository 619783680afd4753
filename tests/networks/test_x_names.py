"""Names of authors on X: fetched as the policy says, once, and never in the way of a question."""

from __future__ import annotations

import pytest

from tests.doubles.x_faults import Fault
from tests.networks.x_scene import scene


@pytest.mark.parametrize(("policy", "named"), [("off", 0), ("questions", 1), ("all", 2)])
def test_names_are_fetched_as_the_policy_says_and_once(policy: str, named: int) -> None:
    with scene(names=policy) as here:
        here.server.post("asha", "Who pays for the carers? #QLabs")
        here.server.post("bryn", "Lovely morning here #QLabs")
        here.clock.forward(minutes=1)
        items = here.read()
        assert sorted(item.author_handle for item in items if item.author_handle) == ["@asha", "@bryn"][:named]
        here.server.post("asha", "And who pays for the cooks? #QLabs")
        here.clock.forward(minutes=1)
        here.read()
        assert len(here.server.called("GET /2/users")) == min(named, 1)
        assert here.memory.spent == pytest.approx(here.server.bill().total)
        assert "asha" not in here.memory.text()


def test_a_name_that_cannot_be_had_does_not_hold_back_the_question() -> None:
    with scene(names="all") as here:
        here.server.post("asha", "Who pays? #QLabs")
        here.clock.forward(minutes=1)
        here.server.faults.next(Fault.HTML_503, "GET /2/users")
        assert [item.author_handle for item in here.read()] == [""]
        assert [item.author_handle for item in here.read()] == ["@asha"]
