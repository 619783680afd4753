"""Keeping a person or a word out of the lists, and letting them in again."""

from __future__ import annotations

from bot.core.lookup import asked
from bot.core.text import clean
from bot.desk.who import GONE, Done, Who, button, words
from bot.store import blocks, search
from bot.store.engine import Store


@button
def block_person(store: Store, who: Who, event_id: int, item_id: int, why: str) -> Done:
    """Keep whoever wrote that item out of the lists, in what waits and in what comes in later."""
    reason = words(clean(why), "The reason", 300)
    if isinstance(reason, Done):
        return reason
    with store.write() as tx:
        author = search.author_of(tx, event_id, item_id)
        if author is None:
            return GONE
        if not author.author_id:
            return Done(
                False, "The network does not say who wrote this, so nobody can be blocked. Block a word instead."
            )
        name = author.author_handle or author.author_name or "Somebody"
        what = {"kind": "person", "network": author.network, "what": author.author_id, "name": name}
        return _said(name, blocks.add(tx, store.now(tx), who.name, event_id, reason, **what))


@button
def block_word(store: Store, who: Who, event_id: int, word: str, why: str) -> Done:
    """Keep whatever holds that word, or those words in a row, out of the lists."""
    tidy, reason = words(clean(word), "The word", 80), words(clean(why), "The reason", 300)
    for refusal in (tidy, reason):
        if isinstance(refusal, Done):
            return refusal
    if not asked(str(tidy)):
        return Done(False, "That holds no letters or digits, so nothing could be found by it. Nothing was changed.")
    with store.write() as tx:
        gone = blocks.add(tx, store.now(tx), who.name, event_id, str(reason), kind="word", what=str(tidy))
        return _said(f"“{tidy}”", gone)


def _said(what: str, gone: int) -> Done:
    if gone < 0:
        return Done(False, f"{what} is blocked already. Nothing was changed.")
    left = f" {gone} question{'s' if gone != 1 else ''} went to Dismissed." if gone else ""
    return Done(True, f"{what} is blocked.{left} Everything stays stored and can be searched.")


@button
def lift_block(store: Store, who: Who, event_id: int, block_id: int) -> Done:
    """End a block; what it kept out comes back."""
    with store.write() as tx:
        back = blocks.lift(tx, store.now(tx), who.name, event_id, block_id)
        if back < 0:
            return Done(False, "Somebody was first: it is not blocked any more.")
        return Done(True, f"Let in again.{f' {back} back in the queue.' if back else ''}")
