"""Every page shows what the rows say, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.console.conftest import Browser

SignIn = Callable[..., Browser]
PAGES = ("questions", "thoughts", "everything", "updates", "overview")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_event_where_nothing_has_happened(page: str, browse: SignIn) -> None:
    answer = browse("lead").get(f"/e/peer-support/{page}")
    assert answer.status_code == 200
    assert "Backchannel</title>" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_the_middle_of_the_workshop(page: str, browse: SignIn, ids: dict[str, int]) -> None:
    assert browse("lead").get(f"/e/peer-support/{page}").status_code == 200


@pytest.mark.parametrize("name", ["gps", "funding", "leeds", "pay", "spam", "arabic", "room"])
def test_every_question_opens(name: str, browse: SignIn, ids: dict[str, int]) -> None:
    assert browse("lead").get(f"/e/peer-support/questions/{ids[name]}").status_code == 200


@pytest.mark.parametrize("name", ["draft", "approval", "held", "sent", "failed", "unsure", "correction"])
def test_every_update_opens(name: str, browse: SignIn, ids: dict[str, int]) -> None:
    assert browse("lead").get(f"/e/peer-support/updates/{ids[name]}").status_code == 200
