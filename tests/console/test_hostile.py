"""Whatever people write is shown as text, and read in its own direction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.console.conftest import Browser
from tests.console.scene import HOSTILE, NOW, Scene, ago

SignIn = Callable[..., Browser]
TEXTS = [
    HOSTILE,
    '"><svg onload=alert(1)>',
    '\'><a href="javascript:alert(1)">x</a>',
    "{{ 7*7 }}{% raw %}",
    "<!--",
    "</textarea></title></script><b>",
    "&lt;script&gt; already escaped",
    "\u202egnirts sdrawkcab",
    "\ufeff\u200b\u2066",
    "👩🏽‍⚕️" * 50,
    "x" * 64_000,
    "\n" * 500,
]


@pytest.fixture
def hostile(scene: Scene, request: pytest.FixtureRequest) -> dict[str, int]:
    said: str = request.param
    scene.networks()
    author: dict[str, Any] = {
        "author_name": said[:200],
        "author_handle": said[:200],
        "lang": '"><b>',
        "url": "javascript:alert(1)",
    }
    scene.source("x", "hashtag", said[:400], last_error=said[:400], failures=5, note=said)
    ids = {
        "question": scene.question(said, "x", theme=said[:60], also=(("bluesky", said + "2"),), author=author),
        "room": scene.question(
            said, "x", minutes=9, state="room", wording=said[:400], wording_by=said[:60], position=1.0
        ),
        "thought": scene.thought(said, said[:60], **author),
    }
    entry = scene.entry(said, said, 5, pictures=[{"url": "javascript:alert(1)", "alt": said}])
    ids["draft"] = scene.post(entry, words=said, waits_for=said, detail={"warning": said})
    ids["sent"] = scene.post(entry, words=said, state="approved", approved_by=said, approved_at=NOW)
    scene.delivery(ids["sent"], "x", "asking", error=said, evidence=said, text=said, url="javascript:alert(1)")
    scene.delivery(ids["sent"], "mastodon", "refused", error=said, text=said, url="javascript:alert(1)")
    before = {"day": "", "time": "", "title": said, "text": said + " more"}
    ids["correction"] = scene.post(
        entry, "correction", said, corrects=ids["sent"], detail={"before": before}, held_at=ago(1)
    )
    return ids


@pytest.mark.parametrize("hostile", TEXTS, indirect=True, ids=range(len(TEXTS)))
def test_every_page_shows_it_as_text(hostile: dict[str, int], browse: SignIn) -> None:
    amira = browse("lead", name="<b>Amira</b>")
    pages = ["questions", "questions?list=room", f"questions/{hostile['question']}", f"questions/{hostile['room']}",
             "thoughts", "everything", "overview", "updates", f"updates/{hostile['draft']}",
             f"updates/{hostile['sent']}", f"updates/{hostile['correction']}"]  # fmt: skip
    for page in pages:
        answer = amira.get(f"/e/peer-support/{page}")
        assert answer.status_code == 200, page
        text = re.sub(r'<script type="module" src="/static/console\.[0-9a-f]+\.js"></script>', "", answer.text)
        assert "<script" not in text, page
        assert "<img" not in text, page
        assert "<svg onload" not in text, page
        assert 'href="javascript:' not in text, page
        assert "<b>Amira" not in text, page
        assert 'lang=""><b>' not in text, page
        assert text.count("</html>") == 1, page


def test_what_a_person_types_is_shown_as_text_too(browse: SignIn, ids: dict[str, int]) -> None:
    joe, at = browse("facilitator"), f"/e/peer-support/questions/{ids['funding']}"
    joe.post(f"{at}/reword", {"wording": HOSTILE})
    joe.post(f"{at}/note", {"text": HOSTILE})
    page = joe.post(f"{at}/preview", {"text": HOSTILE + "</textarea>"}).text
    assert page.count("<script") == 1
    assert "&lt;/textarea&gt;" in page
    assert "<script" not in joe.get(f"/e/peer-support/everything?q={HOSTILE}").text.split("</head>")[1]


def test_text_runs_in_its_own_direction_and_says_its_language(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").get("/e/peer-support/questions").text
    card = page.split(f'id="q-{ids["arabic"]}"')[1].split("</article>")[0]
    assert 'dir="auto" lang="ar"' in card
    assert '<span class="who" dir="auto">ليلى</span>' in card


def test_somebody_without_a_name_is_someone_on_that_network(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").get("/e/peer-support/questions").text
    assert "Someone on X" in page.split(f'id="q-{ids["spam"]}"')[1].split("</article>")[0]
