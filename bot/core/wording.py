"""What people wrote, brought into a form that rules can read: markup off, folded, cut into sentences and words."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import NamedTuple

LONGEST = 6000  # characters a rule looks at; of a longer text, its beginning and its end

_SCRIPT = re.compile(r"<(script|style)\b[^>]{0,500}>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|tr)\b[^<>]{0,1000}>", re.I)
_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.I)
_SHARED = re.compile(r"^\s*(?:RT|MT|via)\s+@\S+?:?\s", re.I)
_MENTION = re.compile(r"(?<![\w.])@[\w.-]+(?:@[\w-]+(?:\.[\w-]+)+)?")
_HASHTAG = re.compile(r"[#＃](\w+)")
_PIECE = re.compile(r"\S+")
_TAG = re.compile(r"[#＃]\w+|@[\w.@-]+")
_TAGS_AT_START = re.compile(r"^\s*(?:@[\w.@-]+[\s:,]*)+")
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u0670\u093c\u09bc]")
_SENTENCE = re.compile(r"(?:[^.!?…。؟।॥\n]|[.](?=[^\s.]))+[.!?…。؟।॥]*[\"'”’»」』)]*")
_ENDS_ASKING = re.compile(r"[?؟][.!?…؟]*[\"'”’»」』)\s]*$")
_WORD = re.compile(r"[\w\u0900-\u0dff\u200c\u200d]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_QUOTED = re.compile(
    r"[\"“„]([^\"“”„]{1,400})[\"”“]|«([^«»]{1,400})»|(?<!\w)['‘]([^'‘’]{4,400})['’](?!\w)|"
    r"「([^「」]{1,400})」"
)
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ی": "ي", "ک": "ك", "ہ": "ه", "ँ": "ं"}
)


class Sentence(NamedTuple):
    """One sentence: as written, folded to words with a blank at both ends, and whether it ends by asking."""

    text: str
    words: str
    asks: bool


def plain(text: str) -> str:
    """What a reader sees of `text`, HTML or not: NFC, paragraphs as lines, no tags, no control or direction signs."""
    if "<" in text:
        text = _MARKUP.sub(" ", _BLOCK.sub("\n", _SCRIPT.sub(" ", text)))
    return unicodedata.normalize("NFC", _UNSEEN.sub("", html.unescape(text))).strip()


def excerpt(text: str) -> str:
    """`text`, or its two ends where it is longer than the rules look at."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"


def body(text: str) -> str:
    """The wording without links, mentions and the tags that stand around it; a tag within the wording is a word."""
    text = _SHARED.sub("", LINK.sub(" ", unicodedata.normalize("NFKC", text)))
    text = _TAGS_AT_START.sub("", without_tags_at_end(text))
    return _HASHTAG.sub(r"\1", _MENTION.sub(" ", text)).strip()


def without_tags_at_end(text: str) -> str:
    """The wording up to the tags and mentions that close it."""
    end = len(text)
    for piece in reversed(list(_PIECE.finditer(text))):
        if not _TAG.fullmatch(piece.group()):
            break
        end = piece.start()
    return text[:end].strip()


def without_tags(text: str) -> str:
    """The wording with no link, mention or tag anywhere in it."""
    text = _SHARED.sub("", LINK.sub(" ", unicodedata.normalize("NFKC", text)))
    return _HASHTAG.sub(" ", _MENTION.sub(" ", text)).strip()


def fold(text: str) -> str:
    """Lower case, without accents, vowel points and apostrophes, so that careless writing reads the same."""
    if text.isascii():
        return _APOSTROPHE.sub("", text.lower())
    text = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The folded words of `text` in order; a run of Chinese or Japanese is one word."""
    return _WORD.findall(fold(text))


def padded(text: str) -> str:
    """The folded words of `text` with one blank between them and at both ends."""
    return f" {' '.join(words(text))} "


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` that hold at least one word."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    read = (Sentence(piece, padded(piece), bool(_ENDS_ASKING.search(piece)) or "¿" in piece) for piece in found)
    return [sentence for sentence in read if sentence.words.strip()]


def unquoted(text: str) -> str:
    """`text` with everything between quotation marks taken out."""
    return _QUOTED.sub(" ", text)


def readable(text: str) -> str:
    """The wording for a card: no markup, links shortened to their host, the list of tags at the end left out."""
    shown = plain(text)
    shown = LINK.sub(
        lambda link: re.sub(r"^(?:https?://)?(?:www\.)?", "", link.group(), flags=re.I).split("/")[0], shown
    )
    return without_tags_at_end(shown) or shown
