"""Who reaches what: every address, for every role and method, read from the application's own table of routes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot import desk
from bot.console.ask import Ask
from bot.console.doors import Door, acting, reading
from bot.core.rights import BUTTONS, OPEN, PAGES, ROLES, SETTLES, Right, may
from bot.desk import NotAllowed, NotHere, Who
from bot.store import belonging, memberships
from bot.store.tables import metadata, person
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene, add

SignIn = Callable[..., Browser]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def doors(app: Starlette) -> list[Door]:
    return [route for route in app.routes if isinstance(route, Door)]


def test_every_address_either_is_open_to_all_or_says_which_right_it_needs(app: Starlette) -> None:
    for route in app.routes:
        assert isinstance(route, Door) or (isinstance(route, Route) and route.path in OPEN), route
    assert len(doors(app)) >= 18
    pages = {door.path: door.demand for door in doors(app) if not isinstance(door.demand, Mapping)}
    assert pages == dict(PAGES)


def test_a_page_or_a_button_that_is_not_in_the_table_does_not_start() -> None:
    def unheard_of(_ask: Ask) -> Response:
        raise AssertionError("it is never asked for")

    with pytest.raises(KeyError):
        reading("/e/{slug}/secrets", unheard_of)
    with pytest.raises(KeyError):
        acting("/e/{slug}/secrets", unheard_of, {"": unheard_of})


def buttons() -> dict[str, Callable[..., object]]:
    """The functions of the desk, by name."""
    named = {name: getattr(desk, name) for name in desk.__all__}
    return {name: pressed for name, pressed in named.items() if inspect.isfunction(pressed)}


def test_every_function_of_the_desk_asks_who_presses_it_and_about_what() -> None:
    assert set(buttons()) == set(BUTTONS)
    for name, pressed in buttons().items():
        assert hasattr(pressed, "__wrapped__"), f"{name} is not a @button"
        about = [word for word in inspect.signature(pressed).parameters if word.endswith(("_id", "_ids"))]
        assert [word for word in about if word not in {*belonging.ROWS, "item_id", "person_id"}] == [], name


@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_the_desk_refuses_whoever_lacks_the_right_even_without_a_page(name: str, scene: Scene) -> None:
    pressed, right = buttons()[name], BUTTONS[name]
    if right is None:
        return  # it is about oneself
    for role in [*ROLES, "king", ""]:
        if not may(role, right):
            with pytest.raises(NotAllowed):
                pressed(scene.store, Who(1, "Somebody", role, scene.event_id), *_filled(pressed, 1))


def _filled(pressed: Callable[..., object], number: int) -> Iterator[object]:
    for word in list(inspect.signature(pressed).parameters.values())[2:]:
        if word.default is inspect.Parameter.empty:
            yield number if str(word.annotation) == "int" else {} if "Mapping" in str(word.annotation) else "word"


def test_the_desk_touches_nothing_of_another_event(scene: Scene, ids: dict[str, int]) -> None:
    other = Scene(scene.store, "other", "Another event")
    amira = Who(1, "Amira", "lead", other.event_id)
    rows = {"question_id": ids["funding"], "into_id": ids["funding"], "post_id": ids["draft"], "change_id": 1,
            "delivery_id": ids["asking"], "doubt_id": 0, "code_id": 0, "event_id": scene.event_id}  # fmt: skip
    before = _everything(scene)
    tried = 0
    for name, pressed in buttons().items():
        about = next((w for w in inspect.signature(pressed).parameters if rows.get(w)), None)
        if about is not None:
            tried += 1
            with pytest.raises(NotHere):
                pressed(scene.store, amira, *_filled(pressed, rows[about]))
            assert _everything(scene) == before, name
    assert tried >= 24


def _everything(scene: Scene) -> list[object]:
    with scene.store.read() as tx:
        return [tuple(row) for table in metadata.sorted_tables for row in tx.execute(table.select())]


def filled(path: str, ids: dict[str, int], action: str, slug: str = "peer-support") -> str:
    ref = ids["draft"] if "/updates/" in path else ids["asking"] if "/deliveries/" in path else ids["funding"]
    ref = ids["noise"] if "/items/" in path or "/erase/" in path else ids["code"] if "/codes/" in path else ref
    ref = 1_000_000 if "/people/" in path else ref  # somebody who is not there: the walk shuts nobody out
    words = {"slug": slug, "id": str(ref), "action": action, "change": "1", "mark": "a" * 64, "form": "csv"}
    for name, value in words.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, path
    return path


def addresses(
    app: Starlette, ids: dict[str, int], slug: str = "peer-support"
) -> Iterator[tuple[str, str, Right | None]]:
    """Every (method, address, right) of the console that needs somebody signed in, each action apart."""
    for door in doors(app):
        if isinstance(door.demand, Mapping):
            for action, right in door.demand.items():
                yield "POST", filled(door.path, ids, action, slug), right
        else:
            yield "GET", filled(door.path, ids, "", slug), door.demand


def test_nobody_reaches_anything_without_signing_in(app: Starlette, nobody: Browser, ids: dict[str, int]) -> None:
    walked = list(addresses(app, ids))
    assert len(walked) >= 40
    for method, path, _ in walked:
        answer = nobody.get(path) if method == "GET" else nobody.post(path)
        assert answer.status_code in (303, 401), path
        assert answer.status_code == 401 or answer.headers["location"].startswith("/signin"), path


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_reaches_what_it_includes_and_nothing_else(
    role: str, app: Starlette, browse: SignIn, ids: dict[str, int]
) -> None:
    somebody = browse(role)
    for method, path, right in addresses(app, ids):
        allowed = right is None or may(role, right)
        if "/deliveries/" in path:  # the one that asks belongs to an update
            allowed = may(role, SETTLES["update"])
        if path.endswith("/live"):
            continue  # a stream has no end: tests/console/test_live.py opens it
        answer = somebody.get(path) if method == "GET" else somebody.post(path)
        assert (answer.status_code == 403) is not allowed, (method, path, answer.status_code)
        assert answer.status_code < 500, (method, path)


def test_no_address_answers_to_a_method_that_it_does_not_name(
    app: Starlette, browse: SignIn, ids: dict[str, int]
) -> None:
    amira = browse("owner")
    for door in doors(app):
        named = {m for d in doors(app) if d.path == door.path for m in d.methods or ()}
        action = next(iter(door.demand), "") if isinstance(door.demand, Mapping) else ""
        for method in set(METHODS) - named:
            assert amira.ask(method, filled(door.path, ids, action)).status_code == 405, (method, door.path)


def test_an_action_that_there_is_not_is_not_found(app: Starlette, browse: SignIn, ids: dict[str, int]) -> None:
    amira = browse("owner")
    for door in doors(app):
        if "{action}" in door.path:
            assert amira.post(filled(door.path, ids, "abolish")).status_code == 404


def test_a_person_with_a_role_that_nobody_knows_reaches_nothing(browse: SignIn, scene: Scene, app: Starlette) -> None:
    odd = Browser(app)
    with scene.store.write() as tx:
        made = add(tx, person, name="Odd", created_at=NOW)
    odd.cookies["session"] = scene.session(made)
    assert odd.get("/e/peer-support/questions").status_code == 404
    with scene.store.write() as tx:
        memberships.join(tx, made, scene.event_id, "king")
    assert odd.get("/e/peer-support/questions").status_code == 403


def test_the_menu_leads_to_no_closed_door(browse: SignIn) -> None:
    for role in ROLES:
        somebody = browse(role)
        page = somebody.get("/e/peer-support/questions").text
        menu = page.split('<nav class="nav"')[1].split("</nav>")[0]
        for path in {word.split('"')[0] for word in menu.split('href="')[1:]}:
            if path.startswith("/e/"):
                assert somebody.get(path).status_code == 200, (role, path)


@pytest.mark.parametrize("path", ["/e/nowhere/questions", "/e/nowhere/updates", "/e/nowhere/overview", "/nowhere"])
def test_what_is_not_there_is_not_found_in_words(path: str, browse: SignIn) -> None:
    answer = browse("lead").get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_an_update_that_there_is_not_is_not_found(browse: SignIn, ids: dict[str, int]) -> None:
    amira = browse("lead")
    assert amira.get("/e/peer-support/updates/0").status_code == 404
    assert amira.get("/e/peer-support/updates/999999").status_code == 404


def test_one_event_opens_at_once_and_several_are_offered(browse: SignIn, scene: Scene) -> None:
    amira = browse("lead")
    assert amira.get("/").headers["location"] == "/e/peer-support/questions"
    other = Scene(scene.store, "other", "Another <event>")
    assert amira.get("/").headers["location"] == "/e/peer-support/questions"
    with scene.store.write() as tx:
        memberships.join(tx, 1, other.event_id, "viewer")
    offered = amira.get("/").text
    assert "Another &lt;event&gt;" in offered
    assert "/e/peer-support/questions" in offered
