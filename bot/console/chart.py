"""The picture of how often people ask: where each bar stands. The template draws it, so it needs no script."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.view import clock
from bot.store.figures import QUARTER, QUARTERS, Asked

LEFT, RIGHT, TOP, BASE = 34.0, 748.0, 46.0, 256.0  # of a picture of 760 by 290
GAP = 2.0
STEP = (RIGHT - LEFT) / QUARTERS
WIDTH = STEP * 0.62


@dataclass(frozen=True, slots=True)
class Bar:
    """One network in one quarter of an hour."""

    network: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the lines behind them, what stands on and under them, and the same in words and as a table."""

    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    sums: tuple[Mark, ...]
    times: tuple[Mark, ...]
    words: str
    rows: tuple[tuple[str, tuple[int, ...], int], ...]


def drawn(asked: Asked, tz: str) -> Chart:
    """The chart of what was asked. An empty one has a scale up to 3."""
    totals = asked.totals
    step = max(1, -(-max(totals) // 3))
    unit = (BASE - TOP) / (3 * step)
    begins = [clock(asked.from_(i), tz) for i in range(QUARTERS)]
    middle = [LEFT + (i + 0.5) * STEP for i in range(QUARTERS)]
    return Chart(
        tuple(bar for i in range(QUARTERS) for bar in _bars(asked, i, unit)),
        tuple(Mark(26, BASE - i * step * unit, str(i * step)) for i in range(4)),
        tuple(Mark(middle[i], BASE - n * unit - 6, str(n)) for i, n in enumerate(totals) if n),
        tuple(Mark(middle[i], BASE + 24, begins[i]) for i in range(0, QUARTERS, 2)),
        _words(asked, tz),
        tuple((begins[i], tuple(n[i] for n in asked.by_network.values()), totals[i]) for i in range(QUARTERS)),
    )


def _bars(asked: Asked, quarter: int, unit: float) -> list[Bar]:
    found, y = [], BASE
    for network, counts in asked.by_network.items():
        height = counts[quarter] * unit
        y -= height
        if height:
            x = LEFT + quarter * STEP + (STEP - WIDTH) / 2
            found.append(Bar(network, round(x, 1), round(y, 1), round(WIDTH, 1), round(max(1.0, height - GAP), 1)))
    return found


def _words(asked: Asked, tz: str) -> str:
    totals = asked.totals
    most = max(totals)
    if not most:
        return "Nobody asked in this time."
    at = asked.from_(totals.index(most))
    return f"{sum(totals)} in all. The most, {most}, came from {clock(at, tz)} to {clock(at + QUARTER, tz)}."
