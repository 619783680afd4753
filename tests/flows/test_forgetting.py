"""Whoever asks to be forgotten is: in the files of the database, in a dump of it, in exports, logs and pages."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url, update
from structlog.testing import capture_logs

from bot import desk, housekeep
from bot.console.app import ConsoleOptions, create_app
from bot.core.items import Checked, Standing
from bot.core.limits import default_limits
from bot.desk import Ending, Who
from bot.report import FORMS, gather
from bot.store import erasure, events, keeping, networks, people, report, schema, sessions
from bot.store import tables as t
from bot.store.engine import Store
from tests import postgres
from tests.console.conftest import URL, Browser
from tests.flows.house import NAMES, START, Clock, plan
from tests.store.rows import keep, said

HANDLE, NAME, WORD = "@quillon@health.example", "Quillon Abernathy", "tessellating"
TRACES = (b"quillon", b"abernathy", WORD.encode(), b"peripatetic")
ASKED = f"How do {WORD} carers get peripatetic help? @theQCommunity #QLabs"
LEAD = Who(1, "Lea", "lead")


class Home:
    """A store with one person in every corner of it, and an asker who stays."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        with store.write() as tx:
            for name in NAMES:
                networks.ensure(tx, name, default_limits(name), budget_usd=1.0 if name == "x" else None)
            events.sync(tx, clock(), [plan()])
        self.fill()

    def fill(self) -> None:
        """Asked, asked again, offered; worded, noted, answered, merged, blocked, put on a screen, drafted."""
        theirs: dict[str, Any] = {"author_id": "q-17", "author_handle": HANDLE, "author_name": NAME}
        for number, words in enumerate((ASKED, f"{ASKED} Please?", f"Our {WORD} group met on paper cards."), 1):
            keep(self.store, said(f"quillon-{number}", words, "mastodon", url=f"https://m.example/{HANDLE}/{number}",
                                  calls_us=True, **theirs))  # fmt: skip
        keep(self.store, said("9", "Who pays for all of this? #QLabs", "mastodon", author_id="9", calls_us=True))
        keep(self.store, said("10", f"{HANDLE} asks well. Where is the map? #QLabs", "mastodon", author_id="9"))
        first, *others = self._ids(t.question)
        desk.reword(self.store, LEAD, first, f"How do {WORD} carers get help?")
        desk.add_note(self.store, LEAD, first, f"{NAME} rang us about this.")
        desk.add_note(self.store, LEAD, others[0], f"{NAME} would know.")
        assert desk.to_room(self.store, LEAD, first).ok
        assert desk.answer(self.store, LEAD, first, f"{HANDLE} ask your council.", ending=Ending("aloud")).ok
        desk.block_person(self.store, LEAD, 1, 1, f"{NAME} asked for it")
        desk.merge(self.store, LEAD, others[0], others[1])
        with self.store.write() as tx:
            tx.execute(update(t.delivery).values(state="sent", remote_id="77", url="https://ours.example/77"))
            answer = f'{{"ok": true, "sentence": "Blocked {HANDLE}."}}'
            tx.execute(insert(t.act).values(hash="a" * 64, at=self.clock(), answer=answer))
            source = self._ids(t.source)[0]
            raw = {"source_id": source, "native_id": "quillon-4", "raw": f"<{NAME}>", "at": self.clock()}
            tx.execute(insert(t.quarantine).values(raw | {"error": f"{NAME} broke it"}))
        while housekeep.index(self.store):
            pass

    def _ids(self, table: Any) -> list[int]:
        with self.store.read() as tx:
            return list(tx.execute(table.select().with_only_columns(table.c.id).order_by(table.c.id)).scalars())

    def pages(self) -> bytes:
        """What the console shows, and what leaves as a file."""
        app = create_app(self.store, ConsoleOptions(public_url=URL, secure=False))
        browser = Browser(app)
        with self.store.write() as tx:
            person = people.ensure(tx, self.clock(), "Lea", "lead")
            browser.cookies["session"] = sessions.start(tx, self.clock(), person, housekeep.CHECK_EVERY)
            event = report.event_of(tx, "workshop")
            assert event is not None
            shown = [write(gather(tx, self.clock(), event)).encode() for write, _, _ in FORMS.values()]
        places = ["questions", "questions?list=room", "questions?list=answered", "thoughts", "everything", "overview"]
        places += [f"questions/{number}" for number in self._ids(t.question)]
        places += ["everything?q=paper", "blocks", "screens", "after", "updates"]
        answers = [browser.get(f"/e/workshop/{place}") for place in places]
        assert {answer.status_code for answer in answers} == {200}
        return b"\n".join([*shown, *(answer.content for answer in answers)])


def traces(said: bytes) -> list[bytes]:
    """Which of the person's words stand there, in any case."""
    return [one for one in TRACES if one in said.lower()]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def home_in(url: str, clock: Clock) -> Iterator[Home]:
    store = Store(url, clock)
    schema.migrate(store)
    try:
        yield Home(store, clock)
    finally:
        store.close()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[Home]:
    with home_in(f"sqlite:///{tmp_path / 'backchannel.db'}", clock) as made:
        yield made


