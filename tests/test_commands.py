"""The short commands, as somebody types them: what they print, what they refuse, how they end."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.plans import NotPossible
from bot.serve import _serve, alone, opened, rehearsal_settings, start_logging
from bot.settings import load
from bot.store import people, sessions
from tests.doubles.listener import listening
from tests.flows.program import free_port


@pytest.fixture
def config(tmp_path: Path) -> str:
    """The settings of a rehearsal in a folder of its own."""
    return str(rehearsal_settings(tmp_path, 1, 0.0, None))


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command sets logging up for a process of its own."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def _do(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


def test_somebody_who_is_removed_is_signed_out_until_they_are_added_again(config: str) -> None:
    assert _do("people", "add", "Ada", "--role", "comms", "--config", config).exit_code == 0
    with opened(load(Path(config), {})) as store:
        with store.write() as tx:
            ada = people.ensure(tx, store.now(tx), "Ada", "comms")
            secret = sessions.start(tx, store.now(tx), ada, timedelta(hours=1))
        assert _do("people", "remove", "Ada", "--config", config).stdout == "Ada can sign in no more.\n"
        with store.read() as tx:
            assert sessions.whose(tx, store.now(tx), secret) is None
        assert _do("people", "remove", "Ada", "--config", config).exit_code == 1
        link = _do("people", "add", "Ada", "--config", config).stdout.strip()
        with store.read() as tx:
            assert sessions.of_ticket(tx, store.now(tx), link.rpartition("/")[2]) == people.Person(ada, "Ada")


@pytest.mark.parametrize(
    ("form", "first"), [("csv", "\ufeffwhat,number,"), ("jsonl", '{"what": "event"'), ("html", "<!doctype html>")]
)
def test_an_event_is_exported_in_each_form(form: str, first: str, config: str) -> None:
    assert _do("check", "--config", config).exit_code == 0
    done = _do("export", "--event", "peer-support", "--format", form, "--config", config)
    assert (done.exit_code, done.stdout[: len(first)]) == (0, first)


@pytest.mark.parametrize(
    ("slug", "form", "why"), [("no-such", "csv", "no event no-such"), ("x", "pdf", "no format pdf")]
)
def test_what_cannot_be_exported_is_said(slug: str, form: str, why: str, config: str) -> None:
    done = _do("export", "--event", slug, "--format", form, "--config", config)
    assert (done.exit_code, why in done.stderr, done.stdout) == (2, True, "")


def test_status_says_how_every_source_and_the_spend_stand(config: str) -> None:
    assert _do("check", "--config", config).exit_code == 0
    told = _do("status", "--config", config)
    assert told.exit_code == 0, told.output
    assert "x hashtag QLabs: read well at (not yet)" in told.output
    assert "outbox: settled" in told.output
    assert told.output.count("x: spent $0.00 of $50.00 this month") == 1
    assert "! No worker has shown a sign of life" in told.output


def test_status_gives_the_same_as_json_and_its_exit_says_that_a_person_is_needed(config: str) -> None:
    _do("check", "--config", config)
    told = _do("status", "--health", "--json", "--config", config)
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert {one["network"] for one in found["sources"]} == {"x", "mastodon", "bluesky", "wordpress"}
    assert found["needs"]


def test_a_second_rehearsal_leaves_the_data_of_the_first_alone(tmp_path: Path) -> None:
    (tmp_path / "backchannel.db").write_bytes(b"of the first")
    (tmp_path / "remote.db").write_bytes(b"of the first")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        told = _do("rehearse", "--leave", "--folder", str(tmp_path), "--listen", place)
    assert told.exit_code == 2
    assert f"cannot listen on {place}" in told.stderr
    with alone(tmp_path):
        told = _do("rehearse", "--leave", "--folder", str(tmp_path), "--listen", place)
        with pytest.raises(NotPossible, match="is running in"), alone(tmp_path):
            pass
    assert told.exit_code == 2
    assert "A rehearsal is running in" in told.stderr
    assert {one.read_bytes() for one in tmp_path.glob("*.db")} == {b"of the first"}


def test_a_person_is_erased_by_handle_and_what_is_not_there_is_said(config: str) -> None:
    _do("check", "--config", config)
    told = _do("erase", "--author", "x:@nobody", "--config", config)
    assert told.exit_code == 1
    assert told.stderr == "backchannel: Nothing by @nobody on x is stored. Nothing was changed.\n"
    assert _do("erase", "--author", "nobody", "--config", config).exit_code == 2
    assert _do("erase", "--config", config).exit_code == 2
    assert _do("erase", "--item", "1", "--author", "x:@a", "--config", config).exit_code == 2


def test_a_page_without_entries_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Only an introduction.</p>")
    told = _do("entries", str(tmp_path / "page.html"))
    assert (told.exit_code, told.stdout) == (0, "")
    assert "holds no entry" in told.stderr


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("".join(f'{{"id": {n}, "text": "How do I join?"}}\n' for n in range(3000)))
    with (
        (tmp_path / "lines").open() as lines,
        (tmp_path / "errors").open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "triage", "--json"], stdin=lines, stdout=subprocess.PIPE, stderr=errors
        ) as told,
    ):
        assert told.stdout is not None
        assert b'"question"' in told.stdout.readline()
        told.stdout.close()
    assert ((tmp_path / "errors").read_text(), told.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{\n", "Line 2 on standard input is no JSON"),
        (b'"\xff"\n', "Line 2 on standard input is not UTF-8"),
        (b"[" * 200_000 + b"\n", "Line 2 on standard input cannot be read"),
        (b'{"id": ' + b"1" * 5000 + b', "text": "a"}\n', "Line 2 on standard input cannot be read"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_in_one_sentence(line: bytes, said: str) -> None:
    told = _run("triage", "--json", given=b'{"id": 1, "text": "Why?"}\n' + line)
    assert (told.returncode, len(told.stdout.splitlines())) == (2, 1)
    (sentence,) = told.stderr.decode().splitlines()
    assert sentence.startswith(f"backchannel: {said}")


def test_texts_that_ask_the_same_share_a_cluster() -> None:
    asked = ["Who pays for the bus?", "Where is the lift?", "who pays for the bus #QLabs"]
    given = "".join(json.dumps({"id": f"q{n}", "text": text}) + "\n" for n, text in enumerate(asked))
    told = _run("group", "--json", given=given.encode())
    said = [json.loads(line) for line in told.stdout.splitlines()]
    assert [set(one) for one in said] == [{"id", "text", "cluster"}] * 3
    assert [(one["id"], one["text"]) for one in said] == [(f"q{n}", text) for n, text in enumerate(asked)]
    assert [one["cluster"] for one in said] == [1, 2, 1]
    assert _run("group", given=given.encode()).stdout.splitlines()[1] == b"     2 q1  Where is the lift?"


def test_half_a_character_in_a_line_leaves_as_it_came() -> None:
    told = _run("triage", "--json", given=b'{"id": "\\ud83d", "text": "Why \\ud83d is that?"}\n')
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["id"] == "\ud83d"


def _run(*words: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "bot", *words], input=given, capture_output=True, check=False)


def test_a_log_line_about_a_fault_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    def call_with(password: str) -> None:
        raise ValueError(f"{len(password)} characters are too few")

    start_logging()
    try:
        call_with("planted")
    except ValueError:
        structlog.get_logger().exception("tick failed", tick="read x")
    told = capsys.readouterr().err
    assert "tick failed" in told
    assert "7 characters are too few" in told
    assert "planted" not in told.replace('call_with("planted")', "")


def test_a_console_that_cannot_make_its_link_leaves_nothing_running(
    config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(Path(config), {})

    def locked(*_: object) -> str:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("bot.serve.sign_in_link", locked)
    with opened(settings) as store, pytest.raises(OperationalError):
        _serve(settings, store, threading.Event(), "")
    assert "console" not in {thread.name for thread in threading.enumerate()}


def test_a_place_that_cannot_be_used_is_named_with_what_to_do(config: str) -> None:
    words = Path(config).read_text().replace('database = "sqlite:///', 'database = "sqlite:////proc/nowhere/')
    Path(config).write_text(words)
    told = _do("status", "--config", config)
    assert told.exit_code == 1
    assert told.stderr.startswith("backchannel: /proc/nowhere")
    assert "[Errno" not in told.stderr


def test_where_alerts_go_is_checked_and_can_be_tried(config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "warn  alerts: Nobody is told outside the console" in _do("check", "--config", config).stdout
    untold = _do("check", "--alert-test", "--config", config)
    assert (untold.exit_code, untold.stdout) == (1, "")
    with listening() as there:
        monkeypatch.setenv("BACKCHANNEL_ALERTS", f"json://127.0.0.1:{there.port}/secret-token")
        tried = _do("check", "--alert-test", "--config", config)
        assert tried.exit_code == 0
        assert "ok    alerts: 1 channel is told" in tried.stdout
        assert "secret-token" not in tried.stdout
        assert [title for title, _ in there.messages] == ["Backchannel: this is a test"]
    monkeypatch.setenv("BACKCHANNEL_ALERTS", "slak://secret-token")
    wrong = _do("check", "--config", config)
    assert wrong.exit_code == 1
    assert "fail  alerts: Address 1 in BACKCHANNEL_ALERTS (slak://...)" in wrong.stdout
    refused = _do("worker", "--until-idle", "--config", config)
    assert (refused.exit_code, "secret-token" in refused.output) == (2, False)


def test_the_link_is_said_when_it_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port, ended, opened_at_once = free_port(), threading.Event(), []

    def say(_words: str) -> None:
        with socket.socket() as probe:
            opened_at_once.append(probe.connect_ex(("127.0.0.1", port)) == 0)
        ended.set()

    monkeypatch.setattr("bot.serve._say", say)
    settings = load(rehearsal_settings(tmp_path, 1, 0.0, f"127.0.0.1:{port}"), {})
    with opened(settings) as store:
        _serve(settings, store, ended, "")
    assert opened_at_once == [True, True]
