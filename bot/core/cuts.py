"""Where a text may be cut, and the longest piece of it that fits: never inside a link, tag, mention or character."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import regex

from bot.core.items import Limits
from bot.core.length import GRAPHEME, fits
from bot.core.links import hashtag_spans, mention_spans, url_spans

ELLIPSIS = "…"
GIANT_WORD = 40  # code points; one longer than that, and than all before it, is cut rather than left out
SENTENCE_SHARE, PARAGRAPH_SHARE = 0.4, 0.5  # of what fits that must stay, to stop there rather than at a word

UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"  # scripts without spaces
CLOSING = r"\p{Pe}\p{Pf}、。，．：；！？・ー…"
TOKEN = regex.compile(rf"[^\s{UNSPACED}]*+[{UNSPACED}][\p{{M}}\u200C\u200D]*+[{CLOSING}]*+|[^\s{UNSPACED}]++")
SENTENCE = regex.compile(
    r"(?:[!?…؟।]|(?<!\b(?:\p{L}|Dr|Mr|Mrs|Ms|Prof|St|vs|approx|No))\.)[\p{Pe}\p{Pf}\"']*+(?=\s++[^\s\p{Ll}]|\s*+$)"
    rf"|[。！？][{CLOSING}]*+"
)
SENTENCE_SIGNS = tuple("!?؟।.。！？")
PARAGRAPH = regex.compile(r"\S(?=[^\S\n]*+\n)")
# Addresses and handles of every network, also those that X would not make into a link.
LOOSE = regex.compile(r"(?i:https?://)\S++|(?<![\w@＠])[@＠][A-Za-z0-9_]++(?:[.\-@]++[A-Za-z0-9_]++)*+")
LOOSE_MOST = 200  # code points of a loose address in a script without spaces: it may be prose that follows


def atoms(text: str) -> list[tuple[int, int]]:
    """Links, tags and mentions as merged stretches of text, in order."""
    loose = [
        found.span() for found in LOOSE.finditer(text) if found.group().isascii() or len(found.group()) <= LOOSE_MOST
    ]
    exact = [(span.start, span.end) for span in (*url_spans(text), *hashtag_spans(text), *mention_spans(text))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(loose + exact):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@dataclass(frozen=True, slots=True)
class Ruler:
    """Where a text may be cut: places after which it may end, each list in order."""

    text: str
    words: list[int]
    characters: list[int]
    sentences: list[int]
    paragraphs: list[int]
    atom_ends: frozenset[int]


def ruler_of(text: str) -> Ruler:
    stretches = atoms(text)
    starts = [start for start, _ in stretches]

    def whole(end: int) -> bool:
        at = bisect_left(starts, end) - 1
        return at < 0 or stretches[at][1] <= end

    characters = [found.end() for found in GRAPHEME.finditer(text) if whole(found.end())]
    allowed = set(characters)
    words = [found.end() for found in TOKEN.finditer(text) if found.end() in allowed]
    ends = set(words)
    return Ruler(
        text,
        words,
        characters,
        [found.end() for found in SENTENCE.finditer(text) if found.end() in ends],
        [found.end() for found in PARAGRAPH.finditer(text) if found.end() in ends],
        frozenset(end for _, end in stretches),
    )


def furthest(ends: list[int], start: int, good: Callable[[int], bool]) -> int:
    """The last of `ends` after `start` that is good, or `start`; good ones come before bad ones."""
    low = bisect_right(ends, start)
    step = 1
    while low + step <= len(ends) and good(ends[low + step - 1]):
        step *= 2
    below, above = step // 2, min(step, len(ends) - low + 1)
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if good(ends[low + middle - 1]) else (below, middle)
    return ends[low + below - 1] if below else start


def cut(ruler: Ruler, start: int, good: Callable[[int], bool]) -> int:
    """Where to stop: after a paragraph, a sentence, a word, or a letter of a giant word; `start` if nowhere."""
    end = furthest(ruler.words, start, good)
    inside = furthest(ruler.characters, start, good)
    if inside - end > max(GIANT_WORD, end - start):
        return inside
    if end == len(ruler.text):
        return end
    for ends, share in ((ruler.paragraphs, PARAGRAPH_SHARE), (ruler.sentences, SENTENCE_SHARE)):
        at = bisect_right(ends, end) - 1
        if at >= 0 and ends[at] >= start + (end - start) * share and good(ends[at]):
            return ends[at]
    return end


def with_ellipsis(ruler: Ruler, start: int, end: int) -> str:
    """The stretch of text, marked as cut."""
    if end not in ruler.atom_ends:
        while end > start and ruler.text[end - 1] in ",;:–—- " and is_end(ruler.characters, end - 1):
            end -= 1
    kept = ruler.text[start:end].rstrip()
    if not kept or kept.endswith(ELLIPSIS):
        return kept or ELLIPSIS
    apart = end in ruler.atom_ends or kept.endswith((*SENTENCE_SIGNS, *"\"'”’»)"))
    return f"{kept} {ELLIPSIS}" if apart and not kept.endswith(("。", "！", "？")) else kept + ELLIPSIS


def is_end(ends: list[int], place: int) -> bool:
    at = bisect_left(ends, place)
    return at < len(ends) and ends[at] == place


def shorten(ruler: Ruler, start: int, limits: Limits, around: Callable[[str], str]) -> str:
    """As much of the text from `start` on as fits with what is around it; "" if nothing does."""
    end = cut(ruler, start, lambda place: fits(around(with_ellipsis(ruler, start, place)), limits))
    if end > start:
        return with_ellipsis(ruler, start, end)
    return ELLIPSIS if start < len(ruler.text) and fits(around(ELLIPSIS), limits) else ""
