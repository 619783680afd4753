"""What the learned part of the triage looks at: words, their places, signs, ideas, and what the rules say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.core.concepts import concepts
from bot.core.wording import LINK, Sentence, words

_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SIGNS = (
    ("link", re.compile(LINK.pattern, re.I)),
    ("mention", re.compile(r"(?<!\w)@\w")),
    ("shared", re.compile(r"^\s*(?:RT|MT|via)\s+@", re.I)),
    ("clock", re.compile(r"^\W*\d{1,2}[.:]\d\d\s?(?:[ap]m)?\b", re.I)),
    ("quote", re.compile(r"[\"“”„«»「」‘]")),
    ("loud", re.compile(r"!")),
    ("trail", re.compile(r"\.\.\.|…")),
    ("colon", re.compile(r"^[^.?!]{2,40}[:：]\s")),
    ("digits", re.compile(r"\d{3}")),
    ("money", re.compile(r"[$£€%]")),
    ("picture", re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]")),
    ("??", re.compile(r"[?!]{2}")),
    ("caps", re.compile(r"\b[A-Z]{4,}\b")),
    ("names", re.compile(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+")),
)
_ASKS = "?？؟"
_MOST = 120  # words that are looked at, half of them from the end


def features(text: str, wording: str, found: Sequence[Sentence], said: Sequence[str]) -> list[str]:
    """The features of one item, each once and in order: `text` as a reader sees it, its `wording`, that cut into
    sentences, and what the rules `said` of it."""
    known = words(wording)
    if len(known) > _MOST:
        known = known[: _MOST // 2] + known[-_MOST // 2 :]
    about = concepts(known)
    made = [f"r:{one}" for one in said]
    made += _shape(text, found, known)
    made += _about(about, wording)
    made += _wordings(known)
    made += _places(found)
    return list(dict.fromkeys(made))


def _shape(text: str, found: Sequence[Sentence], known: Sequence[str]) -> Iterator[str]:
    for name, sign in _SIGNS:
        if sign.search(text):
            yield f"s:{name}"
    asking = [place for place, sentence in enumerate(found) if sentence.asks]
    yield f"n:words {_size(len(known))}"
    yield f"n:sentences {min(len(found), 5)}"
    yield f"n:asking {min(len(asking), 3)}"
    if asking:
        after = sum(len(sentence.words.split()) for sentence in found[asking[-1] + 1 :])
        yield f"n:after {_size(after)}"
        yield f"n:before {_size(sum(len(s.words.split()) for s in found[: asking[0]]))}"
        yield f"n:asked {_size(len(found[asking[-1]].words.split()))}"
    if found:
        yield f"n:last asks {found[-1].asks}"
        yield f"n:last {_size(len(found[-1].words.split()))}"


def _size(count: int) -> str:
    return (
        str(count) if count < 4 else "4-7" if count < 8 else "8-15" if count < 16 else "16-30" if count < 31 else "31"
    )


def _about(about: Sequence[str], wording: str) -> Iterator[str]:
    asks = any(sign in wording for sign in _ASKS)
    for place, one in enumerate(about):
        yield f"c:{one}"
        yield f"c:{one} {'?' if asks else '.'}"
        for other in about[place + 1 :]:
            yield f"c:{one} {other}"


def _wordings(known: Sequence[str]) -> Iterator[str]:
    before = "^"
    for word in known:
        if _ASIAN.search(word):
            yield from _runs(word)
            before = "~"
            continue
        yield f"w:{word}"
        yield f"b:{before} {word}"
        if len(word) > 5:
            yield f"p:{word[:5]}"
        before = word
    yield f"b:{before} $"


def _runs(run: str) -> Iterator[str]:
    run = run[:60]
    for size in (1, 2, 3):
        for start in range(len(run) - size + 1):
            yield f"w:{run[start : start + size]}"
    yield f"e:{run[-2:]}"


def _places(found: Sequence[Sentence]) -> Iterator[str]:
    """How sentences begin and end: the first, the last, and any that asks."""
    for place, sentence in enumerate(found[:8] if len(found) <= 8 else [*found[:4], *found[-4:]]):
        spoken = sentence.words.split()
        mark = "?" if sentence.asks else "."
        after = bool(place and found[place - 1].asks)
        for one in concepts(spoken[:2]):
            yield f"k{mark}:{one}"
            if after:
                yield f"ka:{one}"
        about = concepts(spoken[:40])
        for at, one in enumerate(about):
            for other in about[at + 1 :]:
                yield f"t{mark}:{one} {other}"
        if _ASIAN.search(spoken[0]):
            continue
        yield f"o{mark}:{spoken[0]}"
        yield f"o{mark}:{' '.join(spoken[:2])}"
        yield f"o{mark}:{' '.join(spoken[:3])}"
        yield f"z{mark}:{' '.join(spoken[-2:])}"
        if after:
            yield f"a:{spoken[0]}"
