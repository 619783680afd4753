"""What stands before every page: headers, the forgery check, the limit on bodies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.console.guard import HEADERS, MOST_BYTES, forged, origin_of
from tests.console.conftest import URL, Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://console.example/", "https://console.example"),
        ("https://console.example:443/sub", "https://console.example"),
        ("https://Console.Example:8443", "https://console.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"sec-fetch-site": "same-site", "origin": URL}, True),
        ({"sec-fetch-site": "cross-site", "origin": URL}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": URL}, False),
        ({"origin": "null"}, True),
        ({"origin": "http://127.0.0.1:9000"}, True),
        ({"origin": "https://127.0.0.1:8000"}, True),
        ({"origin": URL + ".evil.example"}, True),
        ({}, True),
    ],
)
def test_a_post_is_taken_only_from_our_own_pages(headers: dict[str, str], refused: bool) -> None:
    assert forged("POST", headers, URL) is refused
    assert forged("DELETE", headers, URL) is refused
    assert not forged("GET", headers, URL)


def test_a_forged_post_changes_nothing_and_says_so(browse: SignIn, ids: dict[str, int]) -> None:
    amira = browse("lead")
    path = f"/e/peer-support/questions/{ids['funding']}"
    answer = amira.post(f"{path}/dismiss", {}, sec_fetch_site="cross-site", origin="https://evil.example")
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text
    assert 'tag-info">Waiting' in amira.get(path).text


def test_sign_in_is_guarded_too(nobody: Browser, scene: Scene) -> None:
    assert nobody.post("/signin", {}, sec_fetch_site="cross-site").status_code == 403


@pytest.mark.parametrize("path", ["/signin", "/e/peer-support/questions", "/static/none", "/nowhere"])
def test_every_answer_carries_the_policy(path: str, browse: SignIn) -> None:
    answer = browse("lead").get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_pages_are_not_kept_by_caches(browse: SignIn) -> None:
    assert browse("lead").get("/e/peer-support/questions").headers["cache-control"] == "no-store"


def test_a_body_that_is_far_too_big_is_refused_before_it_is_read(browse: SignIn, ids: dict[str, int]) -> None:
    answer = browse("lead").post(f"/e/peer-support/questions/{ids['funding']}/note", {"text": "x" * (MOST_BYTES + 1)})
    assert answer.status_code == 413
