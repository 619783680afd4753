"""Posts made from text: fitted to a network's limits, or split into the parts of a thread.

The words of `core.length`, `core.links` and `core.limits` that others need are offered here too.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from bot.core.cuts import ELLIPSIS, Ruler, atoms, cut, is_end, ruler_of, shorten
from bot.core.items import Limits
from bot.core.length import GRAPHEME, clean, cost_usd, fits, length, problem, weighted_length
from bot.core.limits import default_limits
from bot.core.links import has_link, hashtags, mentions, urls

__all__ = [
    "answer_text",
    "clean",
    "cost_usd",
    "default_limits",
    "fit",
    "has_link",
    "hashtags",
    "length",
    "mentions",
    "problem",
    "split",
    "unnumbered",
    "update_parts",
    "update_text",
    "urls",
    "weighted_length",
]

LEAST_OF_BODY = 20  # code points; less of an entry than this says nothing
GRAPHEME_MOST = 40  # code points; a longer cluster might be longer than a post
HANDLE = regex.compile(r"@[A-Za-z0-9_]++(?:[.\-]++[A-Za-z0-9_]++)*+(?:@[A-Za-z0-9]++(?:[.\-]++[A-Za-z0-9]++)*+)?")
TOO_MANY_NEWLINES = regex.compile(r"[^\S\n]*+\n(?:[^\S\n]*+\n)++")


def _joined(*pieces: str, by: str = " ") -> str:
    return by.join(piece for piece in pieces if piece)


def _holds(text: str, link: str) -> bool:
    return link in text and (link in text.split() or link in urls(text))


def _apart(text: str, link: str, limits: Limits) -> tuple[str, str]:
    """The text without the link at its end, and the link that is still to be added."""
    if not link or not _holds(text, link):
        return text, link
    if text.endswith(link):
        return text[: -len(link)].rstrip(), link
    return (text, "") if fits(text, limits) else (text, link)


def fit(text: str, limits: Limits, link: str = "") -> str:
    """One post: the text, then the link unless it is there already, cut with "…" if it is too long.

    Never cut inside a link, tag, mention or character; a link that is too long by itself is left out.
    """
    body, link = _apart(clean(text).strip(), clean(link).strip(), limits)
    if not fits(link, limits):
        link = ""
    whole = _joined(body, link)
    if fits(whole, limits):
        return whole
    short = shorten(ruler_of(body), 0, limits, lambda piece: _joined(piece, link))
    return _joined("" if link and short == ELLIPSIS else short, link)


def _without_giants(text: str, limits: Limits) -> str:
    """The text with "…" for each link, tag or character cluster that is longer than a whole post."""
    clusters = [found.span() for found in GRAPHEME.finditer(text) if found.end() - found.start() > GRAPHEME_MOST]
    for start, end in sorted({*atoms(text), *clusters}, reverse=True):
        # A code point counts for two at most, and takes four bytes at most.
        large = 2 * (end - start) > limits.length - 6 or 4 * (end - start) > limits.max_bytes - 6 > 0
        if large and not fits(text[start:end] + " 99/99", limits):
            text = text[:start] + ELLIPSIS + text[end:]
    return text


def _part(ruler: Ruler, start: int, end: int) -> str:
    """A part of a thread: marked as cut only where a sentence goes on in the next one."""
    stops = is_end(ruler.sentences, end) or is_end(ruler.paragraphs, end)
    kept = ruler.text[start:end].rstrip()
    if stops or kept.endswith(ELLIPSIS):
        return kept
    return f"{kept} {ELLIPSIS}" if end in ruler.atom_ends or kept[-1:] in ",;:–—-" else kept + ELLIPSIS


def _part_end(ruler: Ruler, start: int, limits: Limits, more: str) -> int:
    return cut(ruler, start, lambda place: fits(_part(ruler, start, place) + more, limits))


def _parts(ruler: Ruler, limits: Limits, link: str, number: str, most: int) -> list[str]:
    """The parts without their numbers; [] if the limits leave no room at all."""
    parts: list[str] = []
    text, start = ruler.text, 0
    while True:
        start += len(text[start:]) - len(text[start:].lstrip())
        end = _part_end(ruler, start, limits, number)
        if end == len(text):
            last = _joined(text[start:], link)
            if fits(last + number, limits):
                return [*parts, last]
            # With room for all but the link, the link still takes some words along.
            end = _part_end(ruler, start, limits, f" {link}{number}")
            if end == start and len(parts) < most - 1:
                return [*parts, text[start:], link]
        if len(parts) == most - 1:
            return [*parts, _joined(shorten(ruler, start, limits, lambda piece: _joined(piece, link) + number), link)]
        if end == start:
            return []
        parts.append(_part(ruler, start, end))
        start = end


def split(text: str, limits: Limits, link: str = "", most: int = 10) -> tuple[str, ...]:
    """The parts of a thread, at least one, numbered "1/3" at the end; the link is on the last one.

    Text for more than `most` parts is cut with "…" in the last one. A link that is longer than a
    whole post gives way to "…".
    """
    body, rest = _apart(clean(text).strip(), clean(link).strip(), limits)
    whole = _joined(body, rest)
    if fits(whole, limits) or most < 2:
        return (fit(text, limits, link),)
    number = " 9/9" if most < 10 else " 99/99"
    if not fits(rest + number, limits):
        rest = ""
    ruler = ruler_of(_without_giants(body, limits))
    parts = _parts(ruler, limits, rest, number, min(most, 99))
    if len(parts) < 2:
        return (fit(text, limits, link),)
    return tuple(f"{part} {place}/{len(parts)}" for place, part in enumerate(parts, 1))


def _headline(title: str, body: str, time_text: str) -> str:
    if title.startswith(time_text):
        time_text = ""
    if not title:
        return f"{time_text}:" if time_text and body else time_text
    if not body and title.endswith((":", "：")):
        title = title.rstrip(":： ")
    return _joined(time_text, title, by=": ")


def _tail(tags: Sequence[str], link: str, shown: str, limits: Limits) -> str:
    """The tags and the link that `shown` does not hold yet; tags take at most half of the post."""
    there = {tag.casefold() for tag in hashtags(shown)}
    signs: list[str] = []
    for tag in tags:
        sign = "#" + clean(tag).strip().lstrip("#＃")
        new = hashtags(sign) == [sign[1:]] and sign[1:].casefold() not in there
        if new and 2 * length(_joined(*signs, sign), limits) <= limits.length:
            signs.append(sign)
            there.add(sign[1:].casefold())
    return _joined(*signs, "" if link and _holds(shown, link) else link)


def update_text(title: str, body: str, time_text: str, tags: Sequence[str], limits: Limits, link: str = "") -> str:
    """The post of a live-blog entry: its time as on the blog and its title, what fits of its text, tags and link.

    The time makes every post different, as X wants it. A tag that is no hashtag, or is in the text
    already, is left out.
    """
    title, time_text, link = (" ".join(clean(words).split()) for words in (title, time_text, link))
    body = TOO_MANY_NEWLINES.sub("\n\n", clean(body).strip())
    head = _headline(title, body, time_text)
    gap = "\n\n" if title else " "
    if not fits(link, limits):
        link = ""

    def whole(piece: str, shown: str) -> str:
        return _joined(_joined(head, piece, by=gap), _tail(tags, link, _joined(head, shown), limits), by="\n\n")

    if fits(whole(body, body), limits):
        return whole(body, body)
    piece = shorten(ruler_of(body), 0, limits, lambda piece: whole(piece, ""))
    if len(piece) >= LEAST_OF_BODY:
        return whole(piece, piece)
    if title:
        head = _headline(title, "", time_text)
    if fits(whole("", ""), limits):
        return whole("", "")
    tail = _tail(tags, link, "", limits)
    return _joined(shorten(ruler_of(head), 0, limits, lambda piece: _joined(piece, tail, by="\n\n")), tail, by="\n\n")


def update_parts(
    title: str, body: str, time_text: str, tags: Sequence[str], limits: Limits, link: str = "", most: int = 1
) -> tuple[str, ...]:
    """One post, or the whole as a thread of at most `most` parts: tags on the first, the link on the last."""
    text = update_text(title, body, time_text, tags, limits, link)
    body = TOO_MANY_NEWLINES.sub("\n\n", clean(body).strip())
    if most < 2 or not body or body in text:
        return (text,)
    title, time_text, link = (" ".join(clean(words).split()) for words in (title, time_text, link))
    head = _joined(_headline(title, body, time_text), _tail(tags, "", _joined(title, body), limits))
    return split(_joined(head, body, by="\n\n" if title else " "), limits, link, most)


def unnumbered(parts: Sequence[str]) -> str:
    """The parts of a post as one text, without the numbers and the "…" that `split` put where it was cut."""
    pieces = [part.removesuffix(f" {place}/{len(parts)}") for place, part in enumerate(parts, 1)]
    whole = ""
    for piece, before in zip(pieces, ["", *pieces], strict=False):
        gap = " " if before.endswith(ELLIPSIS) else "\n\n"
        whole = _joined(whole.removesuffix(ELLIPSIS).rstrip() if gap == " " else whole, piece, by=gap)
    return whole


def answer_text(answer: str, handle: str, limits: Limits, link: str = "") -> str:
    """The reply to a question: on Mastodon it begins with the asker's handle, which notifies them.

    X and Bluesky notify by the reply itself, a comment hangs below its question.
    """
    answer = clean(answer).strip()
    name = "@" + clean(handle).strip().lstrip("@")
    named = limits.rule == "mastodon" and HANDLE.fullmatch(name)
    if named and name.casefold() not in answer.casefold().split():
        answer = f"{name} {answer}"
    return fit(answer, limits, link)
