"""What goes wrong at X on request: call by call, or drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.doubles.x_problems import (
    SUSPENDED,
    Answer,
    Problem,
    capped,
    depleted,
    forbidden,
    not_enrolled,
    too_many,
    unauthorized,
)

PAGE = b"<!DOCTYPE html><html><head><title>X / Over capacity</title></head><body>Something went wrong.</body></html>"


class Fault(StrEnum):
    """One way to go wrong. Those of BEFORE leave no effect; all others happen after the call had its effect."""

    HANG_BEFORE = "hang before accept"
    RESET_BEFORE = "reset before accept"
    HTML_503 = "HTML 503"
    EMPTY_500 = "empty 500"
    JSON_503 = "JSON 503"
    ERROR_LIST = "error whose body is a list"
    ERROR_NULL = "error whose list of errors is null"
    TOO_MANY = "429"
    TOO_MANY_ERRORS = "429 in the shape with a code"
    TOO_MANY_NO_RESET = "429 without reset"
    TOO_MANY_BAD_RESET = "429 with a reset that is no number"
    TOO_MANY_DAY = "429 of the day"
    USAGE_CAPPED = "usage cap"
    CREDITS_DEPLETED = "no credits"
    UNAUTHORIZED = "401"
    NOT_ENROLLED = "client forbidden"
    SUSPENDED = "account suspended"
    EMPTY_PAGE = "page without data that has a next one"  # of lists; elsewhere it does nothing
    NO_META = "page that does not say whether more follows"  # of lists; elsewhere it does nothing
    HANG_AFTER = "accept, then hang"
    RESET_AFTER = "accept, then reset"
    EMPTY_500_AFTER = "accept, then empty 500"
    HTML_503_AFTER = "accept, then HTML 503"
    HTML_200 = "2xx with HTML"
    EMPTY_200 = "2xx with nothing"
    LIST_200 = "2xx with a list"
    OBJECT_200 = "2xx with an object that says nothing"
    HALF = "half an answer"
    HALF_HEAD = "half a head"
    DRIP_HEAD = "drip in the head"
    DRIP_BODY = "drip in the body"


SILENT = frozenset({Fault.HANG_BEFORE, Fault.RESET_BEFORE})
ALTERED = {
    Fault.EMPTY_500_AFTER: Answer(500, b""),
    Fault.HTML_503_AFTER: Answer(503, PAGE),
    Fault.LIST_200: Answer(0, []),
    Fault.OBJECT_200: Answer(0, {}),
    Fault.EMPTY_200: Answer(0, b""),
    Fault.HTML_200: Answer(0, PAGE),
}
DAY_HEADERS = {
    "x-rate-limit-limit": "100",
    "x-rate-limit-remaining": "93",
    "x-app-limit-24hour-limit": "10000",
    "x-app-limit-24hour-remaining": "0",
    "x-user-limit-24hour-limit": "10000",
    "x-user-limit-24hour-remaining": "9120",
}
FULL = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "287"}
SPENT = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0"}


def _with(problem: Problem, headers: dict[str, str]) -> Answer:
    problem.answer.headers.update(headers)
    return problem.answer


def refusal(fault: Fault, seconds: int) -> Answer | None:
    """What is answered without any effect; None if the fault is of another kind. `seconds` is the time, Unix."""
    quarter, day = str(seconds + 900), str(seconds + 4 * 3600)
    resets = {"x-rate-limit-reset": quarter, "x-app-limit-24hour-reset": day, "x-user-limit-24hour-reset": day}
    answers = {
        Fault.HTML_503: Answer(503, PAGE),
        Fault.EMPTY_500: Answer(500, b""),
        Fault.JSON_503: Answer(503, {"title": "Service Unavailable", "detail": "Service Unavailable", "status": 503}),
        Fault.ERROR_LIST: Answer(503, ["Something went wrong"]),
        Fault.ERROR_NULL: Answer(503, {"errors": None, "title": "Service Unavailable"}),
        Fault.TOO_MANY: _with(too_many(), {**SPENT, "x-rate-limit-reset": quarter}),
        Fault.TOO_MANY_ERRORS: _with(too_many(as_errors=True), {**SPENT, "x-rate-limit-reset": quarter}),
        Fault.TOO_MANY_NO_RESET: too_many().answer,
        Fault.TOO_MANY_BAD_RESET: _with(too_many(), {**SPENT, "x-rate-limit-reset": "soon"}),
        Fault.TOO_MANY_DAY: _with(too_many(), {**DAY_HEADERS, **resets}),
        Fault.USAGE_CAPPED: _with(capped(), {**FULL, "x-rate-limit-reset": quarter}),
        Fault.CREDITS_DEPLETED: depleted().answer,
        Fault.UNAUTHORIZED: unauthorized().answer,
        Fault.NOT_ENROLLED: not_enrolled().answer,
        Fault.SUSPENDED: forbidden(SUSPENDED).answer,
    }
    return answers.get(fault)


@dataclass
class _Planned:
    fault: Fault
    endpoint: str
    skip: int
    times: int


class Faults:
    """What is to go wrong next. `drip` is in seconds a byte, `hang` in seconds."""

    def __init__(self) -> None:
        self.drip = 0.1
        self.hang = 60.0
        self._planned: list[_Planned] = []
        self._random = random.Random(0)
        self._share = 0.0
        self._drawn: Sequence[Fault] = ()
        self._endpoint = ""

    def next(self, fault: Fault, endpoint: str = "", *, times: int = 1, skip: int = 0) -> None:
        """Let the next calls of `endpoint` ("POST /2/tweets", "" for any) go wrong, after `skip` good ones."""
        self._planned.append(_Planned(fault, endpoint, skip, times))

    def draw(self, seed: int, share: float, faults: Sequence[Fault] = tuple(Fault), endpoint: str = "") -> None:
        """Let that share of the calls go wrong, in an order that the seed fixes."""
        self._random, self._share, self._drawn, self._endpoint = random.Random(seed), share, faults, endpoint

    def stop(self) -> None:
        """Let all go well from now on."""
        self._planned.clear()
        self._share = 0.0

    def take(self, endpoint: str) -> Fault | None:
        """What happens to this call; the server asks once for each."""
        for plan in self._planned:
            if plan.endpoint not in ("", endpoint):
                continue
            if plan.skip:
                plan.skip -= 1
                continue
            plan.times -= 1
            if not plan.times:
                self._planned.remove(plan)
            return plan.fault
        if self._share and self._endpoint in ("", endpoint) and self._random.random() < self._share:
            return self._random.choice(self._drawn)
        return None
