"""Who reaches what: every address, for every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.console.ask import RIGHTS
from bot.store.tables import person
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene, add

SignIn = Callable[..., Browser]
OPEN = {"/static/{path:path}", "/signin", "/signout", "/in/{token}"}
COMMS_ONLY = ("/updates", "/doubts", "/posting")


def addresses(app: Starlette) -> list[tuple[str, str]]:
    """Every (method, path) of the console that needs somebody signed in, except the stream."""
    return [
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route) and route.path not in OPEN and not route.path.endswith("/live")
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def filled(path: str, ids: dict[str, int]) -> str:
    ref = ids["draft"] if "/updates/" in path else ids["asking"] if "/deliveries/" in path else ids["funding"]
    for name, value in {"slug": "peer-support", "id": str(ref), "action": "none", "change": "1"}.items():
        path = path.replace("{" + name + "}", value)
    return path


def test_nobody_reaches_anything_without_signing_in(app: Starlette, nobody: Browser, ids: dict[str, int]) -> None:
    walked = addresses(app)
    assert len(walked) >= 16
    for method, path in walked:
        answer = nobody.get(filled(path, ids)) if method == "GET" else nobody.post(filled(path, ids))
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/signin"), path
    assert nobody.get("/e/peer-support/live").status_code == 401


def test_facilitators_reach_no_updates_and_everybody_else_does(
    app: Starlette, browse: SignIn, ids: dict[str, int]
) -> None:
    for role in RIGHTS:
        somebody = browse(role)
        for method, path in addresses(app):
            at = filled(path, ids)
            answer = somebody.get(at) if method == "GET" else somebody.post(at)
            shut = role == "facilitator" and any(part in path for part in COMMS_ONLY)
            assert (answer.status_code == 403) is (shut or ("/deliveries/" in path and role == "facilitator")), (
                role,
                path,
            )


def test_a_person_with_a_role_that_nobody_knows_reaches_nothing(browse: SignIn, scene: Scene, app: Starlette) -> None:
    odd = Browser(app)
    with scene.store.write() as tx:
        made = add(tx, person, name="Odd", role="king", created_at=NOW)
    odd.cookies["session"] = scene.session(made)
    assert odd.get("/e/peer-support/questions").status_code == 403


def test_the_menu_of_a_facilitator_leads_to_no_closed_door(browse: SignIn) -> None:
    assert "/e/peer-support/updates" not in browse("facilitator").get("/e/peer-support/questions").text
    assert "/e/peer-support/updates" in browse("comms").get("/e/peer-support/questions").text


@pytest.mark.parametrize("path", ["/e/nowhere/questions", "/e/nowhere/updates", "/e/nowhere/overview", "/nowhere"])
def test_what_is_not_there_is_not_found_in_words(path: str, browse: SignIn) -> None:
    answer = browse("lead").get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_one_event_opens_at_once_and_several_are_offered(browse: SignIn, scene: Scene) -> None:
    amira = browse("lead")
    assert amira.get("/").headers["location"] == "/e/peer-support/questions"
    Scene(scene.store, "other", "Another <event>")
    offered = amira.get("/").text
    assert "Another &lt;event&gt;" in offered
    assert "/e/peer-support/questions" in offered
