"""Who is let in, by whom, for how long, and how they are shown the door again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from bot import desk
from bot.desk import NotAllowed, Who
from bot.store import codes, memberships, people, sessions
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene

SignIn = Callable[..., Browser]
PEOPLE = "/e/peer-support/people"


def link_in(page: str) -> str:
    """The path of the sign-in link that a page shows."""
    found = re.search(r"<code[^>]*>http://127\.0\.0\.1:8000(/in/[^<]+)</code>", page)
    assert found, page
    return found[1]


def test_an_invitation_lets_somebody_in_once_and_ends_after_three_days(
    browse: SignIn, app: Starlette, clock: Clock
) -> None:
    amira = browse("lead")
    late = link_in(amira.post(PEOPLE, {"name": "Late Larry", "role": "viewer"}).text)
    path = link_in(amira.post(PEOPLE, {"name": "Priya Nair", "role": "comms"}).text)
    priya = Browser(app)
    assert priya.post(path, {"password": "three unrelated words"}).status_code == 303
    assert priya.get("/e/peer-support/updates").status_code == 200
    assert Browser(app).post(path).status_code == 410
    again = Browser(app)
    assert again.post("/signin", {"name": "Priya Nair", "password": "three unrelated words"}).status_code == 303
    clock.at += timedelta(days=3)
    assert Browser(app).post(late).status_code == 410


def test_a_role_changes_from_the_next_click(browse: SignIn, scene: Scene) -> None:
    amira, joe = browse("lead"), browse("facilitator")
    with scene.store.read() as tx:
        joes = people.by_name(tx, "Joe Okafor")
    assert joes is not None
    assert joe.get("/e/peer-support/updates").status_code == 403
    amira.post(f"{PEOPLE}/{joes.id}/role", {"role": "comms"})
    assert joe.get("/e/peer-support/updates").status_code == 200
    amira.post(f"{PEOPLE}/{joes.id}/remove")
    assert joe.get("/e/peer-support/questions").headers["location"].startswith("/signin")


def test_a_lead_cannot_become_an_owner_or_anybody_who_works_elsewhere(scene: Scene) -> None:
    other = Scene(scene.store, "other", "Another event")
    owner, both = scene.person("Olu", "owner"), scene.person("Bea", "facilitator")
    with scene.store.write() as tx:
        amira = people.add(tx, NOW, "Amira", "lead", event_ids=[scene.event_id])
    who = Who(amira, "Amira", "lead", scene.event_id)
    for person_id in (owner, both):
        with pytest.raises(NotAllowed):
            desk.sign_in_link(scene.store, who, scene.event_id, person_id)
        with pytest.raises(NotAllowed):
            desk.end_sessions(scene.store, who, scene.event_id, person_id)
    with pytest.raises(NotAllowed):
        desk.set_role(scene.store, who, scene.event_id, amira, "owner")
    with pytest.raises(NotAllowed):
        desk.invite(scene.store, who, scene.event_id, "New", "owner")
    with pytest.raises(NotAllowed):
        desk.take_away(scene.store, who, scene.event_id, owner)
    only_there = people_of(scene, "Cai", other.event_id)
    let_in = desk.invite(scene.store, who, scene.event_id, "Cai", "viewer")
    assert let_in.done.ok
    assert let_in.token == ""
    with pytest.raises(NotAllowed):
        desk.sign_in_link(scene.store, who, scene.event_id, only_there)


def people_of(scene: Scene, name: str, event_id: int) -> int:
    with scene.store.write() as tx:
        return people.add(tx, NOW, name, "comms", event_ids=[event_id])


def test_the_last_owner_stays(scene: Scene) -> None:
    olu = scene.person("Olu", "owner")
    who = Who(0, "Command", "owner", scene.event_id)
    for refused in (
        desk.take_away(scene.store, who, scene.event_id, olu),
        desk.set_role(scene.store, who, scene.event_id, olu, "viewer"),
    ):
        assert not refused.ok
        assert "last owner" in refused.sentence
    scene.person("Pat", "owner")
    assert desk.take_away(scene.store, who, scene.event_id, olu).ok


def test_a_helper_joins_by_a_code_and_sees_the_questions_alone(
    browse: SignIn, app: Starlette, scene: Scene, ids: dict[str, int], clock: Clock
) -> None:
    amira = browse("lead")
    shown = amira.get(f"/e/peer-support/codes/{ids['code']}").text
    with scene.store.read() as tx:
        letters = codes.letters(tx, ids["code"])
    assert f"{letters[:4]}-{letters[4:]}" in shown
    assert "<svg" in shown
    assert letters[:4] in Browser(app).get(f"/join/{letters}").text
    helper = Browser(app)
    assert helper.post("/join", {"code": f" {letters[:4].lower()}-{letters[4:]}", "name": "Sam"}).status_code == 303
    assert helper.get("/e/peer-support/questions").status_code == 200
    assert helper.get("/e/peer-support/everything").status_code == 403
    assert helper.post(f"/e/peer-support/questions/{ids['funding']}/answer", {"text": "Yes."}).status_code == 403
    assert "Sam" in amira.get(PEOPLE).text
    taken = Browser(app).post("/join", {"code": letters, "name": "Sam"})
    assert taken.status_code == 400
    assert "is called “Sam” already" in taken.text
    clock.at += timedelta(hours=4)
    assert helper.get("/e/peer-support/questions").status_code == 303


def test_a_code_that_is_revoked_signs_its_helpers_out(
    browse: SignIn, app: Starlette, scene: Scene, ids: dict[str, int]
) -> None:
    with scene.store.read() as tx:
        letters = codes.letters(tx, ids["code"])
    helper = Browser(app)
    helper.post("/join", {"code": letters, "name": "Sam"})
    browse("lead").post(f"/e/peer-support/codes/{ids['code']}/revoke")
    assert helper.get("/e/peer-support/questions").status_code == 303
    assert Browser(app).post("/join", {"code": letters, "name": "Kim"}).status_code == 410


def test_a_code_has_so_many_places_and_wrong_codes_are_slowed_down(
    app: Starlette, scene: Scene, ids: dict[str, int], nobody: Browser
) -> None:
    with scene.store.read() as tx:
        letters = codes.letters(tx, ids["code"])
    answers = [Browser(app).post("/join", {"code": letters, "name": f"Helper {n}"}).status_code for n in range(6)]
    assert answers == [303] * 5 + [410]
    for _ in range(19):
        assert nobody.post("/join", {"code": "ZZZZ2222", "name": "X"}).status_code == 410
    assert nobody.post("/join", {"code": "ZZZZ2222", "name": "X"}).status_code == 429


def test_people_see_where_they_are_signed_in_and_end_it(browse: SignIn, app: Starlette, scene: Scene) -> None:
    amira = browse("lead")
    with scene.store.read() as tx:
        known = people.by_name(tx, "Amira Khan")
    assert known is not None
    other = Browser(app)
    other.cookies["session"] = scene.session(known.id)
    ref = sessions.digest(other.cookies["session"])
    assert ref in amira.get("/me").text
    amira.post("/me/end", {"ref": ref})
    assert other.get("/me").status_code == 303
    assert amira.get("/me").status_code == 200


def test_owners_and_leads_are_signed_out_after_an_hour_without_work(browse: SignIn, clock: Clock) -> None:
    lead, comms, watching = browse("lead"), browse("comms"), browse("owner")
    for _ in range(4):
        clock.at += timedelta(minutes=20)
        assert lead.get("/e/peer-support/questions").status_code == 200
        watching.get("/e/peer-support/questions", x_part="live")
    assert comms.get("/e/peer-support/questions").status_code == 200
    assert watching.get("/e/peer-support/questions").status_code == 303  # a page that keeps itself fresh is no work


def test_a_stream_ends_for_whoever_is_out_of_the_event(scene: Scene) -> None:
    lead, joe = scene.person("Amira", "lead"), scene.person("Joe", "facilitator")
    seats = {(scene.session(who), scene.event_id) for who in (lead, joe)}
    with scene.store.write() as tx:
        assert sessions.still(tx, NOW, seats) == seats
        people.leave(tx, joe, scene.event_id)
        assert len(sessions.still(tx, NOW, seats)) == 1


def test_an_event_is_shown_only_to_those_who_work_on_it(browse: SignIn, scene: Scene, app: Starlette) -> None:
    other = Scene(scene.store, "other", "Another event")
    with scene.store.write() as tx:
        cai = people.add(tx, NOW, "Cai", "lead", event_ids=[other.event_id])
    stranger = Browser(app)
    stranger.cookies["session"] = scene.session(cai)
    assert stranger.get("/e/peer-support/questions").status_code == 404
    page = stranger.get("/e/other/questions").text
    assert "peer-support" not in page
    with scene.store.write() as tx:
        memberships.join(tx, cai, scene.event_id, "viewer")
    assert "/e/peer-support/questions" in stranger.get("/e/other/questions").text


def test_what_was_written_is_kept_while_somebody_signs_in_again(
    browse: SignIn, scene: Scene, ids: dict[str, int], app: Starlette
) -> None:
    amira = browse("lead")
    link = link_in(amira.post(PEOPLE, {"name": "Priya Nair", "role": "comms"}).text)
    priya = Browser(app)
    priya.post(link, {"password": "three unrelated words"})
    priya.cookies.clear()
    path, said = f"/e/peer-support/questions/{ids['funding']}/note", "A note <b>that</b> took ten minutes"
    late = priya.post(path, {"text": said})
    assert late.status_code == 401
    assert "A note &lt;b&gt;that&lt;/b&gt; took ten minutes" in late.text
    field = re.search(r'name="kept" value="([^"]*)"', late.text)
    assert field
    packed = field[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    back = priya.post("/signin", {"name": "Priya Nair", "password": "three unrelated words", "kept": packed})
    assert f'action="{path}"' in back.text
    assert "A note &lt;b&gt;that" in back.text
    assert priya.post(path, {"text": said}).status_code == 303
    assert "A note &lt;b&gt;that" in priya.get(f"/e/peer-support/questions/{ids['funding']}").text
