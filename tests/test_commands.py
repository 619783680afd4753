"""The short commands, as somebody types them: what they print, what they refuse, how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.serve import rehearsal_settings


@pytest.fixture
def config(tmp_path: Path) -> str:
    """The settings of a rehearsal in a folder of its own."""
    return str(rehearsal_settings(tmp_path, 1, 0.0, None))


def _do(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


def test_status_says_how_every_source_and_the_spend_stand(config: str) -> None:
    assert _do("check", "--config", config).exit_code == 0
    told = _do("status", "--config", config)
    assert told.exit_code == 0, told.output
    assert "x hashtag QLabs: read well at (not yet)" in told.output
    assert "outbox: settled" in told.output
    assert "x: spent $0.00 of $50.00 this month" in told.output
    assert "! No worker has shown a sign of life" in told.output


def test_status_gives_the_same_as_json_and_its_exit_says_that_a_person_is_needed(config: str) -> None:
    _do("check", "--config", config)
    told = _do("status", "--health", "--json", "--config", config)
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert {one["network"] for one in found["sources"]} == {"x", "mastodon", "bluesky", "wordpress"}
    assert found["needs"]
