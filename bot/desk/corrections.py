"""What becomes of posts whose entry changed or was taken off the blog: decided by a person, network by network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row

from bot.core.items import Limits
from bot.desk.photos import take_photos
from bot.desk.updates import NOT_THERE, fitted, refusal
from bot.desk.who import Done, Who, button, called
from bot.store import drafts, events, networks, published, wishes
from bot.store.drafts import Wording
from bot.store.engine import Store
from bot.store.pictures import Choice
from bot.store.published import Presence

WAYS = ("edit", "repost", "reply", "create", "delete", "leave")
NOTHING: Mapping[str, str] = MappingProxyType({})
NOWHERE = Presence((), False)
DONE_TO = {"edit": "edit", "delete": "delete", "repost": "delete", "reply": "answer"}
OTHERWISE = {
    "edit": "Delete it and post again, reply with a correction, or leave it.",
    "delete": "Post a correction, or leave it.",
}


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a person chose on one network. `words` are the parts that are to go out, if any."""

    said: Row[Any]
    do: str
    words: tuple[str, ...]
    there: Presence
    rules: Limits


@button
def correct(
    store: Store,
    who: Who,
    post_id: int,
    revision: int,
    choices: Mapping[str, str],
    texts: Mapping[str, str],
    photos: Sequence[Choice] = (),
    replies: Mapping[str, str] = NOTHING,
) -> Done:
    """Decide a correction or a withdrawal per network.

    `choices` says edit, repost (delete, then post again), reply (below the newest post), create (a new post beside
    it), delete or leave. `texts` are the new words, `replies` those of replies. An edit or a removal is done to all our
    posts about the entry.
    """
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.corrects is None:
            return NOT_THERE
        chosen = _chosen(tx, row, choices, texts, replies)
        if isinstance(chosen, Done):
            return chosen
        if all(one.do == "leave" for one in chosen):
            return _left(tx, store, who, row, revision)
        if revision != row.revision or row.state != "draft":
            return refusal(row)
        speaks = any(one.do not in ("leave", "delete") for one in chosen)
        if speaks and (wrong := take_photos(tx, who, row, photos)):
            return wrong
        drafts.set_versions(tx, post_id, [wording for one in chosen for wording in _wordings(one)])
        drafts.approve(tx, store.now(tx), who.name, row, revision, None)
        return Done(True, "On its way.")


def _chosen(
    tx: Connection, row: Row[Any], choices: Mapping[str, str], texts: Mapping[str, str], replies: Mapping[str, str]
) -> list[_Choice] | Done:
    """Each network's choice with its words as they go out; why not, if one cannot be done."""
    limits, there = networks.limits(tx), published.about(tx, row)
    fields = {
        name: replies if do == "reply" else texts for name, do in choices.items() if do not in ("leave", "delete")
    }
    written = {name: field[name] for name, field in fields.items() if name in field}
    parts = fitted(written, limits, events.links_of(tx, row.event_id))
    if isinstance(parts, Done):
        return parts
    chosen = []
    for said in drafts.versions(tx, row.id):
        do, here = choices.get(said.network, "leave"), there.get(said.network, NOWHERE)
        words = parts.get(said.network, () if do == "reply" else tuple(said.parts))
        one = _Choice(said, do, words, here, limits[said.network])
        if do != "leave" and (wrong := _wrong(one)):
            return Done(False, wrong)
        chosen.append(one)
    return chosen


def _wordings(one: _Choice) -> list[Wording]:
    """What is stored of a choice. A post that goes out again waits until the old ones are gone (`store.outbox`)."""
    network, link, first = one.said.network, one.said.link, (one.there.ids or ("",))[0]
    removal = Wording(network, (), "delete", target=first)
    match one.do:
        case "leave":
            return [Wording(network, tuple(one.said.parts), one.said.action, link, chosen=False)]
        case "delete":
            return [removal]
        case "repost":
            return [removal, Wording(network, one.words, link=link)]
        case "reply":
            return [Wording(network, one.words, link=link, target=one.there.posts[-1].ids[0])]
        case _:
            return [Wording(network, one.words, one.do, link, first if one.do == "edit" else "")]


def _wrong(one: _Choice) -> str:
    """Why a choice cannot be done, in a sentence; "" if it can."""
    name, do = called(one.said.network), one.do
    able = {
        "edit": one.rules.edits,
        "repost": one.rules.deletes,
        "delete": one.rules.deletes,
        "reply": one.rules.replies,
    }
    if do not in WAYS:
        return f"{do} is nothing that can be done on {name}."
    if not able.get(do, True):
        verb = DONE_TO[do]
        return f"{name} cannot {verb} a post. {OTHERWISE.get(verb, 'Post the new wording too, or leave it.')}"
    if do != "delete" and not any(one.words):
        return f"Write what is to be said on {name}. Nothing was changed."
    if do in DONE_TO and one.there.moving:
        return f"Something about this entry is still on its way to {name}. Wait until it is settled, or leave it."
    if do in DONE_TO and not one.there.known:
        return (
            f"We have no address of the first post on {name}, so there is nothing to {DONE_TO[do]}. "
            "Wait for it, or leave it."
        )
    if do in ("create", "reply") and any(one.words == out.words for out in one.there.posts):
        return f"{name} says just that already. Change the words there, or leave it."
    return _uneven(one, name) if do == "edit" else ""


def _uneven(one: _Choice, name: str) -> str:
    """An edit replaces part by part, so there must be as many of them."""
    for number, out in enumerate(one.there.posts, 1):
        if len(out.ids) != len(one.words):
            which = "first post" if number == 1 else f"post number {number}"
            parts = f"{len(out.ids)} part{'s' if len(out.ids) != 1 else ''}"
            return (
                f"The {which} on {name} has {parts} and these words need {len(one.words)}; an edit replaces part by "
                "part. Delete it and post again, post the new wording too, or leave it."
            )
    return ""


def _left(tx: Connection, store: Store, who: Who, row: Row[Any], revision: int) -> Done:
    """Everything is left as it is out there: the correction is settled."""
    if drafts.withdraw(tx, store.now(tx), who.name, row, revision):
        return Done(True, "Left as it is.")
    return refusal(row)


@button
def count_reactions(store: Store, who: Who, post_id: int, network: str) -> Done:
    """Have a network asked what people did with our posts about an entry: what deleting them would lose."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.corrects is None or network not in networks.limits(tx):
            return NOT_THERE
        wishes.add(tx, store.now(tx), who.name, "reactions", f"{post_id}:{network}")
        return Done(True, f"{called(network)} is asked. The numbers appear here in a moment.")
