"""What kind of item is it, which flags does it carry, which theme does it touch: one verdict, with its reason in words.

Rules judge first, and say why. Weights that were learned from samples judge the same item with the rules' word as one
of many signs, and have the last word on the kind; a flag is raised by either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core import asking, chatter, learned
from bot.core.features import features
from bot.core.flags import flags_of, hide, personal_data
from bot.core.items import Kind
from bot.core.sameness import Index, find_same, fingerprint, same_question, similar
from bot.core.themes import suggest
from bot.core.wording import Sentence, body, excerpt, fold, padded, plain, readable, sentences, unquoted, words

__all__ = [
    "VERSION",
    "Index",
    "Verdict",
    "by_itself",
    "find_same",
    "fingerprint",
    "hide",
    "judge",
    "personal_data",
    "readable",
    "same_question",
    "similar",
]

_RULES = "rules-"
VERSION = f"{_RULES}2+{learned.VERSION}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an item is. `why` is for a facilitator to read; `theme` is one of the themes that were "
    "handed in, or ""."""

    kind: Kind
    flags: frozenset[str]
    why: str
    theme: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a text before the weights speak: `said` are its folded words, `why` is the rules' reason."""

    wording: str
    said: str
    flags: frozenset[str]
    kind: Kind
    why: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cues:
    opens: re.Pattern[str]
    asks: re.Pattern[str]


