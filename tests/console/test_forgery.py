"""What a page of somebody else sends for one of our people changes nothing, at any address."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.core.rights import OPEN
from tests.console.conftest import URL
from tests.console.scene import Scene
from tests.console.test_rights import _everything, addresses

FOREIGN = {
    "a page elsewhere": {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    "a neighbour of ours": {"sec-fetch-site": "same-site", "origin": URL},
    "an old browser, elsewhere": {"origin": "https://evil.example"},
    "a page in a sandbox": {"origin": "null"},
    "nothing that says from where": {},
}


def _posts(app: Starlette, ids: dict[str, int]) -> list[str]:
    """Every address that takes a POST."""
    behind = [path for method, path, _ in addresses(app, ids) if method == "POST"]
    routes = [
        one for one in app.routes if isinstance(one, Route) and one.path in OPEN and "POST" in (one.methods or ())
    ]
    return behind + [one.path.replace("{token}", "no-such-link").replace("{code}", "ABCD2345") for one in routes]


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_post_that_our_pages_did_not_send_is_refused_everywhere(
    headers: dict[str, str], app: Starlette, scene: Scene, ids: dict[str, int], browse: Any
) -> None:
    amira, walked = browse("owner"), _posts(app, ids)
    before = _everything(scene)
    assert len(walked) >= 50
    for path in walked:
        assert amira.ask("POST", path, headers, {"text": "words"}).status_code == 403, path
    assert _everything(scene) == before
