"""How often the double of X may be called: windows per endpoint, per app and per account, and their headers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.doubles.x_problems import too_many

QUARTER = 900  # seconds
DAY = 86400


@dataclass(frozen=True)
class Limit:
    """Calls in 15 minutes by the app's own token and by one account; in 24 hours in all and by one account."""

    app: int | None = None
    user: int | None = None
    app_day: int | None = None
    user_day: int | None = None
    per_second: bool = False  # one call a second


def published() -> dict[str, Limit]:
    """The limits as X publishes them."""
    return {
        "GET /2/tweets/search/recent": Limit(450, 300),
        "GET /2/tweets/search/all": Limit(300, 300, per_second=True),
        "POST /2/tweets": Limit(user=100, app_day=10_000),
        "DELETE /2/tweets/:id": Limit(user=50),
        "GET /2/tweets": Limit(3500, 5000),
        "GET /2/tweets/:id": Limit(450, 900),
        "GET /2/users/:id/tweets": Limit(10_000, 900),
        "GET /2/users/:id/mentions": Limit(450, 300),
        "GET /2/users/me": Limit(user=75),
        "GET /2/users": Limit(300, 900),
        "GET /2/users/by": Limit(300, 900),
        "GET /2/usage/tweets": Limit(50),
        "POST /2/media/upload": Limit(user=500, app_day=50_000),
        "POST /2/media/metadata": Limit(user=500, app_day=50_000),
    }


@dataclass
class _Window:
    start: datetime
    used: int = 0


class Limiter:
    """Counts calls in fixed windows that begin with their first call.

    `table` may be changed at any time; `as_errors` and `reset_header` say what a 429 looks like.
    """

    def __init__(self) -> None:
        self.table = published()
        self.as_errors = False
        self.reset_header = True
        self._windows: dict[tuple[str, str, int], _Window] = {}
        self._last: dict[str, datetime] = {}

    def take(self, endpoint: str, account: str, now: datetime) -> dict[str, str]:
        """Count one call (`account` is "" for the app) and give its headers. Raises Problem (429) beyond a limit."""
        headers, free = {}, True
        for family, who, seconds, most in _families(self.table.get(endpoint, Limit()), account):
            window = self._window(endpoint, who, seconds, now)
            free = free and window.used < most
            left = max(0, most - window.used - 1)
            headers.update(_headers(family, most, left, window.start + timedelta(seconds=seconds)))
        if free and not self._too_fast(endpoint, now):
            for _, who, seconds, _ in _families(self.table.get(endpoint, Limit()), account):
                self._window(endpoint, who, seconds, now).used += 1
            return headers
        raise self._refusal(headers)

    def _window(self, endpoint: str, who: str, seconds: int, now: datetime) -> _Window:
        key = (endpoint, who, seconds)
        if key not in self._windows or now >= self._windows[key].start + timedelta(seconds=seconds):
            self._windows[key] = _Window(now)
        return self._windows[key]

    def _too_fast(self, endpoint: str, now: datetime) -> bool:
        if not self.table.get(endpoint, Limit()).per_second:
            return False
        last = self._last.get(endpoint)
        if last is not None and now - last < timedelta(seconds=1):
            return True
        self._last[endpoint] = now
        return False

    def _refusal(self, headers: dict[str, str]) -> Exception:
        problem = too_many(self.as_errors)
        kept = headers if self.reset_header else {n: v for n, v in headers.items() if not n.endswith("reset")}
        problem.answer.headers.update(kept)
        return problem


def _families(limit: Limit, account: str) -> list[tuple[str, str, int, int]]:
    """Name in the headers, whose window, its seconds, its calls."""
    found = (
        ("x-rate-limit", account or "app", QUARTER, limit.user if account else limit.app),
        ("x-app-limit-24hour", "all", DAY, limit.app_day),
        ("x-user-limit-24hour", account, DAY, limit.user_day if account else None),
    )
    return [(family, who, seconds, most) for family, who, seconds, most in found if most is not None]


def _headers(family: str, most: int, left: int, reset: datetime) -> dict[str, str]:
    values = {"limit": most, "remaining": left, "reset": int(reset.timestamp())}
    return {f"{family}-{name}": str(value) for name, value in values.items()}
