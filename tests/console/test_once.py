"""A button that is pressed again because its answer was lost acts once and is answered as the first time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.console.once import once
from bot.store import schema, tables
from bot.store.engine import Store
from bot.store.tables import note
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock

SignIn = Callable[..., Browser]
KEY, OTHER = "0" * 31 + "1", "0" * 31 + "2"


def notes(store: Store) -> int:
    with store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(note)).scalar_one())


def press(browser: Browser, question_id: int, key: str, words: str = "Ask table 4") -> dict[str, object]:
    answer = browser.post(
        f"/e/peer-support/questions/{question_id}/note", {"text": words},
        accept="application/json", idempotency_key=key,
    )  # fmt: skip
    assert answer.status_code == 200
    said: dict[str, object] = answer.json()
    return said


def test_a_repeat_is_answered_as_the_first_time_and_acts_once(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe = browse("facilitator")
    first = press(joe, ids["funding"], KEY)
    again = press(joe, ids["funding"], KEY, "other words")
    assert first == again
    assert (first["ok"], first["sentence"]) == (True, "Note kept.")
    assert notes(store) == 1


def test_another_key_another_person_and_another_address_are_no_repeats(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    press(joe, ids["funding"], KEY)
    press(joe, ids["funding"], OTHER)
    press(joe, ids["pay"], KEY)
    press(amira, ids["funding"], KEY)
    assert notes(store) == 4


def test_a_refusal_is_kept_too(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    at = f"/e/peer-support/questions/{ids['funding']}"
    headers = {"accept": "application/json", "idempotency_key": KEY}
    joe.post(f"{at}/park", {"seen": "waiting"})
    refused = joe.post(f"{at}/dismiss", {"seen": "waiting"}, **headers).json()
    assert refused["ok"] is False
    joe.post(f"{at}/wait", {"seen": "parked"})
    assert joe.post(f"{at}/dismiss", {"seen": "waiting"}, **headers).json() == refused


def test_work_that_fails_leaves_no_key_so_that_it_can_be_tried_again(
    browse: SignIn, ids: dict[str, int], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    joe = browse("facilitator")
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.questions.add_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            press(joe, ids["funding"], KEY)
    assert press(joe, ids["funding"], KEY)["ok"] is True
    assert notes(store) == 1


def test_what_is_answered_with_a_page_is_not_kept(store: Store) -> None:
    assert asked(store, lambda _: PlainTextResponse("a page")).body == b"a page"
    assert asked(store, lambda _: JSONResponse({"ok": True})).body == b'{"ok":true}'


def test_an_old_key_is_forgotten(store: Store, clock: Clock) -> None:
    asked(store, lambda _: JSONResponse({"n": 1}))
    clock.at = NOW + timedelta(days=3)
    asked(store, lambda _: JSONResponse({"n": 2}), OTHER)
    with store.read() as tx:
        assert tx.execute(select(tables.act.c.answer)).scalars().all() == ['{"n":2}']


def test_twins_that_come_at_once_act_once(engine_url: str) -> None:
    made = Store(engine_url)
    schema.migrate(made)
    began, done, answers = threading.Event(), [], []

    def work(_: Store) -> Response:
        began.set()
        done.append(1)
        threading.Event().wait(0.2)  # long enough for the twin to come
        return JSONResponse({"n": len(done)})

    def twin() -> None:
        answers.append(bytes(asked(made, work).body))

    pair = [threading.Thread(target=twin, daemon=True) for _ in range(2)]
    for one in pair:
        one.start()
    for one in pair:
        one.join(20)
    made.close()
    assert began.is_set()
    assert answers == [b'{"n":1}', b'{"n":1}']


def asked(store: Store, work: Callable[[Store], Response], key: str = KEY) -> Response:
    headers = [(b"idempotency-key", key.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b"", "scheme": "http",
             "server": ("127.0.0.1", 80)}  # fmt: skip
    return once(Request(scope), store, 1, work)
