"""What WordPress makes of typed characters when it shows a page: quotes, dashes, dots, smileys."""

from __future__ import annotations

import re

_SMILEYS = {":)": "🙂", ":-)": "🙂", ":(": "🙁", ":-(": "🙁", ";)": "😉", ";-)": "😉", ":D": "😀", ":-D": "😀"}
_SMILEYS |= {":P": "😛", ":-P": "😛", ":o": "😮", ":-o": "😮", ":|": "😐", ":-|": "😐", "8-)": "😎", ":?": "😕"}
_SMILEY = re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, sorted(_SMILEYS, key=len, reverse=True))) + r")(?!\S)")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"---"), "—"),
    (re.compile(r"(?<!\S)--?(?!\S)"), "–"),
    (re.compile(r"(?<!-)--(?!-)"), "–"),
    (re.compile(r"'(?=\d\d(?:\s|s\b|[,.;:!?)]|$))"), "’"),
    (re.compile(r"(?<![^\s(\[{\"“–—-])'"), "‘"),
    (re.compile(r"'"), "’"),
    (re.compile(r"(?<![^\s(\[{‘–—-])\""), "“"),
    (re.compile(r"\""), "”"),
)
_FOLDS = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "…": "...", "\ufe0f": "", "\ufe0e": "",
    }
)  # fmt: skip


def shown(text: str) -> str:
    """Stored text as WordPress shows it; shown text stays as it is."""
    text = _SMILEY.sub(lambda match: _SMILEYS[match.group()], text)
    for pattern, sign in _RULES:
        text = pattern.sub(sign, text)
    return text


def folded(text: str) -> str:
    """The words alone: text that differs only in blanks, lines or typographic signs becomes equal."""
    text = _SMILEY.sub(lambda match: _SMILEYS[match.group()], text).translate(_FOLDS)
    return " ".join(re.sub(r"-{2,}", "-", text).split())
