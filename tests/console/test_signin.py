"""Signing in: links that work once, passwords, sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bot.console import signin
from bot.console.app import ConsoleOptions, create_app
from bot.desk import passwords
from bot.store import people, sessions
from bot.store.engine import Store
from bot.store.tables import person, session, ticket
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene

SignIn = Callable[..., Browser]
PASSWORD = "correct horse battery"


@pytest.fixture
def token(store: Store, scene: Scene) -> str:
    amira = scene.person("Amira Khan", "lead")
    with store.write() as tx:
        return sessions.new_ticket(tx, NOW, amira, timedelta(hours=1))


@pytest.fixture
def amira(store: Store, scene: Scene) -> int:
    with store.write() as tx:
        return people.add(tx, NOW, "Amira Khan", "lead", passwords.hashed(PASSWORD))


def test_a_link_signs_in_once(token: str, nobody: Browser, app: Starlette) -> None:
    assert "Sign in as Amira Khan" in nobody.get(f"/in/{token}").text
    answer = nobody.post(f"/in/{token}")
    assert answer.headers["location"] == "/"
    assert nobody.get("/e/peer-support/questions").status_code == 200
    second = Browser(app).post(f"/in/{token}")
    assert second.status_code == 410
    assert "has been used" in second.text


def test_looking_at_a_link_as_previews_do_does_not_use_it_up(token: str, nobody: Browser) -> None:
    for _ in range(3):
        assert nobody.get(f"/in/{token}").status_code == 200
    assert nobody.post(f"/in/{token}").status_code == 303


def test_a_link_that_is_too_old_says_so(token: str, nobody: Browser, clock: Clock) -> None:
    clock.at += timedelta(hours=2)
    assert nobody.get(f"/in/{token}").status_code == 410
    assert nobody.post(f"/in/{token}").status_code == 410


@pytest.mark.parametrize("made_up", ["x", "x" * 5000, "%00", "../../etc", "ü" * 40])
def test_a_made_up_link_signs_nobody_in(made_up: str, nobody: Browser, scene: Scene) -> None:
    assert nobody.get(f"/in/{made_up}").status_code in (404, 410)
    assert nobody.post(f"/in/{made_up}").status_code in (404, 405, 410)
    assert "session" not in nobody.cookies


def test_a_password_signs_in_and_leads_back_to_the_page_that_was_asked_for(amira: int, nobody: Browser) -> None:
    wanted = nobody.get("/e/peer-support/questions?list=parked")
    assert wanted.status_code == 303
    form = nobody.get(wanted.headers["location"])
    assert 'value="/e/peer-support/questions?list=parked"' in form.text
    back = "/e/peer-support/questions?list=parked"
    answer = nobody.post("/signin", {"name": "Amira Khan", "password": PASSWORD, "to": back})
    assert answer.headers["location"] == back
    assert nobody.get(back).status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_off_the_site(to: str, amira: int, nobody: Browser) -> None:
    answer = nobody.post("/signin", {"name": "Amira Khan", "password": PASSWORD, "to": to})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Amira Khan", "wrong wrong wrong"),
        ("Nobody", PASSWORD),
        ("", ""),
        ("Amira\x00Khan", PASSWORD),
        ("ا" * 500, "x" * 9999),
    ],
)
def test_a_wrong_name_or_password_gives_one_and_the_same_sentence(
    name: str, password: str, amira: int, nobody: Browser
) -> None:
    answer = nobody.post("/signin", {"name": name, "password": password})
    assert answer.status_code == 401
    assert "That name and password don’t match" in answer.text
    assert "<title>Error: " in answer.text
    assert "session" not in nobody.cookies


def test_somebody_without_a_password_cannot_sign_in_with_an_empty_one(scene: Scene, nobody: Browser) -> None:
    scene.person("Joe Okafor", "facilitator")
    assert nobody.post("/signin", {"name": "Joe Okafor", "password": ""}).status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(amira: int, nobody: Browser) -> None:
    for _ in range(signin.TRIES_HERE):
        nobody.post("/signin", {"name": "Amira Khan", "password": "wrong wrong wrong"})
    answer = nobody.post("/signin", {"name": "Amira Khan", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Too many wrong tries. Wait 5 min" in answer.text


def test_only_hashes_of_secrets_are_kept(
    store: Store, amira: int, token_of: Callable[[int], str], nobody: Browser
) -> None:
    secret = token_of(amira)
    nobody.post("/signin", {"name": "Amira Khan", "password": PASSWORD})
    with store.read() as tx:
        kept = [*tx.execute(select(session.c.hash)).scalars(), *tx.execute(select(ticket.c.hash)).scalars()]
        password = tx.execute(select(person.c.password_hash)).scalar_one()
    assert nobody.cookies["session"] not in kept
    assert sessions.digest(nobody.cookies["session"]) in kept
    assert secret not in kept
    assert password.startswith("$argon2id$")


@pytest.fixture
def token_of(store: Store) -> Callable[[int], str]:
    def make(person_id: int) -> str:
        with store.write() as tx:
            return sessions.new_ticket(tx, NOW, person_id, timedelta(hours=1))

    return make


def test_signing_out_ends_the_session_in_the_database_too(browse: SignIn, store: Store) -> None:
    amira = browse("lead")
    kept = dict(amira.cookies)
    assert amira.post("/signout").headers["location"] == "/signin"
    amira.cookies = kept
    assert amira.get("/e/peer-support/questions").status_code == 303
    with store.read() as tx:
        assert tx.execute(select(session)).all() == []


def test_a_session_ends_by_itself(browse: SignIn, clock: Clock) -> None:
    amira = browse("lead")
    clock.at += timedelta(hours=12)
    assert amira.get("/e/peer-support/questions").headers["location"].startswith("/signin?to=")


def test_over_https_the_cookie_has_the_strict_name_and_is_secure(store: Store, scene: Scene, token: str) -> None:
    app = create_app(store, ConsoleOptions("https://console.example", secure=True))
    answer = Browser(app).post(f"/in/{token}", origin="https://console.example")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("password", ["", "short", "x" * 1001])
def test_a_password_that_is_too_short_or_far_too_long_is_refused_in_words(password: str) -> None:
    with pytest.raises(ValueError, match="A password has 10 to 1,000 characters"):
        passwords.hashed(password)


@pytest.mark.parametrize("name", ["", "   ", "\x00\x07", "x" * 81])
def test_a_name_that_says_nothing_is_refused_in_words(name: str, store: Store) -> None:
    with store.write() as tx, pytest.raises(ValueError, match="A name has 1 to 80 characters"):
        people.add(tx, NOW, name, "lead")


def test_a_person_is_stored_once(store: Store) -> None:
    with store.write() as tx:
        first = people.ensure(tx, NOW, "Priya Nair", "comms")
        assert people.ensure(tx, NOW, " Priya  Nair ", "comms") == first
        with pytest.raises(ValueError, match="already somebody called"):
            people.add(tx, NOW, "Priya Nair", "comms")
        with pytest.raises(ValueError, match="no role"):
            people.add(tx, NOW, "Sam", "king")
