"""What a post says, or said, on each network: its words to the letter, their length, their price, its photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.console.appearance import Card, card
from bot.core.items import Limits
from bot.core.text import cost_usd, length, unnumbered
from bot.core.unlinking import note
from bot.store.ledger import Told


@dataclass(frozen=True, slots=True)
class Preview:
    """What a post says, or said, on one network."""

    network: str
    action: str
    parts: tuple[str, ...]
    lengths: tuple[int, ...]
    limit: int
    cost: float
    link: str
    problem: str
    chosen: bool
    deliveries: tuple[Any, ...]
    note: str
    pictures: tuple[Any, ...] = ()
    card: Card | None = None
    below: bool = False  # it answers an earlier post of ours

    @property
    def length(self) -> int:
        return max(self.lengths, default=0)

    @property
    def text(self) -> str:
        """All parts as one text, to be edited."""
        return unnumbered(self.parts)


def previews(told: Told, limits: Mapping[str, Limits], shown: Sequence[Any]) -> list[Preview]:
    """One for each version of a post; a network where something is deleted and posted again has two."""
    found = []
    going = [one for one in shown if one.chosen and one.state != "failed"]
    for said in told.versions:
        rules = limits.get(said.network)
        parts = tuple(said.parts)
        enclosed = tuple(going[: rules.pictures]) if rules and said.action != "delete" else ()
        goes = tuple(d for d in told.deliveries if d.network == said.network and d.action == said.action)
        found.append(
            Preview(
                said.network,
                said.action,
                parts,
                tuple(length(part, rules) for part in parts) if rules else (),
                rules.length if rules else 0,
                cost(parts, rules, going) if rules else 0.0,
                said.link,
                said.problem or ("" if rules else "This network is not set up any more."),
                said.chosen,
                goes,
                note(parts, rules) if rules else "",
                enclosed,
                card(said.network, parts, said.link, len(enclosed)),
                said.action == "create" and bool(said.target),
            )
        )
    return found


def cost(parts: Sequence[str], rules: Limits, going: Sequence[Any]) -> float:
    """What all parts and the descriptions of their photos cost, in USD."""
    return sum(cost_usd(part, rules) for part in parts) + rules.alt_cost_usd * len(going[: rules.pictures])
