"""Text made fit to be stored and sent, its length as a network counts it, and what a post costs."""

from __future__ import annotations

import unicodedata

import emoji
import regex

from bot.core.items import Limits
from bot.core.links import cashtags, has_link, url_spans

LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # code points that X counts as one
URL_WEIGHT = 23
MARKS_MOST = 30  # combining marks in a row; no language needs more, and sorting them takes its time

LIGHT_CHARS = "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in LIGHT)
HEAVY = regex.compile(f"[^{LIGHT_CHARS}]")
# X takes these two for emoji only when a variation selector asks for one.
EMOJI_NAMES = frozenset(emoji.EMOJI_DATA) - {"©", "®"}
EMOJI_LENGTHS: dict[str, list[int]] = {}  # of the names that begin with a sign, longest first
for _first, _many in sorted({(name[0], len(name)) for name in EMOJI_NAMES}, reverse=True):
    EMOJI_LENGTHS.setdefault(_first, []).append(_many)
EMOJI_START = regex.compile(
    rf"[{''.join(sorted(map(regex.escape, EMOJI_LENGTHS.keys() - set('#*0123456789'))))}]|[#*0-9](?=\uFE0F?\u20E3)"
)
# The first half is what \X would find too, only that \X looks back over all the flags before each flag.
GRAPHEME = regex.compile(r"[\U0001F1E6-\U0001F1FF]{1,2}+[\p{GCB=EX}\p{GCB=SM}\u200D]*+|\X")
CHUNK = regex.compile(rf"\P{{M}}*+\p{{M}}{{0,{2 * MARKS_MOST}}}+")
MARKS = regex.compile(rf"(\p{{M}}{{{MARKS_MOST}}})\p{{M}}++")
REMOTE_MENTION = regex.compile(
    r"(?<![\w/=])(@[A-Za-z0-9_]++(?:[.\-]++[A-Za-z0-9_]++)*+)@[A-Za-z0-9]++(?:[.\-]++[A-Za-z0-9]++)*+"
)

NEWLINES = regex.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNWANTED = regex.compile(r"[\p{Cs}\uFEFF\p{Noncharacter_Code_Point}]|(?!\n)\p{Cc}")
DIRECTION = regex.compile("[\u202a-\u202e\u2066-\u2069\n]")
EMBEDDINGS, ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
END_EMBEDDING, END_ISOLATE = "\u202c", "\u2069"
VISIBLE = regex.compile(r"[^\s\p{C}\p{M}\u3164\u115F\u1160\uFFA0\u2800]")


