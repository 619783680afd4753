"""Whether a text holds a word that somebody blocked."""

from __future__ import annotations

from bot.core.lookup import unspaced
from bot.core.wording import padded


def holds(text: str, word: str) -> bool:
    """Whether `text` has `word`, or those words in a row, whatever their case and accents; whole words only.

    Where a script writes no blanks, the signs may stand anywhere in a row.
    """
    wanted, said = padded(word).strip(), padded(text)
    if not wanted:
        return False
    return wanted in said if unspaced(wanted) else f" {wanted} " in said
