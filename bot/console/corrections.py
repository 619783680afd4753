"""The page of a correction: what can be done on each network, what would be lost, and what we suggest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from bot.console.previews import cost
from bot.console.view import money
from bot.core.corrections import Change, Suggestion, change, suggest, suggest_removal, told
from bot.core.items import Limits, Reactions
from bot.core.text import length, unnumbered
from bot.desk.who import called
from bot.store import published, updates
from bot.store.ledger import Told
from bot.store.published import Counted, Presence

NOWHERE = Presence((), False)
UNKNOWN = "Its replies, reposts and likes are lost; how many is not known."
RARE = ("create", "delete")  # of a correction: behind "Other ways"


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be done on a network, in words."""

    do: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """New words for a network: as one text, how long its longest part is, and what they cost in USD."""

    text: str
    length: int
    parts: int
    cost: float


@dataclass(frozen=True, slots=True)
class Decision:
    """One network of a correction. `do` is what is chosen at first; `why` is said beside what we suggest."""

    network: str
    ways: tuple[Way, ...]
    do: str
    suggestion: Suggestion
    urls: tuple[str, ...]
    hint: str
    limit: int
    new: Wording
    reply: Wording | None
    counted: Counted | None
    price: float  # of asking what would be lost, in USD
    askable: bool

    @property
    def plain(self) -> list[Way]:
        """The ways that most people want."""
        return [one for one in self.ways if one.do not in RARE or (one.do == "delete" and self.reply is None)]

    @property
    def rare(self) -> list[Way]:
        """The other ways."""
        return [one for one in self.ways if one not in self.plain]


def decisions(
    tx: Connection, chosen: Told, limits: Mapping[str, Limits], shown: Sequence[Any], decided: Mapping[str, str]
) -> list[Decision]:
    """What there is to decide about a correction or a withdrawal, network by network; nothing for other posts."""
    if chosen.post.kind not in ("correction", "withdrawal") or chosen.post.state != "draft":
        return []
    there, counted = published.about(tx, chosen.post), published.reactions(chosen.post.detail)
    fixes = chosen.post.kind == "correction" and chosen.entry is not None
    replies = updates.replies(tx, chosen.entry) if fixes and chosen.entry is not None else {}
    going = [one for one in shown if one.chosen and one.state != "failed"]
    return [
        _decision(
            said, limits[said.network], there.get(said.network, NOWHERE), counted.get(said.network),
            replies.get(said.network), going, decided.get(said.network, ""),
        )
        for said in chosen.versions
        if said.network in limits
    ]  # fmt: skip


def _decision(
    said: Row[Any], rules: Limits, here: Presence, counted: Counted | None, reply: Sequence[str] | None,
    going: Sequence[Any], do: str,
) -> Decision:  # fmt: skip
    found, network = counted.found if counted else None, said.network
    new = _wording(said.parts, rules, going)
    answer = _wording(reply, rules, going) if reply is not None else None
    if reply is None:
        first = suggest_removal(found, len(here.posts), network)
        ways = tuple(_removals(rules, here, found, network))
    else:
        what = _change(here, said.parts)
        first = suggest(what, rules, found, len(here.posts), network)
        ways = tuple(_corrections(rules, here, found, network, new, answer))
    offered = {one.do for one in ways}
    suggestion = first if first.do in offered else Suggestion("leave", "")
    return Decision(
        network, ways, do or suggestion.do, suggestion, tuple(one.url for one in here.posts if one.url),
        _hint(rules, here, network, fixes=reply is not None), rules.length, new, answer, counted,
        rules.read_cost_usd * len(here.ids), here.known,
    )  # fmt: skip


def _change(here: Presence, parts: Sequence[str]) -> Change:
    return max(
        (change(unnumbered(one.words), unnumbered(parts)) for one in here.posts),
        key=list(Change).index,
        default=Change.NONE,
    )


def _wording(parts: Sequence[str], rules: Limits, going: Sequence[Any]) -> Wording:
    longest = max((length(part, rules) for part in parts), default=0)
    return Wording(unnumbered(parts), longest, len(parts), cost(parts, rules, going))


def _corrections(
    rules: Limits, here: Presence, found: Reactions | None, network: str, new: Wording, answer: Wording | None
) -> Iterator[Way]:
    settled = here.known and not here.moving
    price, reply_price = (f" Costs {money(one.cost)}." if one and one.cost else "" for one in (new, answer))
    if settled and rules.edits:
        yield Way("edit", "Edit the post" if len(here.posts) == 1 else "Edit the posts", _kept(found, network))
    if settled and rules.deletes:
        yield Way("repost", "Delete and post again", _lost(found, network) + price)
    if settled and rules.replies:
        yield Way("reply", "Reply with a correction", "It stands below the old post." + reply_price)
    yield Way("create", "Post the new wording too", "The old post stays as it is." + price)
    if settled and rules.deletes:
        yield Way("delete", "Delete and post nothing", _lost(found, network))
    yield Way("leave", "Leave it")


def _removals(rules: Limits, here: Presence, found: Reactions | None, network: str) -> Iterator[Way]:
    if rules.deletes and here.known and not here.moving:
        one = len(here.posts) == 1
        yield Way("delete", "Delete the post" if one else f"Delete all {len(here.posts)} posts", _lost(found, network))
    yield Way("leave", "Leave it")


def _kept(found: Reactions | None, network: str) -> str:
    kept = f"Keeps {told(found, network)}." if found and found.any else "Replies and reposts stay."
    return f"{kept} People see that it was edited."


def _lost(found: Reactions | None, network: str) -> str:
    if found is None:
        return UNKNOWN
    return f"Loses {told(found, network)}." if found.any else "Nobody has replied, reposted or liked yet."


def _hint(rules: Limits, here: Presence, network: str, *, fixes: bool) -> str:
    name = called(network)
    if here.moving:
        return f"Something about this entry is still on its way to {name}. More can be done once that is settled."
    if here.posts and not here.known:
        return f"No address of our post on {name} is known, so it cannot be changed from here."
    said = f"{name} can’t edit a post." if fixes and not rules.edits else ""
    if len(here.posts) > 1:
        said += (
            f" {len(here.posts)} posts of ours about this entry are there: edits and deletions are done to all of them."
        )
    return said.strip()
