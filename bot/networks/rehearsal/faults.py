"""Faults on request: what may happen to a call, and which calls it happens to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from bot.networks.base import Misconfigured, NoAnswer, RateLimited, Refused, Unavailable


class Fault(StrEnum):
    """What may happen to a call. LOST and ERROR_AFTER strike after the effect, all others before it."""

    DROP = "drop"  # the connection is refused
    LIMIT = "limit"  # 429
    ERROR_BEFORE = "error-before"  # 5xx, nothing done
    REFUSED = "refused"  # a final no
    SLOW = "slow"  # answered, late
    LOST = "lost"  # done, the answer never comes
    ERROR_AFTER = "error-after"  # done, yet 5xx is answered


AFTER_EFFECT = frozenset({Fault.LOST, Fault.ERROR_AFTER})
_DRAWN = (Fault.DROP, Fault.LIMIT, Fault.ERROR_BEFORE, Fault.SLOW, Fault.LOST, Fault.ERROR_AFTER)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which share of the calls meets a fault; the same seed meets the same faults at the same calls."""

    seed: int = 0
    send: float = 0.0
    read: float = 0.0
    kinds: tuple[Fault, ...] = _DRAWN

    @property
    def strikes(self) -> bool:
        """Whether any call can meet a drawn fault."""
        return self.send > 0 or self.read > 0

    def draw(self, network: str, what: str, n: int) -> Fault | None:
        """The fault of the n-th call of that kind, None for most."""
        share = self.send if what.startswith("send") else self.read
        digest = sha256(f"{self.seed} {network} {what} {n}".encode()).digest()
        if int.from_bytes(digest[:8], "big") / 2**64 >= share:
            return None
        return self.kinds[int.from_bytes(digest[8:16], "big") % len(self.kinds)]


def plan(options: Mapping[str, Any]) -> Plan:
    """The plan as the settings give it: seed, send and read (shares from 0 to 1), kinds. Raises Misconfigured."""
    try:
        kinds = tuple(Fault(kind) for kind in options.get("kinds", _DRAWN))
        made = Plan(int(options.get("seed", 0)), float(options.get("send", 0)), float(options.get("read", 0)), kinds)
    except (TypeError, ValueError) as error:
        names = ", ".join(Fault)
        raise Misconfigured(f"The rehearsal's faults cannot be used: {error}. Kinds are {names}.") from error
    if not (0 <= made.send <= 1 and 0 <= made.read <= 1 and made.kinds):
        raise Misconfigured(
            "The rehearsal's faults cannot be used: send and read are shares from 0 to 1, kinds name one."
        )
    return made


def strike(fault: Fault | None, label: str, now: datetime, *, sending: bool) -> None:
    """Raise what a caller sees of that fault; nothing for no fault and for a slow answer."""
    if fault is Fault.DROP:
        raise Unavailable(f"{label} cannot be reached: the connection was refused.")
    if fault is Fault.LIMIT:
        raise RateLimited(f"{label} asks to wait a moment.", now + timedelta(seconds=1))
    if fault is Fault.REFUSED and sending:
        raise Refused(f"{label} refused this post.")
    if fault in (Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.LOST, Fault.REFUSED):
        words = "sent no answer" if fault is Fault.LOST else "answered 503"
        raise (NoAnswer if sending else Unavailable)(f"{label} {words}.")
