"""The page "You asked, the room said": whole, valid, printable, and plain about what it tells machines."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from bot.report import Pack, body, page
from tests.console.scene import HOSTILE, Scene
from tests.report import scene as scenes

VOID = {"meta", "link", "br", "img", "input", "hr"}
ALLOWED_IN = {"figcaption": {"figure"}, "caption": {"table"}, "thead": {"table"}, "tbody": {"table"}, "li": {"ul"}}
NOT_IN_P = {"p", "ul", "table", "section", "article", "figure", "div", "h1", "h2", "h3", "footer"}


class Checked(HTMLParser):
    """Keeps what is wrong with a document: tags that do not match, that stand where they must not, ids twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.seen: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]
        self.wrong += [f"id {one} stands twice" for one in set(self.ids) if self.ids.count(one) > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.open[-1] if self.open else ""
        if tag in ALLOWED_IN and above not in ALLOWED_IN[tag]:
            self.wrong.append(f"<{tag}> in <{above}>")
        if "p" in self.open and tag in NOT_IN_P:
            self.wrong.append(f"<{tag}> in <p>")
        names = [name for name, _ in attrs]
        self.wrong += [f"{name} twice on <{tag}>" for name in set(names) if names.count(name) > 1]
        self.wrong += [f"{name} on <{tag}>" for name in names if name.startswith("on") or name == "style"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")


def structured(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    data: dict[str, Any] = json.loads(found)
    return data


def test_the_page_is_well_made_and_needs_nothing_else(pack: Pack) -> None:
    text = page(pack)
    assert Checked(text).wrong == []
    assert text.startswith('<!doctype html>\n<html lang="en-GB">')
    assert re.findall(r"<(?:link|img|script src|iframe)|url\(|@import", text) == []
    assert Checked(text).seen.count("h1") == 1


def test_it_tells_what_was_asked_when_and_what_the_room_said(pack: Pack) -> None:
    text = page(pack)
    assert '<h2 dir="auto">Access</h2>' in text
    assert '<h3 dir="auto">=How do GPs find groups?</h3>' in text
    assert 'taken to the room <time datetime="2017-07-13T11:11:00Z">12:11pm</time>' in text
    assert "said aloud in the room" in text
    assert '<div class="answer"><p dir="auto">The region pays.</p>' in text
    assert "Still open: somebody comes back to it by 20 July 2017." in text
    assert "4 more questions were asked and are not told here." in text
    assert "Who pays for &lt;b&gt;it&lt;/b&gt;?" in text


def test_machines_are_told_questions_with_answers_and_the_times_of_the_live_blog(pack: Pack) -> None:
    asked, blog = structured(page(pack))["@graph"]
    assert (asked["@type"], blog["@type"]) == ("QAPage", "LiveBlogPosting")
    (question,) = asked["mainEntity"]
    assert question == {
        "@type": "Question", "name": "Who pays for <b>it</b>?", "text": "Who pays for <b>it</b>?", "answerCount": 1,
        "dateCreated": "2017-07-13T12:11:00Z",
        "acceptedAnswer": {"@type": "Answer", "text": "The region pays.", "dateCreated": "2017-07-13T13:11:00Z"},
    }  # fmt: skip
    assert (blog["coverageStartTime"], blog["coverageEndTime"]) == ("2017-07-13T11:11:00Z", "2017-07-14T14:11:00Z")
    assert [one["datePublished"] for one in blog["liveBlogUpdate"]] == ["2017-07-13T10:51:00Z"]


def test_each_picture_has_its_words_and_its_table(pack: Pack) -> None:
    text = page(pack)
    drawn = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(drawn) == 5, "no update went out, so there is nothing to draw of them"
    assert text.count("as a table</caption>") == len(drawn)
    for one in drawn:
        picture = ElementTree.fromstring(one)
        bars = [float(bar.attrib["width"]) for bar in picture.iter("rect")]
        counts = [int(words.text or "") for words in list(picture.iter("text"))[1::2]]
        assert max(bars) == 380
        assert bars == [round(380 * n / max(counts), 1) for n in counts]
        assert picture.findtext("title")
        assert (picture.findtext("desc") or "").endswith(".")


def test_for_another_site_it_comes_without_style_script_and_pictures(pack: Pack) -> None:
    text = body(pack)
    checked = Checked(text)
    assert checked.wrong == []
    assert {"script", "style", "svg", "h1", "html"} & set(checked.seen) == set()
    assert "The region pays." in text


def test_hostile_words_stay_words(scene: Scene) -> None:
    hostile = f"</script>{HOSTILE} why?"
    scene.question(hostile, "x", 10, HOSTILE, "answered", outcome="aloud")
    made = scenes.pack(scene)
    text = page(made)
    assert Checked(text).wrong == []
    assert text.count("<script") == 1
    assert structured(text)["@graph"]
    assert "<script" not in body(made)
    assert "<img" not in body(made) + text