def files(folder: Path) -> bytes:
    """All bytes of the database, its log and whatever else stands beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_an_erased_person_is_in_no_byte_of_the_files_in_no_export_log_or_page(home: Home, tmp_path: Path) -> None:
    assert traces(files(tmp_path)) == list(TRACES), "or the test would look for what was never there"
    assert traces(home.pages())
    with capture_logs() as logs:
        assert desk.erase(home.store, LEAD, 1, everything=True).sentence.startswith("3 posts are erased.")
    assert traces(files(tmp_path)) == [], "while the database is open"
    assert traces(home.pages()) == []
    assert traces(repr(logs).encode()) == []
    assert traces(files(tmp_path)) == [], "nor after it was looked at"


def test_who_else_asked_stays_and_only_the_name_is_blotted_out(home: Home) -> None:
    desk.erase(home.store, LEAD, 1, everything=True)
    with home.store.read() as tx:
        left = tx.execute(t.item.select().where(t.item.c.text != "").order_by(t.item.c.id)).all()
        notes = tx.execute(t.note.select()).all()
    assert [row.text for row in left] == [
        "Who pays for all of this? #QLabs", "[erased] asks well. Where is the map? #QLabs",
    ]  # fmt: skip
    assert [row.text for row in notes] == ["[erased] would know."]


def test_the_history_keeps_that_something_was_erased_by_whom_and_when(home: Home) -> None:
    desk.erase(home.store, LEAD, 1, everything=True)
    with home.store.read() as tx:
        rows = tx.execute(t.change.select().where(t.change.c.what == "erased", t.change.c.kind == "item")).all()
    assert [(row.who, row.at, row.detail) for row in rows] == [("Lea", START, {})] * 3


@pytest.mark.parametrize("everything", [True, False])
def test_reading_again_brings_nothing_back(home: Home, tmp_path: Path, everything: bool) -> None:
    desk.erase(home.store, LEAD, 1, everything=everything)
    theirs: dict[str, Any] = {"author_id": "q-17", "author_handle": HANDLE, "author_name": NAME}
    assert keep(home.store, said("quillon-1", ASKED, "mastodon", **theirs)).new == 0
    later = keep(home.store, said("quillon-5", "Another question, is it?", "mastodon", **theirs))
    assert later.new == (0 if everything else 1)


def test_a_comment_without_an_account_is_erased_by_itself_and_stays_out(home: Home, tmp_path: Path) -> None:
    comment = said("q.example#comment-7", f"Why {WORD}?", "wordpress", author_id="", author_name=NAME, author_handle="")
    keep(home.store, comment, kind="comments")
    with home.store.read() as tx:
        number = tx.execute(t.item.select().where(t.item.c.network == "wordpress")).one().id
    desk.erase(home.store, LEAD, 1, everything=True)
    assert desk.erase(home.store, LEAD, number, everything=True).sentence.startswith("1 post is erased.")
    assert keep(home.store, comment, kind="comments").new == 0
    assert traces(files(tmp_path)) == []


def test_what_its_author_deletes_leaves_the_files_too(home: Home, tmp_path: Path) -> None:
    with home.store.write() as tx:
        checks = [Checked(f"quillon-{n}", Standing.GONE) for n in (1, 2, 3)]
        erasure.settle_checks(tx, home.clock(), "mastodon", checks)
    assert housekeep.scrub(home.store, 0) > 0
    assert WORD.encode() not in files(tmp_path)
    assert WORD.encode() not in home.pages()


def test_what_its_author_edits_away_leaves_the_files_too(home: Home, tmp_path: Path) -> None:
    theirs: dict[str, Any] = {"author_id": "q-17", "author_handle": HANDLE, "author_name": NAME, "calls_us": True}
    for number, words in enumerate(("How do we get help?", "Please, how do we get help?", "We met on cards."), 1):
        assert keep(home.store, said(f"quillon-{number}", words, "mastodon", **theirs)).edited == 1
    assert housekeep.scrub(home.store, 0) > 0
    assert b"peripatetic" not in files(tmp_path)
    assert b"peripatetic" not in home.pages()


def test_nothing_is_left_when_the_time_of_keeping_is_over(home: Home, tmp_path: Path) -> None:
    home.clock.go(93 * 86400)
    with capture_logs() as logs:
        housekeep.forget(home.store)
        housekeep.scrub(home.store, 0)
    assert traces(files(tmp_path)) == []
    assert traces(repr(logs).encode()) == []
    with home.store.read() as tx:
        (line,) = keeping.clearings(tx, 1)
    assert (line.at, line.detail) == (home.clock(), {"kept": "all", "items": 5})


def test_the_log_is_cut_off_only_when_nobody_reads_it_and_then_later(home: Home, tmp_path: Path) -> None:
    with home.store.read() as reader:
        reader.execute(t.item.select()).all()
        done = desk.erase(home.store, LEAD, 1, everything=True)
        assert "within a minute" in done.sentence
        assert housekeep.scrub(home.store, 0) == 0, "not done, so it is tried again"
        assert traces(files(tmp_path))
    assert housekeep.scrub(home.store, 0) > 0
    assert traces(files(tmp_path)) == []


@pytest.mark.real
def test_an_erased_person_is_in_no_dump_of_postgresql(postgresql_url: str, clock: Clock) -> None:
    with home_in(postgresql_url, clock) as home:
        assert traces(dump(postgresql_url)) == list(TRACES)
        desk.erase(home.store, LEAD, 1, everything=True)
        assert traces(dump(postgresql_url)) == []
        assert traces(home.pages()) == []


def dump(url: str) -> bytes:
    """What pg_dump writes."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        [(postgres.binaries() / "initdb").resolve().parent / "pg_dump", "--dbname", plain],
        capture_output=True, check=True, timeout=60, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    return re.sub(rb"(?m)^--.*$", b"", done.stdout)
