"""The page where a person writes a post, its time, and its photo."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.console.guard import MOST_WITH_PHOTO
from bot.console.writing import instant
from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import URL, Browser
from tests.console.scene import NOW

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/updates"
FORM = {"text": "The doors open at ten. #QLabs", "network": ["x", "mastodon"], "key": "a" * 32}


def notices(store: Store) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(select(t.post).where(t.post.c.kind == "notice")).all())


def test_a_post_is_written_once_and_shown_as_each_network_will_show_it(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya = browse("comms")
    page = priya.get(f"{BASE}/new").text
    assert "280 characters, $0.015, with a link $0.20" in page
    assert re.search(r'name="key" value="[0-9a-f]{32}"', page)
    shown = priya.follow(priya.post(f"{BASE}/new", FORM)).text
    assert (
        shown.count('<p class="pv-text verbatim" dir="auto">The doors open at ten. <span class="lk">#QLabs</span></p>')
        == 2
    )
    assert ">$0.015<" in shown
    assert "Needs approval" in shown
    priya.post(f"{BASE}/new", FORM)
    (row,) = notices(store)
    assert (row.edited_by, row.state) == ("Priya Nair", "draft")
    assert "The doors open at ten." in priya.get(BASE).text.split(f'id="post-{row.id}"')[1].split("</a>")[0]


def test_words_that_cannot_be_kept_come_back_with_the_reason(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    answer = browse("comms").post(f"{BASE}/new", {"text": "Keep <me>", "key": "b" * 32})
    assert answer.status_code == 200
    assert "<title>Error: " in answer.text
    assert "Choose at least one network." in answer.text
    assert "Keep &lt;me&gt;" in answer.text
    assert notices(store) == []


def test_only_who_publishes_writes_posts(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe = browse("facilitator")
    assert joe.get(f"{BASE}/new").status_code == 403
    assert joe.post(f"{BASE}/new", FORM).status_code == 403
    assert notices(store) == []


def test_a_time_is_that_of_the_event_and_stands_on_the_list(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya = browse("comms")
    priya.post(f"{BASE}/new", FORM)
    (row,) = notices(store)
    at = f"{BASE}/{row.id}"
    assert 'type="datetime-local"' in priya.get(at).text
    assert "Say a day and a time" in priya.follow(priya.post(f"{at}/at", {"revision": "1", "at": "soon"})).text
    form = {"revision": "1", "at": "2017-07-13T16:15", "network": ["x"]}
    page = priya.follow(priya.post(f"{at}/at", form)).text
    assert "Goes out to 1 network at 4:15pm" in page
    assert notices(store)[0].go_at == NOW.replace(hour=15, minute=15)
    assert "Goes out at 4:15pm" in priya.get(BASE).text.split(f'id="post-{row.id}"')[1].split("</a>")[0]
    assert "Held by Priya Nair" in priya.follow(priya.post(f"{at}/hold", {"back": at})).text


@pytest.mark.parametrize("word", ["", "16:15", "2017-13-13T16:15", "x" * 30])
def test_what_is_no_day_and_time_is_none(word: str) -> None:
    assert instant(word, "Europe/London") is None


def test_a_day_and_a_time_are_read_in_the_zone_of_the_event() -> None:
    assert instant("2017-07-13T16:15", "Europe/London") == NOW + timedelta(hours=1, minutes=4)


def _send_file(browser: Browser, path: str, content: bytes, **fields: str) -> httpx.Response:
    async def sent() -> httpx.Response:
        wire = httpx.ASGITransport(browser.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=wire, base_url=URL, cookies=browser.cookies) as client:
            headers = {"sec-fetch-site": "same-origin", "origin": URL}
            return await client.post(
                path, headers=headers, data=fields, files={"photo": ("a.png", content, "image/png")}
            )

    return asyncio.run(sent())


def test_a_photo_is_taken_with_its_description_and_prepared(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya = browse("comms")
    priya.post(f"{BASE}/new", FORM)
    (row,) = notices(store)
    answer = _send_file(priya, f"{BASE}/{row.id}/photo", b"bytes of a photo", revision="1", alt="A <door>")
    assert answer.status_code == 303
    with store.read() as tx:
        (kept,) = tx.execute(select(t.enclosure.c.alt, t.enclosure.c.state, t.upload.c.content).join(t.upload)).all()
    assert tuple(kept) == ("A <door>", "wanted", b"bytes of a photo")
    page = priya.get(f"{BASE}/{row.id}").text
    assert "Being prepared." in page
    assert "A &lt;door&gt;" in page


def test_a_file_is_read_only_of_somebody_who_signed_in_and_only_where_it_is_asked_for(
    browse: SignIn, nobody: Browser, ids: dict[str, int], store: Store
) -> None:
    priya = browse("comms")
    priya.post(f"{BASE}/new", FORM)
    (row,) = notices(store)
    assert "/signin" in _send_file(nobody, f"{BASE}/{row.id}/photo", b"photo", revision="1").headers["location"]
    assert _send_file(priya, f"{BASE}/{row.id}/edit", b"photo", revision="1").status_code == 400
    far = _send_file(priya, f"{BASE}/{row.id}/photo", b"x" * MOST_WITH_PHOTO, revision="1")
    assert (far.status_code, far.text) == (413, "That photo is too large. Nothing was changed.")
    with store.read() as tx:
        assert tx.execute(select(t.upload)).all() == []
