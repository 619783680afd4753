"""The packaged event: the blog grows to the page that is known, and its cast is what the rules take it for."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.core.liveblog import read_entries
from bot.core.questions import judge, same_question
from bot.networks.rehearsal.script import DESK, ON_A_POST, Act, Save, acts, cues, questions, saves, settings_text

PAGE = Path(__file__).parents[1] / "data" / "workshop" / "live-blog.html"
THEMES = ("Access", "Buy-in and culture", "Evidence", "Workforce")


def test_the_last_save_is_the_page_byte_for_byte() -> None:
    assert list(saves())[-1].html.encode() == PAGE.read_bytes()


def test_after_every_save_a_reader_finds_as_many_entries_as_were_written() -> None:
    written = list(saves())
    assert len(written) == 40
    for save in written:
        page = read_entries(save.html, timezone="Europe/London", posted=date(2017, 7, 12))
        assert len(page.entries) == save.entries, save.words


def test_the_script_runs_in_order_without_dead_time() -> None:
    script = cues()
    offsets = [cue.offset for cue in script]
    assert offsets == sorted(offsets)
    assert len([cue for cue in script if isinstance(cue.what, Save)]) == 40
    assert len([cue for cue in script if isinstance(cue.what, Act)]) == len(acts())
    assert isinstance(script[0].what, Save)


def test_every_act_names_who_and_what_exists() -> None:
    cast = acts()
    ids = Counter(act.id for act in cast)
    assert max(ids.values()) == 1
    before: set[str] = set()
    for act in cast:
        if act.do in ON_A_POST:
            assert act.target in before, act.id
        elif act.do in DESK:
            assert act.question in questions(), act.id
            assert not act.into or act.into in questions()
        else:
            assert act.network in {"x", "mastodon", "bluesky", "wordpress"}, act.id
            assert act.text, act.id
            assert act.by or act.do == "own", act.id
        before.add(act.id)


def test_the_cast_is_large_and_of_many_kinds() -> None:
    cast = [act for act in acts() if act.expect]
    assert len(cast) >= 60
    assert {"en", "cy", "de", "es", "pl", "ar", "ur"} <= {act.lang for act in cast}
    assert {act.expect for act in cast} == {"question", "thought", "noise"}
    assert {flag for act in cast for flag in act.flags} >= {"spam", "personal_data", "distress"}
    assert any(act.minutes_late for act in cast)
    assert any(len({act.network for act in group}) == 4 for group in questions().values())


@pytest.mark.parametrize("act", [act for act in acts() if act.do == "say"], ids=lambda act: act.id)
def test_the_rules_take_each_post_for_what_the_script_says(act: Act) -> None:
    verdict = judge(act.text, lang=act.lang, themes=THEMES, tags=("QLabs",))
    assert (verdict.kind, sorted(verdict.flags)) == (act.expect, sorted(act.flags)), verdict.why


def test_repeats_are_the_same_question_and_others_are_not() -> None:
    first = {name: group[0].text for name, group in questions().items()}
    for name, group in questions().items():
        assert all(same_question(first[name], act.text) for act in group), name
        assert not any(same_question(first[name], text) for other, text in first.items() if other != name), name


def test_the_packaged_settings_need_no_account() -> None:
    settings = tomllib.loads(settings_text())
    assert all(table["api_url"].startswith("rehearsal:var/rehearsal/") for table in settings["networks"].values())
    assert settings["database"].startswith("sqlite:///var/rehearsal/")
    assert not {"starts", "ends"} & set(settings["events"][0])
