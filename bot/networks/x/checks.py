"""What is connected, missing or wrong on X, one line each, without posting."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.items import HealthLine
from bot.networks.base import Memory, Misconfigured, NetworkFailure, Now, OutOfMoney
from bot.networks.x.account import Account
from bot.networks.x.client import USAGE, Client
from bot.networks.x.forms import number
from bot.networks.x.money import Purse
from bot.networks.x.owning import Owning, why

KEY = "proved"
NEARLY = 0.9  # of the month's cap
LITTLE = 5.0  # USD of credit
ADD_CREDIT = "Add credit in X's developer console, or let X recharge it by itself."
TOKENS = "Make new keys and tokens in X's developer console (read and write), and set them."
MONEY = "See on the overview what is spent; then raise monthly_budget_usd, or add credit in X's developer console."
TRY_AGAIN = "Nothing to do: it is tried again."
BEARER = "Set X_BEARER_TOKEN: the app's bearer token in X's developer console."


def health(
    client: Client, account: Account, purse: Purse, owning: Owning, memory: Memory, handle: str, now: Now
) -> list[HealthLine]:
    """The lines, in the order in which a person would mend them."""
    lines = [*_search(client), *_account(client, account, memory, handle, now)]
    if all(line.level != "fail" for line in lines):
        left = owning.credit()
        owning.find_out(left)
        lines += _credit(left)
    return [*lines, HealthLine("ok", why(purse, handle))]


def _search(client: Client) -> Iterator[HealthLine]:
    if not client.can_search:
        yield HealthLine("fail", "The hashtag cannot be read: there is no bearer token.", BEARER)
        return
    try:
        answer = client.get(USAGE, "/2/usage/tweets", {})
    except NetworkFailure as failure:
        yield HealthLine("fail", f"The hashtag cannot be read: {failure}", _fix(failure, BEARER))
        return
    data = answer.data if isinstance(answer.data, dict) else {}
    read, cap = number(data.get("project_usage")), number(data.get("project_cap"))
    said = f"{client.host} answers; this month's posts read: {read:,} of {cap:,}." if cap else f"{client.host} answers."
    if cap and read >= NEARLY * cap:
        yield HealthLine("warn", said, "Poll less often, or ask X for a higher cap.")
    else:
        yield HealthLine("ok", said)


def _account(client: Client, account: Account, memory: Memory, handle: str, now: Now) -> Iterator[HealthLine]:
    if not client.can_act:
        fix = "Set X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN and X_ACCESS_SECRET."
        yield HealthLine("fail", "Mentions and posts are impossible: user tokens are missing.", fix)
        return
    today = f"{now():%Y-%m-%d} {client.fingerprint}"
    try:
        if memory.get(KEY) != today:  # once a day: to ask who we are has its price
            account.prove()
            memory.put(KEY, today)
        account.must_be_ours()
    except NetworkFailure as failure:
        yield HealthLine("fail", f"Mentions and posts are impossible: {failure}", _fix(failure, TOKENS))
        return
    yield HealthLine("ok", f"Signed in as @{account.me().handle or handle}.")
    yield HealthLine(
        "ok", "X accepts replies only to those who mention or quote the account: ask people to mention it."
    )
    yield HealthLine(
        "ok", "X wants the account labelled as automated, and does not tell whether it is: see its settings on X."
    )


def _fix(failure: NetworkFailure, credentials: str) -> str:
    if isinstance(failure, OutOfMoney):
        return MONEY
    return credentials if isinstance(failure, Misconfigured) else TRY_AGAIN


def _credit(left: float | None) -> Iterator[HealthLine]:
    """Nothing, if X does not say what is left."""
    if left is None:
        return
    if left <= 0:
        yield HealthLine("fail", f"The credit at X is used up (${left:.2f}): nothing is read or posted.", ADD_CREDIT)
    elif left < LITTLE:
        yield HealthLine("warn", f"Only ${left:.2f} of credit are left at X; without any X takes no call.", ADD_CREDIT)
    else:
        yield HealthLine("ok", f"${left:.2f} of credit are left at X.")
