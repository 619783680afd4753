"""A memory of a network for tests: a dictionary that takes only what a row could hold."""

from __future__ import annotations

import json
from typing import Any


class DictMemory:
    """`budget` is what may be reserved; `spent` what was booked."""

    def __init__(self, budget: float = 0.0) -> None:
        self.budget = budget
        self.spent = 0.0
        self._kept: dict[str, str] = {}
        self._tickets: list[float] = []

    def get(self, key: str, default: Any = None) -> Any:
        """A copy of what was put, `default` if nothing was."""
        return json.loads(self._kept[key]) if key in self._kept else default

    def put(self, key: str, value: Any) -> None:
        """Keep it as JSON, as a row would. Raises TypeError for anything else."""
        self._kept[key] = json.dumps(value)

    def reserve(self, cost_usd: float, keep_usd: float = 0.0) -> int:
        """A ticket for what was set aside, 0 if the budget does not allow it."""
        if cost_usd + keep_usd > self.budget:
            return 0
        self.budget -= cost_usd
        self._tickets.append(cost_usd)
        return len(self._tickets)

    def settle(self, ticket: int, spent_usd: float | None) -> None:
        """Give back what was set aside and book what was spent, all of it if the answer was lost."""
        aside = self._tickets[ticket - 1] if ticket else 0.0
        spent = aside if spent_usd is None else spent_usd
        self.budget += aside - spent
        self.spent += spent

    def text(self) -> str:
        """All that is kept, to search it for what must not be."""
        return json.dumps(self._kept)
