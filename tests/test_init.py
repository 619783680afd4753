"""Somebody who sets it up for the first time is asked, told what is wrong with an answer, and keeps what they have."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.settings import load

EVENT = ["Peer support, day one", "", "Europe/London", "QLabs", "2026-07-12 09:00", "2026-07-13 17:30"]
NONE = {"x": ["no"], "mastodon": ["no"], "bluesky": ["no"], "wordpress": ["no"], "feed": ["no"]}
BLOG = "https://q.example/blog/live-blog/"


def _do(file: Path, *answers: str) -> Result:
    return CliRunner().invoke(app, ["init", "--config", str(file)], input="\n".join(answers) + "\n")


def _answers(**networks: list[str]) -> list[str]:
    told = {**NONE, **networks}
    if told["wordpress"] != ["no"]:
        del told["feed"]
    blog = [BLOG] if "wordpress" in networks or "feed" in networks else []
    return [*EVENT, *(answer for name in told for answer in told[name]), *blog]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "backchannel.toml"


def test_the_answers_become_settings_that_the_program_reads(file: Path) -> None:
    done = _do(
        file,
        *_answers(
            x=["yes", "@theQCommunity", *(f"x-{number}" for number in range(5))],
            mastodon=["y", "https://mastodon.example", "token"],
            bluesky=["yes", "", "qcommunity.example", "app password"],
            wordpress=["yes", "https://q.example", "robin", 'abcd "efgh" ijkl'],
        ),
    )
    assert done.exit_code == 0, done.output
    settings = load(file, {})
    (event,) = settings.events
    assert (event.slug, event.name) == ("peer-support-day-one", "Peer support, day one")
    assert (event.hashtags, event.live_blog) == (("QLabs",), BLOG)
    assert event.starts is not None
    assert event.starts.isoformat() == "2026-07-12T09:00:00+01:00"
    networks = settings.networks.named()
    assert set(networks) == {"x", "mastodon", "bluesky", "wordpress"}
    assert (networks["x"].account, networks["bluesky"].api_url) == ("theQCommunity", "https://bsky.social")
    assert networks["wordpress"].secrets() == {"user": "robin", "app_password": 'abcd "efgh" ijkl'}


def test_secrets_stand_in_a_file_for_its_owner_alone_and_nowhere_else(file: Path) -> None:
    done = _do(file, *_answers(mastodon=["yes", "https://mastodon.example", "very-secret-token"]))
    env = file.with_suffix(".env")
    assert env.stat().st_mode & 0o777 == 0o600
    assert "very-secret-token" in env.read_text()
    assert "very-secret-token" not in file.read_text() + done.output


def test_a_wrong_answer_is_said_and_asked_for_again_and_no_other_is_lost(file: Path) -> None:
    answers = _answers(feed=["yes"])
    answers[1:2] = ["Day One!", "day-one"]
    answers[3:4] = ["Mars/Olympus", "Europe/London"]
    answers[-2:] = ["maybe", "yes", "q.example/live", BLOG]
    at = answers.index("2026-07-13 17:30")
    answers[at : at + 1] = ["tomorrow", "2026-07-11", "2026-07-13 17:30"]
    done = _do(file, *answers)
    assert done.exit_code == 0, done.output
    for words in (
        "That 'Day One!' cannot stand in an address.", "no time zone", "no day and time", "is not after the start",
        "neither yes nor no", "no web address",
    ):  # fmt: skip
        assert words in done.output
    assert load(file, {}).events[0].slug == "day-one"


@pytest.mark.parametrize("ending", [".toml", ".env"])
def test_what_is_there_is_not_written_over(file: Path, ending: str) -> None:
    file.parent.mkdir()
    file.with_suffix(ending).write_text("mine")
    done = _do(file, *_answers(feed=["yes"]))
    assert done.exit_code == 1
    assert "nothing is written over" in done.output
    assert [one.name for one in file.parent.iterdir()] == [f"backchannel{ending}"]
    assert file.with_suffix(ending).read_text() == "mine"


def test_who_uses_no_network_is_told_that_there_is_nothing_to_do(file: Path) -> None:
    done = _do(file, *_answers())
    assert done.exit_code == 1
    assert "No network was chosen" in done.output
    assert not file.exists()


def test_who_stops_half_way_has_written_nothing(file: Path) -> None:
    done = _do(file, "Peer support", "", "Europe/London")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert not file.parent.exists()


def test_a_place_that_cannot_be_written_is_named(file: Path) -> None:
    file.parent.write_text("a file where the folder would be")
    done = _do(file, *_answers(feed=["yes"]))
    assert done.exit_code == 1
    assert str(file.parent) in done.output
    assert "See that this user may use it" in done.output
