"""The queue page and the search of the console, with 1,000 and with 100,000 questions stored, in one run.

    .venv/bin/python -m bench.console [--database postgresql+psycopg://...] [--rounds 30]

Prints a Markdown table: the median time of each page, as the application answers it (no socket between), and how many
times as long it takes with 100,000 stored.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import Connection, create_engine, insert, make_url, text

from bot.console.app import ConsoleOptions, create_app
from bot.core.lookup import tokens
from bot.store import events, passages, people, schema, sessions
from bot.store.engine import Store
from bot.store.tables import event, item, note, placement, question

URL = "http://127.0.0.1:8000"
SIZES = (1_000, 100_000)
THEMES = ["Access", "Buy-in and culture", "Evidence", "Workforce"]
STATES = ["waiting"] * 6 + ["parked", "answered", "dismissed", "room"]  # the list for the room stays short, see below
PAGES = {
    "the queue": "/e/bench/questions",
    "the queue, second page": "",  # its address is read from the first
    "the queue, one theme": "/e/bench/questions?theme=Evidence",
    "answered": "/e/bench/questions?list=answered",
    "one at a time": "/e/bench/questions/one?at={id}",
    "one question": "/e/bench/questions/{id}",
    "search, a word in every second post": "/e/bench/everything?q=peer",
    "search, two common words": "/e/bench/everything?q=peer+support",
    "search, a word in 63 posts": "/e/bench/everything?q=kumquat",
    "search, no hit": "/e/bench/everything?q=zzzzzz",
    "search, wordings and notes alone": "/e/bench/everything?kind=ours&q=peer",
    "everything": "/e/bench/everything",
}


def words(chance: random.Random) -> list[str]:
    """A vocabulary with the long tail that people's words have."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(20_000)]


def fill(store: Store, size: int) -> None:
    """One event with `size` questions, each asked by one post."""
    chance, now = random.Random(7), datetime.now(UTC)  # noqa: S311 (the same rows each time)
    vocabulary = words(chance)
    with store.write() as tx:
        events.prepare(tx)
        values = {"slug": "bench", "name": "Bench", "timezone": "UTC", "options": {"themes": THEMES}}
        event_id = tx.execute(insert(event).values(values).returning(event.c.id)).scalar_one()
    for start in range(0, size, 1000):
        with store.write() as tx:
            _some(tx, event_id, now, chance, vocabulary, range(start, start + 1000))
    with store.write() as tx:
        while passages.catch_up(tx):
            pass
    if not store.sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))


def _some(
    tx: Connection, event_id: int, now: datetime, chance: random.Random, vocabulary: list[str], numbers: range
) -> None:
    asked, posts = [], []
    for n in numbers:
        said = " ".join(chance.choices(vocabulary, k=14)) + (" peer support" if n % 2 else "")
        said += " kumquat?" if n < 1000 and n % 16 == 0 else "?"
        at = now - timedelta(seconds=n)
        state = chance.choice(STATES) if n > 20 else "room"
        values = {"state": "waiting" if state == "room" and n > 20 else state, "position": float(n)}
        flags = ["link"] if n % 50 == 0 else []
        asked.append(
            {"event_id": event_id, "text": said, "theme": chance.choice(THEMES), "flags": flags, "asked_at": at}
            | values
            | {"wording": f"{said} Reworded" if n % 10 == 0 else ""}
        )
        posts.append(
            {
                "network": chance.choice(["x", "mastodon", "bluesky"]), "native_id": str(n), "text": said,
                "author_id": str(n % 5000), "author_name": f"Person {n % 5000}", "written_at": at, "seen_at": at,
                "tokens": tokens(said, f"Person {n % 5000}"),
            }
        )  # fmt: skip
    ids = tx.execute(insert(question).returning(question.c.id, sort_by_parameter_order=True), asked).scalars().all()
    items = tx.execute(insert(item).returning(item.c.id, sort_by_parameter_order=True), posts).scalars().all()
    pairs = zip(ids, items, strict=True)
    rows = [{"event_id": event_id, "item_id": i, "kind": "question", "question_id": q} for q, i in pairs]
    tx.execute(insert(placement), rows)
    notes = [
        {"question_id": q, "who": "Bench", "at": now, "text": f"{posts[i]['text']} noted"} for i, q in enumerate(ids)
    ]
    tx.execute(insert(note), notes[::5])


@contextmanager
def stored(server: str, size: int) -> Iterator[Store]:
    """A database of its own with that many questions: a file, or one that is made in `server` and dropped again."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        file = f"sqlite:///{Path(folder) / 'bench.db'}"
        store = Store(stack.enter_context(_made(server, f"bench_{size}")) if server else file)
        stack.callback(store.close)
        schema.migrate(store)
        fill(store, size)
        yield store


@contextmanager
def _made(server: str, name: str) -> Iterator[str]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


async def ask(stores: Sequence[Store], rounds: int) -> list[dict[str, float]]:
    """The median of each page of each store in milliseconds; taken in turns, so that all have the same neighbours."""
    async with AsyncExitStack() as stack:
        doors = [await _enter(stack, store) for store in stores]
        return await _medians(doors, rounds)


async def _enter(stack: AsyncExitStack, store: Store) -> tuple[httpx.AsyncClient, dict[str, str]]:
    with store.write() as tx:
        now = store.now(tx)
        secret = sessions.start(tx, now, people.add(tx, now, "Bench", "lead"), timedelta(hours=1))
    wire = httpx.ASGITransport(create_app(store, ConsoleOptions(URL, secure=False)))
    client = await stack.enter_async_context(
        httpx.AsyncClient(transport=wire, base_url=URL, cookies={"session": secret})
    )
    first = (await client.get(PAGES["the queue"])).text
    second = first.rsplit("Show more questions", 1)[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    id = first.split('id="q-')[1].split('"')[0]
    return client, {name: (path or second).format(id=id) for name, path in PAGES.items()}


async def _medians(doors: list[tuple[httpx.AsyncClient, dict[str, str]]], rounds: int) -> list[dict[str, float]]:
    times: list[dict[str, list[float]]] = [{name: [] for name in PAGES} for _ in doors]
    for name in PAGES:
        for _ in range(rounds + 2):  # the first two warm up
            for (client, addresses), taken in zip(doors, times, strict=True):
                begun = time.perf_counter()
                answer = await client.get(addresses[name])
                taken[name].append(time.perf_counter() - begun)
                answer.raise_for_status()
    return [{name: statistics.median(one[2:]) * 1000 for name, one in taken.items()} for taken in times]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL database beside which others may be made")
    parser.add_argument("--rounds", type=int, default=30)
    told = parser.parse_args()
    with ExitStack() as stack:
        stores = [stack.enter_context(stored(told.database, size)) for size in SIZES]
        few, many = asyncio.run(ask(stores, told.rounds))
    print("| page | 1,000 stored, ms | 100,000 stored, ms | times |\n| --- | --- | --- | --- |")
    for name in PAGES:
        print(f"| {name} | {few[name]:.1f} | {many[name]:.1f} | {many[name] / few[name]:.2f} |")


if __name__ == "__main__":
    main()
