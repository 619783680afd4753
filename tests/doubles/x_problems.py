"""What the double of X answers, and the words of its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PROBLEMS = "https://api.twitter.com/2/problems/"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
NOT_YOURS = "You can only reply to or quote posts where you are mentioned or are the author."
SUSPENDED = "Your account is suspended and is not permitted to access this feature."


@dataclass
class Answer:
    """One answer: JSON unless `body` is bytes."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Problem(Exception):
    """The call ends here, with this answer."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.answer = Answer(status, body, headers or {})


def invalid(message: str, **parameters: str) -> Problem:
    """400: `message` says what was wrong with `parameters`."""
    error = {"parameters": {name: [value] for name, value in parameters.items()}, "message": message}
    return Problem(
        400,
        {
            "errors": [error],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": PROBLEMS + "invalid-request",
        },
    )


def forbidden(detail: str) -> Problem:
    """403 of the plain kind, told apart by its detail alone."""
    return Problem(403, {"title": "Forbidden", "detail": detail, "type": "about:blank", "status": 403})


def unauthorized() -> Problem:
    """401: no key, or a wrong one."""
    return Problem(401, {"title": "Unauthorized", "detail": "Unauthorized", "type": "about:blank", "status": 401})


def unsupported(used: str, supported: str) -> Problem:
    """403: a key of the wrong kind."""
    detail = (
        f"Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are [{supported}]."
    )
    title = "Unsupported Authentication"
    return Problem(
        403, {"title": title, "detail": detail, "type": PROBLEMS + "unsupported-authentication", "status": 403}
    )


def not_enrolled() -> Problem:
    """403: the app may not use this API at all."""
    detail = "You must use keys and tokens from a developer App that is attached to a Project."
    body = {"client_id": "10101", "detail": detail, "reason": "client-not-enrolled", "title": "Client Forbidden"}
    return Problem(403, {**body, "required_enrollment": "Appropriate", "type": PROBLEMS + "client-forbidden"})


def too_many(as_errors: bool = False) -> Problem:
    """429 in one of its two shapes, without headers."""
    if as_errors:
        return Problem(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
    return Problem(
        429, {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    )


def capped() -> Problem:
    """429 that waiting does not cure: the posts of the month are used up."""
    body = {"account_id": 10101, "product_name": "pay-per-use", "title": "UsageCapExceeded", "period": "Monthly"}
    detail = "Usage cap exceeded: Monthly product cap"
    return Problem(429, {**body, "scope": "Product", "detail": detail, "type": PROBLEMS + "usage-capped"})


def depleted() -> Problem:
    """402: no credits are left."""
    detail = "Your enrolled account [10101] does not have any credits to fulfill this request."
    body = {"account_id": 10101, "title": "CreditsDepleted", "detail": detail, "type": PROBLEMS + "credits"}
    return Problem(402, body)


def missing(kind: str, parameter: str, value: str) -> dict[str, str]:
    """An entry of `errors`: there is no such thing."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }


def hidden(kind: str, parameter: str, value: str) -> dict[str, str]:
    """An entry of `errors`: it is there, and not for you."""
    return {
        "resource_id": value,
        "parameter": parameter,
        "resource_type": kind,
        "section": "data",
        "title": "Authorization Error",
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {kind.title()} with {parameter}: [{value}].",
        "type": PROBLEMS + "not-authorized-for-resource",
    }


def suspended_user(parameter: str, value: str) -> dict[str, str]:
    """An entry of `errors`: the account is suspended."""
    return {
        "value": value,
        "detail": f"User has been suspended: [{value}].",
        "title": "Forbidden",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }
