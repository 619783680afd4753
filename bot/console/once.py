"""A button whose answer was lost is pressed again by the page, under the same key: it must not act twice."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.store import acts
from bot.store.engine import Store

KEY = re.compile(r"[0-9a-f]{32}")


def once(request: Request, store: Store, person_id: int, work: Callable[[Store], Response]) -> Response:
    """Do what a button asks. Under a key that came before, give the first answer again and do nothing.

    Key, work and answer are one transaction: a key that is known stands for work that is done.
    """
    key = request.headers.get("idempotency-key", "")
    if request.method != "POST" or not KEY.fullmatch(key):
        return work(store)
    marked = acts.mark(person_id, request.url.path, key)
    with store.together() as (part, tx):
        before = acts.begin(tx, part.now(tx), marked)
        if before is not None:
            return Response(before, media_type="application/json")
        answer = work(part)
        if isinstance(answer, JSONResponse):
            acts.keep(tx, marked, bytes(answer.body).decode())
        else:
            acts.forget(tx, marked)
        return answer
