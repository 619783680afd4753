"""The overview says how the event goes: in a picture, in words and in a table, and what needs somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.console import chart
from bot.store.figures import QUARTERS, Asked
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene, ago

SignIn = Callable[..., Browser]
AT = "/e/peer-support/overview"
START = NOW.replace(hour=10, minute=15)


def counts(**last: tuple[int, ...]) -> Asked:
    """What was asked in the last quarters, by network."""
    return Asked(START, {name: (0,) * (QUARTERS - len(n)) + n for name, n in last.items()})


def test_bars_stand_on_each_other_and_end_at_their_sum() -> None:
    drawn = chart.drawn(counts(x=(3, 4), bluesky=(0, 8)), "Europe/London")
    assert [(bar.network, bar.x) for bar in drawn.bars] == [("x", 667.2), ("x", 711.9), ("bluesky", 711.9)]
    lower, upper = drawn.bars[1:]
    assert upper.y + upper.height < lower.y
    assert upper.y == pytest.approx(chart.TOP)  # 12 of a scale that ends at 12
    assert [line.words for line in drawn.lines] == ["0", "4", "8", "12"]
    assert [mark.words for mark in drawn.sums] == ["3", "12"]
    assert drawn.words == "15 in all. The most, 12, came from 3:00pm to 3:15pm."
    assert drawn.rows[-2:] == (("2:45pm", (3, 0), 3), ("3:00pm", (4, 8), 12))


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 100, 99_999])
def test_no_bar_leaves_the_picture(most: int) -> None:
    drawn = chart.drawn(counts(x=(most,)), "Europe/London")
    assert chart.TOP <= drawn.bars[0].y < chart.BASE
    assert int(drawn.lines[-1].words) >= most


def test_an_empty_picture_has_a_scale_and_says_that_nobody_asked() -> None:
    drawn = chart.drawn(Asked(START, {}), "Europe/London")
    assert (drawn.bars, drawn.sums, drawn.words) == ((), (), "Nobody asked in this time.")
    assert [line.words for line in drawn.lines] == ["0", "1", "2", "3"]


def test_the_page_draws_the_picture_and_says_it_in_words_and_as_a_table(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("lead").get(AT).text
    assert page.count('<rect class="c-x"') >= 1
    assert '<desc id="chd">14 in all. The most, 6, came from 2:45pm to 3:00pm.</desc>' in page
    row = re.search(r'<tr><th scope="row">2:45pm</th>((?:<td>\d+</td>)+)</tr>', page)
    assert row
    assert re.findall(r"\d+", row[1]) == ["3", "2", "0", "1", "6"]


def test_the_tiles_say_how_soon_somebody_looks_and_what_waits_too_long(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    page = joe.get(AT).text
    assert "nobody has looked yet" in page
    assert "2 questions wait for more than 15 minutes" in page
    joe.post(f"/e/peer-support/questions/{ids['gps']}/claim")
    joe.post(f"/e/peer-support/questions/{ids['arabic']}/park")
    page = joe.get(AT).text
    assert '17 min<small class="warn">half were quicker. Target: 5 min</small>' in page
    assert "1 question waits for more than 15 minutes" in page


def test_themes_are_shown_as_bars_with_their_number(browse: SignIn, ids: dict[str, int]) -> None:
    themes = browse("viewer").get(AT).text.split("By theme")[1].split("</section>")[0]
    assert re.findall(r'dir="auto">([^<]+)</span></span>.*?<b class="num">(\d+)</b>', themes)[0] == ("Access", "4")
    assert "4 have no theme yet." in themes


def test_a_source_says_to_when_it_is_current_and_what_it_may_miss(
    browse: SignIn, scene: Scene, ids: dict[str, int]
) -> None:
    scene.source("mastodon", "mentions", "me", last_good=ago(2 / 3), note="May miss small servers.")
    line = browse("lead").get(AT).text.split("mentions of me")[1].split("</tr>")[0]
    assert ">40 s</time>" in line
    assert "May miss small servers." in line


def test_who_paused_and_since_when_stands_on_the_page(browse: SignIn, ids: dict[str, int]) -> None:
    browse("comms").post("/e/peer-support/posting/pause")
    assert "All posting is paused by Priya Nair since 3:11pm" in browse("viewer", name="Vi").get(AT).text


def test_it_counts_who_asks_so_that_we_can_answer_and_says_how_to_make_it_more(
    browse: SignIn, scene: Scene, ids: dict[str, int]
) -> None:
    shy = {"author_name": "", "author_handle": "@shy@m.example", "marks": ["no_bots"]}
    scene.question("Who else?", "x", 3, author={"calls_us": True})
    scene.question("Why so shy?", "mastodon", 3, author=shy)
    page = browse("viewer").get(AT).text
    panel = re.findall(r'<section class="panel" aria-labelledby="ca-h">.*?</section>', page, re.DOTALL)[0]
    told = dict(re.findall(r"</svg></span>([^<]*) <b class=\"num\">([^<]*)</b>", panel))
    assert told == {"X": "1 of 8", "Mastodon": "3 of 4", "Bluesky": "2 of 2", "Blog comment": "2 of 2"}
    assert '<b class="num">8 of 16</b> posts that ask can be answered from here.' in panel
    assert "Name us too, so that we can answer you: @theQCommunity on X, Mastodon and Bluesky." in panel
    assert "For our profile on X, Mastodon, Bluesky" in panel