_LEAD_IN = (
    r"^ (?:(?:and|but|so|ok|okay|also|hi|hello|hey|hiya|all|folks|everyone|please|pls|just|well|right|"
    r"then|morning|good morning|good afternoon|thanks|thank you|great|q|question|um|er|hmm|sorry|"
    r"bonjour|hallo|hola|ciao|ola|oi|hoi|czesc|merhaba|helo|shwmae|bore da|et|und|y|e|en|ale|a|i|ve|"
    r"buenas|salut|guten tag|dzien dobry|buongiorno|bom dia|مرحبا|و|السلام عليكم|السلام علیکم|اور|और|"
    r"नमस्ते|আর|নমস্কার|bonsoir|moin|selam|aber|mais|pero|ma|mas|maar) )*"
)
_CLAUSE = re.compile(r"[,:;،؛、，\-–—(]+\s+|[:;،，、]")
_LEAD = re.compile(_LEAD_IN)
_RHETORIC = re.compile(chatter.RHETORIC)
_RHETORIC_UNSPACED = re.compile(chatter.RHETORIC_UNSPACED)
_SMALL_TALK = re.compile(chatter.SMALL_TALK)
_SMALL_TALK_UNSPACED = re.compile(chatter.SMALL_TALK_UNSPACED)
_ANSWERS = re.compile(f"^ (?:{fold(chatter.ANSWERS)}) ")
_ANSWERS_UNSPACED = re.compile(fold(chatter.ANSWERS_UNSPACED))
_REPORTED = re.compile(f" (?:{fold(chatter.REPORTED)}) ")
_TOLD = re.compile(f" (?:{fold(chatter.ASKED_IN_QUOTES)}) ")
_OFFERS = re.compile(f" (?:{chatter.OFFERS}) ")
_CLOSING = re.compile(
    r" (?:thanks?|thank|cheers|ta|please|pls|asking|curious|just|merci|danke|gracias|grazie|obrigad[oa]|"
    r"bedankt|dzieki|tesekkurler|diolch|sorry|thx|from|xx?|regards) "
)
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ASKS_UNSPACED = re.compile(asking.UNSPACED)
_NOT_ASKING_UNSPACED = re.compile(asking.UNSPACED_NOT)
_CHAT_UNSPACED = re.compile(f"{chatter.CHAT_UNSPACED}|\\s")
_SCRIPTS = (
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ur", re.compile(r"[ٹڈڑںھہےگچپ]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_LATIN = ("en", "cy", "fr", "de", "es", "it", "pt", "nl", "pl", "tr")
_WORDS_OF = {name: frozenset(words(text)) for name, text in chatter.SMALL.items()}
_CHAT_OF = {name: frozenset(words(text)) | _WORDS_OF[name] for name, text in chatter.CHAT.items()}
_SMALL = "Only small talk around the event"
_NO_ANSWER = "Asks in a way that expects no answer"
_SURE = 0.5
_SOUNDS = {
    Kind.QUESTION: "Sounds like somebody who wants to know",
    Kind.THOUGHT: "Sounds like a remark that expects no answer",
    Kind.NOISE: "Sounds like small talk, a notice, or another subject",
}
_RAISED = {
    "personal_data": "May name a person or a place they can be found",
    "distress": "May be somebody who needs help",
    "abuse": "May be meant to hurt",
    "spam": "May sell something",
    "medical_advice": "May ask what only somebody's own doctor should answer",
}
_STANDS = ("Answers its own question", "Tells what somebody else asked")
_GREETS_OF = {name: known - _WORDS_OF[name] - frozenset(words(chatter.WEAK)) for name, known in _CHAT_OF.items()}
_LETTERS_OF = {"tr": "şğıİ", "pl": "łżźśćńęą", "de": "ßäöü", "es": "ñ¿¡", "pt": "ãõ", "fr": "èêçœ", "cy": "ŵŷ"}
_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w'’]+")


def by_itself(judged_by: str) -> bool:
    """Whether a verdict was given by this program (VERSION, or an earlier one) and by no person."""
    return judged_by.startswith(_RULES)


def judge(text: str, *, lang: str = "", themes: Sequence[str] = (), tags: Sequence[str] = ()) -> Verdict:
    """Judge one item from its `text`, plain or HTML.

    `lang` is what the network says (BCP 47), "" if nothing; it is a hint and may be wrong. `tags` are the event's own
    hashtags, without "#": they are never part of the wording.
    """
    seen = look(text, lang=lang, tags=tags)
    leaning = learned.weigh(seen.features)
    flags = seen.flags | leaning.flags
    kind, why = (seen.kind, seen.why) if not seen.said or leaning.kind is seen.kind else _overruled(seen, leaning.kind)
    asks = leaning.kind is Kind.QUESTION and leaning.margin > _SURE  # a question is not lost to a mere likeness
    if "spam" in seen.flags or ("spam" in flags and not asks):
        kind, why = Kind.NOISE, "Looks like advertising"
    elif "abuse" in flags and kind is not Kind.QUESTION:
        kind, why = Kind.NOISE, "Insults and asks nothing"
    elif kind is Kind.NOISE and flags & {"distress", "medical_advice"}:
        kind, why = Kind.THOUGHT, "Somebody may need help"
    theme = "" if kind is Kind.NOISE else suggest(seen.wording, themes)
    return Verdict(kind, flags, why + _because(seen, flags), theme)


def look(text: str, *, lang: str = "", tags: Sequence[str] = ()) -> Look:
    """What the rules say of a text, and the features that the weights go by; arguments as for `judge`."""
    shown = excerpt(plain(text))
    wording = _without_own_tags(body(shown), tags)
    said = padded(wording)
    flags = flags_of(excerpt(text), said)
    kind, why = _kind(wording, said, _language(wording, said, lang))
    signs = features(shown, wording, sentences(wording), (kind.value, why, *sorted(flags)))
    return Look(wording, said.strip(), flags, kind, why, tuple(signs))


def _overruled(seen: Look, kind: Kind) -> tuple[Kind, str]:
    return kind, _SOUNDS[kind] + _words(seen, kind.value)


def _because(seen: Look, flags: frozenset[str]) -> str:
    """Why a flag was raised that no rule raised."""
    raised = sorted(flags - seen.flags)
    return "".join(f". {_RAISED[flag]}{_words(seen, flag)}" for flag in raised)


def _words(seen: Look, verdict: str) -> str:
    words = learned.telling(seen.features, verdict)
    return f" (by the words {', '.join(words)})" if words else ""


def _without_own_tags(wording: str, tags: Sequence[str]) -> str:
    named = [re.escape(tag.lstrip("#")) for tag in tags if tag.strip("# ")]
    return re.sub(rf"(?<!\w)(?:{'|'.join(named)})(?!\w)", " ", wording, flags=re.I) if named else wording


def _kind(wording: str, said: str, language: str) -> tuple[Kind, str]:
    if not said.strip():
        return Kind.NOISE, "Only signs, links or tags"
    question = _question(wording, language)
    if question and question[0] is Kind.QUESTION:
        return question
    chat = _chat(wording, said, language)
    if chat and not (question and (question[1] in _STANDS or (question[1] == _NO_ANSWER and chat == _SMALL))):
        return Kind.NOISE, chat
    return question or (Kind.THOUGHT, "Offers something and asks nothing")


def _question(wording: str, language: str) -> tuple[Kind, str] | None:
    """QUESTION with its reason, THOUGHT where it only looks like a question, None where nothing looks like one."""
    outside = unquoted(wording)
    told = outside != wording and len(outside.split()) >= 3 and bool(_TOLD.search(padded(outside)))
    found = sentences(outside if told else wording)
    looks = ""
    for place, sentence in enumerate(found):
        reason, doubt = _asks(sentence, language)
        if reason and sentence.asks and _answered(sentence, found[place + 1 :], language):
            reason, doubt = "", "Answers its own question"
        if reason:
            return Kind.QUESTION, reason
        looks = looks or doubt
    if told and "?" in wording:
        looks = "Tells what somebody else asked"
    return (Kind.THOUGHT, looks) if looks else None


def _asks(sentence: Sentence, language: str) -> tuple[str, str]:
    """(reason, "") where the sentence asks, ("", doubt) where it only looks like it, ("", "") else."""
    spoken = sentence.words
    if _SMALL_TALK.search(spoken) or _SMALL_TALK_UNSPACED.search(spoken):
        return "", "Small talk, not a question for the room" if sentence.asks else ""
    last = spoken if not sentence.asks else padded(_CLAUSE.split(sentence.text)[-1])
    asian = bool(_ASIAN.search(spoken))
    if sentence.asks and (
        _RHETORIC.search(spoken) or _RHETORIC.search(last) or (asian and _RHETORIC_UNSPACED.search(spoken))
    ):
        polite = re.search(
            r" (?:can|could|will|would|please|how do|how can|how did) ", spoken
        ) and not _RHETORIC.search(spoken)
        return ("Ends with a question mark", "") if polite else ("", _NO_ANSWER)
    if sentence.asks:
        return "Ends with a question mark", ""
    if asian:
        asks = _ASKS_UNSPACED.search(spoken) and not (
            _NOT_ASKING_UNSPACED.search(spoken) or _RHETORIC_UNSPACED.search(spoken)
        )
        return ("Uses an asking word", "") if asks else ("", "")
    return _asks_without_mark(sentence, language)


def _asks_without_mark(sentence: Sentence, language: str) -> tuple[str, str]:
    spoken = sentence.words
    cues = _cues(language)
    if _REPORTED.search(spoken):
        return "", "Talks about a question, asks none"
    if _RHETORIC.search(spoken):
        return "", _NO_ANSWER if _opens(sentence, cues) else ""
    if sentence.text.rstrip().endswith("!") and len(spoken.split()) < 5:
        return "", ""
    if _opens(sentence, cues):
        return "Begins with an asking word", ""
    if cues.asks.search(spoken):
        return "Says that it wants to know", ""
    return "", ""


def _opens(sentence: Sentence, cues: _Cues) -> bool:
    """Whether the sentence, or a clause of it, opens as questions do."""
    if cues.opens.match(_LEAD.sub(" ", sentence.words)):
        return True
    clauses = _CLAUSE.split(sentence.text)[1:8]
    return any(len(clause.split()) > 2 and cues.opens.match(_LEAD.sub(" ", padded(clause))) for clause in clauses)


def _answered(question: Sentence, rest: Sequence[Sentence], language: str) -> bool:
    """Whether the sentences after a question answer it."""
    if not rest or rest[0].asks:
        return False
    following = rest[0].words
    if _ANSWERS.search(following) or _ANSWERS_UNSPACED.search(following):
        return not _cues(language).asks.search(following)
    short = len(following.split()) <= 3 and not _ASIAN.search(following) and len(question.words.split()) < 14
    return (
        short and not _CLOSING.search(following) and not _all_chat(following, language) and len(following.strip()) > 3
    )


def _chat(wording: str, said: str, language: str) -> str:
    """Why nothing in the wording is for the room, "" if something is."""
    if _SMALL_TALK.search(said) or _SMALL_TALK_UNSPACED.search(said):
        return "Small talk"
    if _ASIAN.search(said):
        return "Only a greeting or a good wish" if len(_CHAT_UNSPACED.sub("", said)) <= 3 else ""
    if "pingback" in said or re.search(
        r" (?:trackback|test (?:test|post|comment|tweet|1|123)|just testing|please ignore) ", said
    ):
        return "Looks like a test or an automatic notice"
    names = {fold(name) for name in _NAME.findall(wording)} if language != "de" else set()
    spoken = said.split()
    left = [word for word in spoken if word not in _CHAT_OF[language] and word not in names and not word.isdigit()]
    if not left:
        return "Only a greeting, thanks or applause"
    strong = sum(word in _GREETS_OF[language] for word in spoken)
    offers = language == "en" and bool(_OFFERS.search(said))
    if (len(spoken) <= 3 and len(left) <= 1) or (strong and len(left) <= 2 and not offers):
        return _SMALL
    crowded = strong >= 2 and strong >= len(left) and len(left) <= 4 and not offers
    return _SMALL if crowded else ""


def _all_chat(said: str, language: str) -> bool:
    return all(word in _CHAT_OF[language] for word in said.split())


def _language(wording: str, said: str, hint: str) -> str:
    """The language whose rules are used: by script, then by small words; the network's word tips the balance."""
    named = hint.lower().split("-")[0].split("_")[0]
    for name, script in _SCRIPTS:
        if script.search(wording):
            return named if (name, named) in {("ar", "ur"), ("hi", "ur"), ("ur", "ar")} else name
    spoken = said.split()[:80]
    counts = {name: float(sum(word in _WORDS_OF[name] for word in spoken)) for name in _LATIN}
    for name in _LATIN:
        counts[name] += 0.3 * sum(word in _CHAT_OF[name] for word in spoken)
    for name, letters in _LETTERS_OF.items():
        counts[name] += any(letter in wording for letter in letters)
    if named in counts:
        counts[named] += 1.5
    elif named == "hi" or named == "ur":
        return "hi"
    counts["en"] += 0.25
    return max(counts, key=lambda name: counts[name])


@lru_cache(maxsize=32)
def _cues(language: str) -> _Cues:
    known = asking.ASKING.get(language, asking.ASKING["en"])
    ends = [f"(?:{ending}) $" for ending in known.ends]
    opens = f" (?:{fold('|'.join(known.opens))}) "
    asks = "|".join([f" (?:{fold('|'.join(known.asks))})(?= )", *(fold(f" {ending}") for ending in ends)])
    return _Cues(re.compile(opens), re.compile(asks))
