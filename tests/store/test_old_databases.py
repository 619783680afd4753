"""What an older program stored still counts after the database was brought up to date, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from bot import desk, housekeep
from bot.core import room
from bot.desk import Opened, Who
from bot.store import memberships, passages, people, schema, screens
from bot.store.engine import Store
from bot.store.tables import membership, person, placement, question
from tests.flows.house import Clock
from tests.store.rows import rows

AT = "2026-05-04 09:00:00.000000"
AMIRA = Who(1, "Amira", "lead")


@contextmanager
def old(url: str, clock: Clock, revision: str, *statements: str) -> Iterator[Store]:
    """A database as the program of that revision left it, brought up to date."""
    made = Store(url, clock)
    schema.migrate(made, revision)
    with made.write() as tx:
        for one in statements:
            tx.execute(text(one.replace(":at", f"'{AT}'")))
    assert schema.migrate(made)
    yield made
    made.close()


EVENTS = "INSERT INTO event (slug, name, active) VALUES ('one', 'One', true), ('two', 'Two', true)"
PEOPLE = (
    "INSERT INTO person (name, role, created_at) VALUES ('Amira', 'lead', :at), ('Joe', 'facilitator', :at), "
    "('Priya', 'comms', :at), ('Vera', 'viewer', :at)"
)
SESSION = "INSERT INTO session (hash, person_id, created_at, seen_at, until) VALUES ('h', 2, :at, :at, :at)"


def test_who_was_a_lead_is_an_owner_and_the_others_keep_their_role_in_each_event(engine_url: str, clock: Clock) -> None:
    with old(engine_url, clock, "0010", EVENTS, PEOPLE, SESSION) as store:
        assert {row.name: row.owner for row in rows(store, person)} == {
            "Amira": True, "Joe": False, "Priya": False, "Vera": False,
        }  # fmt: skip
        assert {(row.person_id, row.event_id, row.role, row.until) for row in rows(store, membership)} == {
            (who, event_id, role, None)
            for who, role in ((2, "facilitator"), (3, "comms"), (4, "viewer"))
            for event_id in (1, 2)
        }
        with store.read() as tx:
            assert memberships.role_in(tx, clock(), 1, True, "two") == (2, "owner")
            assert memberships.role_in(tx, clock(), 3, False, "two") == (2, "comms")
            assert people.by_name(tx, "Joe") is not None
            assert tx.execute(text("SELECT device FROM session")).scalar_one() == ""


def test_nobody_gets_a_role_where_there_was_no_event(engine_url: str, clock: Clock) -> None:
    with old(engine_url, clock, "0010", PEOPLE) as store:
        assert rows(store, membership) == []


ASKED = (
    "INSERT INTO question (event_id, state, text, wording, flags, position, asked_at, moved_at) VALUES "
    "(1, 'room', 'Is there a bus? #QLabs', '', '[]', 1, :at, :at), "
    "(1, 'room', 'Ring me on 07700 900123?', '', '[\"personal_data\"]', 2, :at, :at), "
    "(1, 'room', 'Ring me on 07700 900124?', 'May we ring?', '[\"personal_data\"]', 3, :at, :at)"
)


def test_what_was_on_the_list_for_the_room_before_there_were_screens_can_be_shown_on_one(
    engine_url: str, clock: Clock
) -> None:
    with old(engine_url, clock, "0007", EVENTS, ASKED) as store:
        done = desk.add_screen(store, AMIRA, 1, "Main hall")
        assert isinstance(done, Opened)
        shown = {}
        for number, words in ((1, "Is there a bus?"), (3, "May we ring?"), (2, "Ring me on 07700 900123?")):
            assert "Look at its words again" in desk.show_on_screen(store, AMIRA, 1, number).sentence or number == 2
            if desk.show_on_screen(store, AMIRA, 1, number, room.mark(words)).ok:
                with store.read() as tx:
                    shown[number] = screens.slide(tx, clock(), screens.of_event(tx, 1)[0]).words
        assert shown == {1: "Is there a bus?", 3: "May we ring?"}


NOTE = "INSERT INTO note (question_id, who, at, text) VALUES (1, 'Joe', :at, 'Ask about kumquats')"


def test_what_was_written_before_there_was_an_index_is_found(engine_url: str, clock: Clock) -> None:
    with old(engine_url, clock, "0011", EVENTS, ASKED, NOTE) as store:
        for _ in range(2):
            with store.read() as tx:
                found = [passages.written(tx, 1, words)[0] for words in ("kumquats", "ring")]
            assert [[one.kind for one in page] for page in found] == [["note"], ["wording"]]
            housekeep.index(store)


STORED = (
    "INSERT INTO event (slug, name) VALUES ('one', 'One')",
    "INSERT INTO source (event_id, network, kind, address) VALUES (1, 'x', 'hashtag', 'QLabs')",
    "INSERT INTO item (network, native_id, text, seen_at) VALUES ('x', '1', 'Is there a bus?', :at)",
    "INSERT INTO sighting (source_id, item_id, first_seen) VALUES (1, 1, :at)",
    "INSERT INTO person (name, role, created_at) VALUES ('Joe', 'facilitator', :at)",
    "INSERT INTO session (hash, person_id, created_at, seen_at, until) VALUES ('h', 1, :at, :at, :at)",
    "INSERT INTO ticket (hash, person_id, until) VALUES ('h', 1, :at)",
    "INSERT INTO question (event_id, state, asked_at) VALUES (1, 'waiting', :at)",
    "INSERT INTO placement (event_id, item_id, kind, question_id) VALUES (1, 1, 'question', 1)",
    "INSERT INTO note (question_id, who, at, text) VALUES (1, 'Joe', :at, 'Ask')",
    "INSERT INTO post (event_id, kind, state, question_id, created_at, changed_at) "
    "VALUES (1, 'answer', 'draft', 1, :at, :at)",
    "INSERT INTO version (post_id, network) VALUES (1, 'x')",
    "INSERT INTO delivery (event_id, post_id, network, action, state, key, created_at) "
    "VALUES (1, 1, 'x', 'create', 'queued', 'k', :at)",
    "INSERT INTO change (at, what, kind) VALUES (:at, 'asked', 'question')",
)


def test_no_migration_takes_a_row_along(engine_url: str, clock: Clock) -> None:
    tables = [one.split()[2] for one in STORED]
    with old(engine_url, clock, "0001", *STORED) as store, store.read() as tx:
        left = {name: tx.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    assert left == dict.fromkeys(tables, 1)


FLAGGED = (
    "INSERT INTO item (network, native_id, text, flags, seen_at) VALUES "
    "('x', '1', 'I want to die', '[\"distress\"]', :at), ('x', '2', 'Ring me', '[\"personal_data\"]', :at), "
    "('x', '3', 'Dying of laughter', '[\"distress\"]', :at)"
)
PLACES = (
    "INSERT INTO placement (event_id, item_id, kind, judged_by) VALUES "
    "(1, 1, 'thought', 'rules-2+learned-1'), (1, 2, 'thought', 'rules-2+learned-1'), (1, 3, 'thought', 'Amira')"
)


def test_what_was_flagged_and_taken_for_a_thought_becomes_private_unless_a_person_judged_it(
    engine_url: str, clock: Clock
) -> None:
    with old(engine_url, clock, "0016", EVENTS, FLAGGED, PLACES) as store:
        assert [row.lane for row in rows(store, placement)] == ["private", "open", "open"]
        (row,) = rows(store, question)
        assert (row.text, row.lane, row.state, row.flags) == ("I want to die", "private", "waiting", ["distress"])
        assert rows(store, placement)[0].question_id == row.id
