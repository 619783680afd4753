"""Length, problems, fitting, threads and posts, by example."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.core.items import Limits
from bot.core.text import (
    answer_text,
    clean,
    cost_usd,
    default_limits,
    fit,
    has_link,
    hashtags,
    length,
    mentions,
    problem,
    split,
    update_text,
    urls,
)

X, MASTODON, BLUESKY, WORDPRESS = (default_limits(name) for name in ("x", "mastodon", "bluesky", "wordpress"))
NETWORKS = [X, MASTODON, BLUESKY, WORDPRESS]
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
LINK = "https://q.health.org.uk/live-blog/#1500"
SENTENCES = "Each table is trying to spot the common themes. Facilitators are working hard! Coffee is on the horizon. "


@pytest.mark.parametrize(
    ("limits", "text", "expected"),
    [
        (X, "caf\u0065\u0301", 4),
        (X, "日本", 4),
        (X, f"{FAMILY}!", 3),
        (X, "\u2764\ufe0f\u200d\U0001f525", 2),
        (X, "© 2017", 6),
        (X, "©️", 2),
        (X, "see example.com", 27),
        (X, f"see {LINK}", 27),
        (MASTODON, f"see {LINK} and example.com", 4 + 23 + 16),
        (MASTODON, "@ann@social.example hello", 10),
        (MASTODON, "mail ann@social.example", 23),
        (MASTODON, FAMILY, 1),
        (BLUESKY, f"{FAMILY}é🇬🇧🇫🇷", 4),
        (BLUESKY, LINK, len(LINK)),
        (WORDPRESS, FAMILY, 7),
    ],
)
def test_length_is_counted_as_the_network_counts_it(limits: Limits, text: str, expected: int) -> None:
    assert length(text, limits) == expected


def test_an_unknown_rule_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="morse"):
        length("text", Limits("morse", 10))


def test_an_unknown_network_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match="myspace"):
        default_limits("myspace")


@pytest.mark.parametrize(
    ("limits", "text", "expected"),
    [
        (X, "a" * 280, ""),
        (X, "a" * 281, "The text is 1 character too long, 281 of 280; shorten it."),
        (X, "", "There is no text to send; write something first."),
        (X, " \u200b\n\u2800", "There is no text to send; write something first."),
        (X, "a\x00b", "The text holds a character that cannot be sent, U+0000; take it out."),
        (X, "a\ud800b", "The text holds a character that cannot be sent, U+D800; take it out."),
        (X, "$TVI or $RBS", "The text holds more than one stock symbol, and X accepts one; take the $ off the others."),
        (X, "from $5 to $10", ""),
        (BLUESKY, FAMILY * 270, "The text takes 6,750 bytes, and 3,000 are allowed; shorten it."),
        (MASTODON, "$TVI or $RBS", ""),
        (WORDPRESS, "a" * 65_535, "The text is 10 characters too long, 65,535 of 65,525; shorten it."),
    ],
)
def test_a_text_that_may_not_be_sent_gets_one_sentence(limits: Limits, text: str, expected: str) -> None:
    assert problem(text, limits) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cafe\u0301", "café"),
        ("a\x00b\x07c\x7f\ufeff\uffff\ud800d", "abcd"),
        ("one\r\ntwo\rthree\u2028four\tfive", "one\ntwo\nthree\nfour five"),
        ("שלום עולם", "שלום עולם"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u202eabc\u202c", "\u202eabc\u202c"),
        ("\u2067abc\nd\u2069", "abc\nd"),
        ("\u2067a\u202eb\u2069c", "\u2067ab\u2069c"),
        ("e" + "\u0301" * 100, "é" + "\u0301" * 30),
    ],
)
def test_clean_takes_out_what_breaks_storage_or_screens(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_a_link_makes_a_post_on_x_dearer() -> None:
    assert (cost_usd("plain", X), cost_usd("see q.community.com", X), cost_usd("plain", MASTODON)) == (0.015, 0.2, 0)
    assert has_link("see example.com")
    assert not has_link("see you at 3.30pm, e.g. in room 4.b")


def test_short_text_is_left_alone_and_gets_its_link_once() -> None:
    assert fit("Hello", X) == "Hello"
    assert fit("Hello", X, LINK) == f"Hello {LINK}"
    assert fit(f"Hello {LINK}", X, LINK) == f"Hello {LINK}"
    assert fit(f"Read {LINK} first", X, LINK) == f"Read {LINK} first"
    assert fit("", X, LINK) == LINK
    assert fit("", X) == ""


def test_long_text_is_cut_at_a_sentence_and_keeps_its_link() -> None:
    cut = fit(SENTENCES * 4, X, LINK)
    assert cut == f"{(SENTENCES * 2).strip()} … {LINK}"
    assert length(cut, X) <= 280


def test_without_a_sentence_end_text_is_cut_at_a_word() -> None:
    cut = fit("really, " * 60, X)
    assert cut == "really, " * 34 + "really…"


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "We heard all of it from Dr. Smith and others who came along today"
    assert fit(text, Limits("plain", 40)) == "We heard all of it from Dr. Smith and…"


def test_chinese_is_cut_at_its_own_full_stops() -> None:
    cut = fit("故人西辞黄鹤楼，烟花三月下扬州。孤帆远影碧空尽，唯见长江天际流。" * 6, X)
    assert cut.endswith("。…")
    assert 200 < length(cut, X) <= 280


def test_a_giant_word_is_cut_between_characters() -> None:
    cut = fit(FAMILY * 400, BLUESKY)
    assert cut == FAMILY * ((3000 - 3) // 25) + "…"


def test_a_link_longer_than_a_post_is_left_out_rather_than_broken() -> None:
    giant = "https://q.example/" + "a" * 400
    assert fit(f"Look: {giant} now", BLUESKY) == "Look…"
    assert fit("Look", BLUESKY, giant) == "Look"


def test_no_room_at_all_gives_no_text() -> None:
    assert fit("Hello", Limits("x", 1)) == ""
    assert fit("Hello", Limits("plain", 1)) == "…"


def test_a_thread_is_numbered_and_carries_the_link_at_its_end() -> None:
    parts = split(SENTENCES * 7, X, LINK)
    assert len(parts) > 2
    assert [part[: -len(" 1/4")] for part in parts][-1].endswith(LINK)
    assert all(part.endswith(f" {place}/{len(parts)}") for place, part in enumerate(parts, 1))
    assert sum(LINK in part for part in parts) == 1
    assert all(problem(part, X) == "" for part in parts)
    assert "…" not in "".join(parts)


def test_a_thread_breaks_between_paragraphs_where_it_can() -> None:
    first, second = (SENTENCES * 2).strip(), (SENTENCES * 2 + "End.").strip()
    assert split(f"{first}\n\n{second}", X) == (f"{first} 1/2", f"{second} 2/2")


def test_a_text_that_fits_is_one_part_without_a_number() -> None:
    assert split("Hello", X, LINK) == (f"Hello {LINK}",)
    assert split("", X) == ("",)


def test_a_thread_with_too_many_parts_is_cut_in_the_last_one() -> None:
    parts = split(SENTENCES * 40, X, LINK, most=3)
    assert len(parts) == 3
    assert parts[-1].endswith(f" … {LINK} 3/3")
    assert all(length(part, X) <= 280 for part in parts)
    assert split(SENTENCES * 40, X, most=1) == (fit(SENTENCES * 40, X),)


def test_a_giant_link_gives_way_in_a_thread() -> None:
    parts = split(SENTENCES * 2 + "https://q.example/" + "a" * 400 + " " + SENTENCES * 3, BLUESKY)
    assert "https://" not in "".join(parts)
    assert all(problem(part, BLUESKY) == "" for part in parts)


def test_an_update_begins_with_its_time_and_ends_with_tag_and_link() -> None:
    text = update_text("Spotting common themes", SENTENCES, "3:00pm", ["QLabs"], X, LINK)
    assert text == f"3:00pm: Spotting common themes\n\n{SENTENCES.strip()}\n\n#QLabs {LINK}"


def test_a_long_update_keeps_its_first_sentences() -> None:
    text = update_text("Closing remarks from Tracy Webb:", SENTENCES * 6, "12:30pm", ["#QLabs"], X, LINK)
    body = SENTENCES + SENTENCES.removesuffix("Coffee is on the horizon. ") + "…"
    assert text == f"12:30pm: Closing remarks from Tracy Webb:\n\n{body}\n\n#QLabs {LINK}"
    assert problem(text, X) == ""


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Closing remarks from Tracy Webb:", "", "12:30pm: Closing remarks from Tracy Webb\n\n#QLabs"),
        ("For your information…", "", "12:30pm: For your information…\n\n#QLabs"),
        ("For your information…", "Do join in.", "12:30pm: For your information…\n\nDo join in.\n\n#QLabs"),
        ("The votes are in!", "", "12:30pm: The votes are in!\n\n#QLabs"),
        ("", "Do join in.", "12:30pm: Do join in.\n\n#QLabs"),
        ("Lunch", "Tell us with #qlabs.", "12:30pm: Lunch\n\nTell us with #qlabs."),
        ("12:30pm: Lunch", "", "12:30pm: Lunch\n\n#QLabs"),
        ("Group\u00a0photo", "One.\n\n\n\nTwo.", "12:30pm: Group photo\n\nOne.\n\nTwo.\n\n#QLabs"),
        ("יום שני", "", "12:30pm: יום שני\n\n#QLabs"),
    ],
)
def test_an_update_reads_well_whatever_the_entry_is(title: str, body: str, expected: str) -> None:
    assert update_text(title, body, "12:30pm", ["QLabs"], X) == expected


@pytest.mark.parametrize("limits", NETWORKS)
def test_an_update_fits_even_if_everything_in_it_is_too_long(limits: Limits) -> None:
    text = update_text("T" * 9000, SENTENCES * 900, "3:10pm", ["Tag" * 20, "Other" * 20, "QLabs"], limits, LINK)
    assert problem(text, limits) == ""
    assert text.startswith("3:10pm: TTTT")
    assert text.endswith(LINK)


def test_what_is_no_hashtag_is_left_out_of_an_update() -> None:
    assert update_text("Lunch", "", "1pm", ["Q Labs", "2017", "", "#", "QLabs", "qlabs"], X) == "1pm: Lunch\n\n#QLabs"


def test_a_tag_that_the_cut_took_away_comes_back_at_the_end() -> None:
    text = update_text("Themes", SENTENCES * 4 + "#QLabs", "3pm", ["QLabs"], X)
    assert text.endswith("…\n\n#QLabs")


def test_an_answer_names_the_asker_where_only_that_notifies_them() -> None:
    assert answer_text("Yes.", "@ann@social.example", MASTODON) == "@ann@social.example Yes."
    assert answer_text("@Ann@social.example Yes.", "ann@social.example", MASTODON) == "@Ann@social.example Yes."
    assert answer_text("Yes.", "Ann from Leeds", MASTODON) == "Yes."
    assert answer_text("Yes.", "@ann", X, LINK) == f"Yes. {LINK}"
    assert answer_text("Yes.", "@ann.example", BLUESKY) == "Yes."
    assert answer_text("Yes.", "", WORDPRESS) == "Yes."


HOSTILE = {
    "one word": "a",
    "full stops": ".",
    "initials": "J. ",
    "labels": "a.",
    "hyphens": "a-.",
    "schemes": "http://",
    "links": "http://a.co ",
    "links in queries": "http://a.co/?",
    "open brackets": "x.co/(",
    "hash signs": "#1",
    "at signs": "@a",
    "marks": "\u0301\u0316",
    "joined people": "\U0001f469\u200d",
    "flags": "🇬🇧",
    "families": FAMILY,
    "newlines": "a\n",
    "spaces": " ",
    "quotes": '!"',
    "chinese": "日",
    "chinese links": "日a.co",
    "overrides": "\u2067\u202e",
    "number signs": "\u0600",
    "nul": "\x00a",
    "surrogates": "\ud800",
}


def works(limits: Limits) -> dict[str, Callable[[str], object]]:
    return {
        "problem": lambda text: problem(text, limits),
        "fit": lambda text: fit(text, limits, LINK),
        "split": lambda text: split(text, limits, LINK),
        "update": lambda text: update_text(text, text, "3pm", ["QLabs"], limits, LINK),
    }


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("limits", [X, MASTODON, BLUESKY], ids=lambda limits: limits.rule)
def test_64_kb_of_anything_are_met_in_no_time(name: str, limits: Limits) -> None:
    text = (HOSTILE[name] * 65_536)[:65_536]
    found = {"clean": clean, "links": urls, "tags": hashtags, "mentions": mentions, **works(limits)}
    slow = {}
    for what, work in found.items():
        started = time.process_time()
        work(text)
        slow[what] = time.process_time() - started
    assert max(slow.values()) < 2.0, slow  # the square of 65,536 takes far longer
