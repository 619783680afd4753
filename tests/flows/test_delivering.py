"""What becomes of a delivery whose answer was lost: repeated gently, never too late, and never for ever in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Row

from bot import deliver, desk
from bot.core.items import Delivery, Receipt
from bot.networks.base import Network, NoAnswer
from bot.store.tables import delivery
from tests.flows.house import ADA, TIMING, House, house

WELCOME = ("9.50am", "Welcome", "Tea and biscuits at the back.")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.save()
        made.tick()
        made.save(WELCOME)
        made.tick(times=5)
        made.clock.go(60)
        deliver.end_grace(made.store)
        yield made


def _lose_answers(monkeypatch: pytest.MonkeyPatch, network: Network) -> list[Delivery]:
    """From now on calls have their effect and no answer, and nothing is found; the calls."""
    calls: list[Delivery] = []
    send = network.send

    def lost(one: Delivery) -> Receipt:
        calls.append(one)
        send(one)
        raise NoAnswer("It hung up.")

    monkeypatch.setattr(network, "send", lost)
    monkeypatch.setattr(network, "find", lambda _: None)
    return calls


def _only(home: House, name: str) -> Row[tuple[object, ...]]:
    (row,) = home.deliveries(delivery.c.network == name)
    return row


def test_a_repeat_that_a_pause_held_back_too_long_is_not_sent_but_put_before_a_person(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mastodon = home.networks["mastodon"]
    with monkeypatch.context() as lossy:
        _lose_answers(lossy, mastodon)
        assert deliver.send_one(home.store, mastodon, "mastodon", TIMING)
        assert desk.pause(home.store, ADA).ok
        assert deliver.look_one(home.store, mastodon, "mastodon", TIMING)
    assert _only(home, "mastodon").state == "queued"
    monkeypatch.setattr(mastodon, "find", lambda _: None)
    home.clock.go(mastodon.safe_repeat.total_seconds() + 60)
    assert desk.unpause(home.store, ADA).ok
    home.tick(times=5)
    assert (len(home.sent("mastodon")), _only(home, "mastodon").state) == (1, "asking")


def test_a_repeat_waits_longer_each_time(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mastodon = home.networks["mastodon"]
    calls = _lose_answers(monkeypatch, mastodon)
    for _ in range(40):
        deliver.send_one(home.store, mastodon, "mastodon", TIMING)
        deliver.look_one(home.store, mastodon, "mastodon", TIMING)
    assert len(calls) == 1
    waits = []
    for _ in range(5):
        waits.append((_only(home, "mastodon").due - home.clock()).total_seconds())
        home.clock.go(waits[-1])
        assert deliver.send_one(home.store, mastodon, "mastodon", TIMING)
        assert deliver.look_one(home.store, mastodon, "mastodon", TIMING)
    assert [wait >= 2**n for n, wait in enumerate(waits)] == [True] * 5
    assert len(home.sent("mastodon")) == 1


def test_a_fault_of_ours_while_looking_ends_before_a_person(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    x = home.networks["x"]
    _lose_answers(monkeypatch, x)

    def broken(_: Delivery) -> Receipt | None:
        raise KeyError("a field that is not there")

    monkeypatch.setattr(x, "find", broken)
    assert deliver.send_one(home.store, x, "x", TIMING)
    for _ in range(20):
        if _only(home, "x").state == "unsure":
            with pytest.raises(KeyError):
                deliver.look_one(home.store, x, "x", TIMING)
            home.clock.go(600)
    assert _only(home, "x").state == "asking"
    assert "KeyError" in _only(home, "x").evidence