def _nfc(text: str) -> str:
    """NFC piece by piece, since the standard routine slows down on long rows of marks."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFC", piece) for piece in CHUNK.findall(text))


def _tidied(text: str) -> str:
    """The text in NFC with no more marks on a letter than any language needs."""
    tidy: str = MARKS.sub(r"\1", _nfc(text))
    return tidy


def _lone_directions(text: str) -> set[int]:
    """Places of direction characters without their partner on the same line."""
    lone: set[int] = set()
    opened: list[int] = []
    isolates = 0
    for found in DIRECTION.finditer(text):
        at, sign = found.start(), found.group()
        if sign == "\n":
            lone.update(opened)
            opened, isolates = [], 0
        elif sign in EMBEDDINGS + ISOLATES:
            opened.append(at)
            isolates += sign in ISOLATES
        elif sign == END_EMBEDDING and opened and text[opened[-1]] in EMBEDDINGS:
            opened.pop()
        elif sign == END_ISOLATE and isolates:
            while text[opened[-1]] not in ISOLATES:
                lone.add(opened.pop())
            opened.pop()
            isolates -= 1
        else:
            lone.add(at)
    return lone.union(opened)


def clean(text: str) -> str:
    """The text in NFC, without characters that break storage, networks or the reader's screen.

    Line ends become newlines, tabs become spaces; controls, lone surrogates, noncharacters, marks
    heaped upon marks and direction characters without their partner go.
    """
    if text.isascii() and text.isprintable():
        return text
    text = NEWLINES.sub("\n", text).replace("\t", " ")
    text = _tidied(UNWANTED.sub("", text))
    lone = _lone_directions(text)
    if not lone:
        return text
    # Taking one out may bring a letter and its mark together.
    return _tidied("".join(sign for at, sign in enumerate(text) if at not in lone))


def _without_emoji(text: str) -> tuple[str, int]:
    """The text without its emoji sequences, and how many there were."""
    pieces: list[str] = []
    count = at = 0
    for found in EMOJI_START.finditer(text):
        start = found.start()
        if start < at:
            continue
        for many in EMOJI_LENGTHS[found.group()]:
            if text[start : start + many] in EMOJI_NAMES:
                pieces.append(text[at:start])
                at = start + many
                count += 1
                break
    return "".join([*pieces, text[at:]]), count


def _weight(text: str, emoji_as_two: bool) -> int:
    if text.isascii():
        return len(text)
    rest, pictures = _without_emoji(text) if emoji_as_two else (text, 0)
    return len(rest) + len(HEAVY.findall(rest)) + 2 * pictures


def weighted_length(text: str, emoji_as_two: bool = True, url_length: int = URL_WEIGHT) -> int:
    """The length as X counts it: wide letters 2, any link 23, any emoji sequence 2 if so asked."""
    text = _nfc(text)
    total, at = 0, 0
    for span in url_spans(text):
        total += _weight(text[at : span.start], emoji_as_two) + url_length
        at = span.end
    return total + _weight(text[at:], emoji_as_two)


def graphemes(text: str) -> int:
    """How many characters a reader sees."""
    return len(text) if text.isascii() and "\r" not in text else len(GRAPHEME.findall(text))


def _as_mastodon_counts(text: str, url_length: int) -> str:
    pieces, at = [], 0
    for span in url_spans(text, bare=False):
        pieces += [REMOTE_MENTION.sub(r"\1", text[at : span.start]), "x" * url_length]
        at = span.end
    return "".join([*pieces, REMOTE_MENTION.sub(r"\1", text[at:])])


def length(text: str, limits: Limits) -> int:
    """The length as the network counts it, in the unit of `limits.length`.

    Raises ValueError for a rule that nobody knows.
    """
    if limits.rule == "x":
        return weighted_length(text, url_length=limits.url_length)
    text = _nfc(text)
    if limits.rule == "mastodon":
        return graphemes(_as_mastodon_counts(text, limits.url_length))
    if limits.rule == "bluesky":
        return graphemes(text)
    if limits.rule == "plain":
        return len(text)
    raise ValueError(f"There is no rule of counting called {limits.rule!r}; use x, mastodon, bluesky or plain.")


def size(text: str) -> int:
    """UTF-8 bytes; a lone surrogate counts as the sign that stands for it."""
    return len(_nfc(text).encode("utf-8", "surrogatepass"))


def fits(text: str, limits: Limits) -> bool:
    """Whether the text is short enough, in characters and in bytes."""
    if len(text.split()) > limits.length:  # a word counts for one at least: no need to read a whole book
        return False
    return length(text, limits) <= limits.length and not (limits.max_bytes and size(text) > limits.max_bytes)


def problem(text: str, limits: Limits) -> str:
    """Why the text may not be sent, in one sentence; "" if it may."""
    if not VISIBLE.search(text):
        return "There is no text to send; write something first."
    wrong = UNWANTED.search(text)
    if wrong:
        return f"The text holds a character that cannot be sent, U+{ord(wrong.group()):04X}; take it out."
    long = length(text, limits)
    if long > limits.length:
        over = long - limits.length
        return f"The text is {over:,} character{'s' * (over != 1)} too long, {long:,} of {limits.length:,}; shorten it."
    if limits.max_bytes and size(text) > limits.max_bytes:
        return f"The text takes {size(text):,} bytes, and {limits.max_bytes:,} are allowed; shorten it."
    if limits.rule == "x" and len(cashtags(text)) > 1:
        return "The text holds more than one stock symbol, and X accepts one; take the $ off the others."
    return ""


def cost_usd(text: str, limits: Limits) -> float:
    """The price of one post with this text, in US dollars."""
    return limits.cost_with_link_usd if has_link(text) else limits.cost_usd
