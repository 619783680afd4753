"""Fitting and threads for any text at all."""

from __future__ import annotations

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.items import Limits
from bot.core.links import hashtag_spans, mention_spans, url_spans
from bot.core.text import clean, default_limits, fit, length, problem, split, update_text

NETWORKS = [
    default_limits("x"),
    default_limits("mastodon"),
    default_limits("bluesky"),
    Limits("plain", 60),
    Limits("x", 60),
    Limits("bluesky", 80, max_bytes=120),
]
WORDS = st.one_of(
    st.sampled_from(
        [
            "https://example.com/a(b)c?d=e",
            "example.org",
            "#QLabs",
            "#日本語",
            "@theQCommunity",
            "@ann@social.example",
            "(well,",
            "“really?”",
            "No.",
            "Dr.",
            "日本語。",
            "שלום!",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "🇬🇧🇫🇷",
            "\u0600",
            "e\u0301e\u0301",
            "x" * 70,
            "…",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.from_regex(r"[a-z]{1,9}[.,!?]?", fullmatch=True),
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", "\n", "\n\n", ""])), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
LINKS = st.sampled_from(["", "https://q.health.org.uk/live-blog/#1500"])
LIMITS = st.sampled_from(NETWORKS)


def short_enough(text: str, limits: Limits) -> bool:
    return length(text, limits) <= limits.length and len(text.encode()) <= (limits.max_bytes or 10**9)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@settings(max_examples=200, deadline=None)
@given(TEXTS, LIMITS, LINKS)
def test_a_fitted_text_fits_and_fits_again(text: str, limits: Limits, link: str) -> None:
    once = fit(text, limits, link)
    assert short_enough(once, limits)
    assert fit(once, limits, link) == once
    assert link in once


@settings(max_examples=200, deadline=None)
@given(TEXTS, LIMITS)
def test_a_cut_never_goes_through_a_character_link_tag_or_mention(text: str, limits: Limits) -> None:
    whole = clean(text).strip()
    kept = fit(text, limits)
    if kept == whole:
        return
    kept = kept.removesuffix("…").rstrip()
    if not whole.startswith(kept):  # the text had an ellipsis of its own there
        kept += "…"
    assert whole.startswith(kept)
    assert len(kept) in {0, *(found.end() for found in regex.finditer(r"\X", whole))}
    for span in (*url_spans(whole), *hashtag_spans(whole), *mention_spans(whole)):
        assert not span.start < len(kept) < span.end, span


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.from_regex(r"[a-z]{1,9}[.,!?]?|#[a-z]{3}|日本", fullmatch=True), min_size=1, max_size=90), LIMITS, LINKS
)
def test_a_thread_loses_no_word_and_each_part_fits(words: list[str], limits: Limits, link: str) -> None:
    parts = split(" ".join(words), limits, link, most=90)
    assert all(problem(part, limits) == "" for part in parts)
    bodies = parts if len(parts) == 1 else [part.rpartition(" ")[0] for part in parts]
    together = " ".join(bodies).replace(link or " ", " ").replace("…", " ")
    assert "".join(together.split()) == "".join(words)
    assert sum(link in part for part in parts) == (1 if link else len(parts))


@settings(max_examples=150, deadline=None)
@given(TEXTS, LIMITS, LINKS, st.integers(1, 12))
def test_every_part_of_any_thread_fits(text: str, limits: Limits, link: str, most: int) -> None:
    parts = split(text, limits, link, most)
    assert 1 <= len(parts) <= most
    assert all(short_enough(part, limits) for part in parts)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, LIMITS, LINKS)
def test_every_update_fits_and_begins_with_its_time(title: str, body: str, limits: Limits, link: str) -> None:
    text = update_text(title, body, "3:10pm", ["QLabs"], limits, link)
    assert short_enough(text, limits)
    assert text.startswith("3:10pm")
    assert link in text
