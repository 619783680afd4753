"""The exports as tables: everything that may be told, nothing else, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from bot.report import FORMS, Pack, as_csv, as_jsonl
from bot.report.tables import _safe
from tests.report.scene import HIDDEN


def lines(pack: Pack, what: str) -> list[dict[str, Any]]:
    every = [json.loads(line) for line in as_jsonl(pack).splitlines()]
    return [one for one in every if one["what"] == what]


def test_a_question_is_told_with_its_theme_its_outcome_and_its_times(pack: Pack) -> None:
    (aloud,) = [one for one in lines(pack, "question") if one.get("words") == "=How do GPs find groups?"]
    assert {key: aloud[key] for key in ("theme", "became", "asked_on", "times_asked")} == {
        "theme": "Access", "became": "aloud", "asked_on": "x mastodon", "times_asked": 2,
    }  # fmt: skip
    times = [aloud[name] for name in ("asked", "raised", "answered", "told")]
    assert times == [f"2017-07-13T{at}:00+01:00" for at in ("12:01", "12:11", "12:16", "12:21")]
    assert "answer" not in aloud, "that it is with the room is no answer"


def test_each_outcome_is_told_apart_and_its_words_are(pack: Pack) -> None:
    told = {one.get("words", one.get("left_out", "")): one for one in lines(pack, "question")}
    assert {words: one["became"] for words, one in told.items()} == {
        "=How do GPs find groups?": "aloud", "Who pays for <b>it</b>?": "writing", "Why Leeds?": "declined",
        "What next?": "open", "Who trains peer workers?": "aloud",
        "Left out: it was flagged, and nobody reworded it.": "open",
        "Left out: who wrote it asks not to be copied.": "open",
    }  # fmt: skip
    assert told["Who pays for <b>it</b>?"]["answer"] == "The region pays."


def test_what_is_still_open_is_told_with_who_and_when(pack: Pack) -> None:
    (one,) = lines(pack, "follow-up")
    assert (one["words"], one["follow_up_by"], one["follow_up_day"]) == ("Is there a map?", "Bea", "2017-07-20")


def test_thoughts_stand_under_their_theme(pack: Pack) -> None:
    told = [(one["theme"], one.get("words"), one.get("left_out")) for one in lines(pack, "thought")]
    assert told == [
        ("Access", "+Groups on cards work", None),
        ("Access", None, "Left out: who wrote it asks not to be copied."),
    ]


def test_figures_come_with_it(pack: Pack) -> None:
    told = {(one.get("theme", ""), one["words"]): one["value"] for one in lines(pack, "figure")}
    assert told["", "Questions"] == 8
    assert told["", "Questions that are told to nobody"] == 1
    assert told["", "Said aloud in the room"] == 2
    assert told["", "Came in so that we can answer"] == "7 of 10"
    assert told["", "Half were answered within"] == "15 min"
    assert told["Questions by network", "mastodon"] == 3
    assert told["From question to answer", "5 to 15 minutes"] == 1
    assert told["Answers sent", "x"] == 1


@pytest.mark.parametrize("form", FORMS)
def test_no_form_tells_a_name_or_what_must_not_be_told(pack: Pack, form: str) -> None:
    told = FORMS[form][0](pack).lower()
    assert [words for words in HIDDEN if words.lower() in told] == []


def test_a_spreadsheet_reads_it_and_takes_nothing_for_a_formula(pack: Pack) -> None:
    text = as_csv(pack)
    assert text.startswith("\ufeffwhat,number,theme,words,")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(table) == len(as_jsonl(pack).splitlines()) - 1
    cells = [cell for row in table for cell in row.values()]
    assert "'=How do GPs find groups?" in cells
    assert "'+Groups on cards work" in cells
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u00a0=1", "\t=1", "\r=1", "＝1", "＠x"])
def test_whatever_begins_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert _safe(cell) == f"'{cell}"


def test_words_and_numbers_stay_as_they_are() -> None:
    assert [_safe(cell) for cell in ("Why = how?", "2017-07-20", 7, "")] == ["Why = how?", "2017-07-20", 7, ""]
