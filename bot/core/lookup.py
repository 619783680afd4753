"""What a text can be found by: its folded words, and pairs of signs where a script writes no blanks between words."""

from __future__ import annotations

import re

from bot.core.flags import hide
from bot.core.wording import fold, plain

MOST = 400  # different words of one text
LONGEST = 40  # letters of a word
ASKED = 12  # words of a search

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # noqa: E501
_PICTURE = "[\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001faff]"
_PIECE = re.compile(
    f"([{_UNSPACED}]+)|({_PICTURE}|(?:(?![{_UNSPACED}_])[\\w\u0900-\u0dff])(?:(?![{_UNSPACED}_])[\\w\u0900-\u0dff\u200c\u200d])*)"
)


def tokens(*texts: str) -> str:
    """The words that `texts` are found by, each once, with a blank between them. Hidden details are not among them."""
    found: dict[str, None] = {}
    for text in texts:
        for unspaced, word in _PIECE.findall(fold(hide(plain(text)))):
            found |= dict.fromkeys(_pairs(unspaced) if unspaced else (word[:LONGEST],))
    return " ".join(list(found)[:MOST])


def asked(words: str) -> list[str]:
    """What must begin some word of a text for it to match a search, at most twelve; [] if nothing can be found by it.

    The signs of Chinese, Japanese, Thai and others are asked for in pairs, a single one by itself.
    """
    found: dict[str, None] = {}
    for unspaced, word in _PIECE.findall(fold(plain(words))):
        found |= dict.fromkeys(_pairs(unspaced)[: max(1, len(unspaced) - 1)] if unspaced else (word[:LONGEST],))
    return list(found)[:ASKED]


def unspaced(text: str) -> bool:
    """Whether a sign of it belongs to a script that writes no blanks between words."""
    return bool(re.search(f"[{_UNSPACED}]", text))


def _pairs(run: str) -> list[str]:
    """Each sign with the one after it; the last one alone, so that every sign begins a pair."""
    return [run[at : at + 2] for at in range(len(run))]
