"""What a person must see before the room does: contact details, distress, abuse, advertising, medical advice."""

from __future__ import annotations

import re

from bot.core import alarms
from bot.core.wording import LINK, excerpt, plain, words

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[\[(]\s?at\s?[\])]\s?)"
    r"[a-z0-9-]{1,63}(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?)[a-z0-9-]{2,63}){1,4}(?![\w@])",
    re.I,
)
_FEDIVERSE = re.compile(r"@[\w.-]+@[\w.-]+")
_DIGITS = re.compile(
    r"(?<![a-zA-ZÀ-ɏ\d_#@$£€¥₹/.,:])(?:\+|\(|00)?\d(?:[ \u00a0.()/-]{0,3}\d){5,16}(?!\w|[%€£$]|[.,:]\d)"
)
_DATE = re.compile(
    r"\d{1,3}\.\d{6,}|(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:\s+\d{1,2})?"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ /-]+)+(?:19|20)\d\d|(?:19|20)\d\d[ /-]+\d\d")
_HELPLINES = frozenset(
    words(
        "116123 116117 116111 116000 08457909090 08001111 0800111 08006895652 03003045555 "
        "18002738255 131114 08001110111 08001110222 3114"
    )
)
_NHS_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_CALLS = re.compile(
    r"(?:call|phone|ring|text|tel|mobile|mob|cell|whats ?app|number|nummer|numéro|numero|número|nr|"
    r"telefon\w*|handy|appel\w*|llám\w*|chiam\w*|ligue|bel|dzwoń|ffon\w*|电话|手机|電話|هاتف|फ़ोन|फोन|"
    r"ফোন|فون)\W{0,12}(?:\w+\W{1,3}){0,3}$",
    re.I,
)
_PRICE_AFTER = re.compile(
    r"\s?(?:€|£|\$|usd|eur|gbp|euros?|pounds?|dollars?|people|participants|patients|personen|tl|zł)", re.I
)
_HIDDEN = {
    "phone": "[phone number hidden]",
    "email": "[e-mail hidden]",
    "health number": "[health number hidden]",
}


def personal_data(text: str) -> list[tuple[int, int, str]]:
    """Where `text` gives contact details away: (start, end, kind), kind is phone, email or health number."""
    taken = [(m.start(), m.end()) for m in LINK.finditer(text)]
    taken += [(m.start(), m.end()) for m in _FEDIVERSE.finditer(text) if not text[m.start() - 1 : m.start()].isalnum()]
    spans = (
        [(m.start(), m.end(), "email") for m in _EMAIL.finditer(text)] if "@" in text or "at" in text.lower() else []
    )
    spans = [span for span in spans if not _within(span, taken)]
    taken += [(start, end) for start, end, _ in spans]
    for match in _DIGITS.finditer(text):
        kind = "" if _within((match.start(), match.end(), ""), taken) else _kind_of_number(text, match)
        if kind:
            spans.append((match.start(), match.end(), kind))
    return sorted(spans)


def hide(text: str) -> str:
    """`text` with each contact detail replaced by words that say what stood there."""
    for start, end, kind in reversed(personal_data(text)):
        text = f"{text[:start]}{_HIDDEN[kind]}{text[end:]}"
    return text


def flags_of(text: str, padded: str) -> frozenset[str]:
    """The flags of `text`; `padded` is its folded wording as `wording.padded` makes it."""
    found = {name for name, pattern in alarms.PATTERNS.items() if pattern.search(padded)}
    found |= {name for name, pattern in alarms.UNSPACED.items() if pattern.search(padded)}
    if personal_data(excerpt(plain(text))) or alarms.HOME.search(padded):
        found.add("personal_data")
    if "distress" in found and alarms.NOT_DISTRESS.search(padded):
        found.discard("distress")
    if "spam" not in found and alarms.sells(padded, links=len(LINK.findall(text)), tags=text.count("#")):
        found.add("spam")
    return frozenset(found)


def _kind_of_number(text: str, match: re.Match[str]) -> str:
    written = match.group()
    digits = re.sub(r"\D", "", written)
    before = text[max(0, match.start() - 40) : match.start()]
    if re.search(r"nhs|health\s+(?:no|num)|patient\s+(?:no|num|id)", before, re.I) and _NHS_NUMBER.fullmatch(written):
        return "health number"
    if digits in _HELPLINES or _DATE.fullmatch(written) or _YEARS.fullmatch(written):
        return ""
    if _PRICE_AFTER.match(text, match.end()):
        return ""
    if written.startswith(("+", "00")):
        return "phone" if 8 <= len(digits) <= 17 else ""
    if _CALLS.search(before):
        return "phone" if 6 <= len(digits) <= 15 else ""
    return "phone" if _dials(written, digits) else ""


def _dials(written: str, digits: str) -> bool:
    """Whether digits without any word about calling still look like a number that can be dialled."""
    if written.startswith(("0", "(")):
        return 9 <= len(digits) <= 13
    if re.fullmatch(r"1[3-9]\d{9}|[6-9]\d{4}[ -]?\d{5}|[6-9]\d{2}[ -]\d{3}[ -]?\d{3}", written):
        return True  # mobiles of China, India; Spain, Poland, Portugal in groups of three
    return bool(re.fullmatch(r"1?[ .-]?\(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}", written))  # North America


def _within(span: tuple[int, int, str], taken: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)
